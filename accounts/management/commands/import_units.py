"""`manage.py import_units FILE.csv[.gz]`: the tree of places from a list of code, name and level."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import UnitRowError, import_units
from accounts.actions.units import UnitRow

HEADER = ["code", "name", "level"]
SHOWN = 20


class Command(BaseCommand):
    """Bring in units; the same file again changes nothing, a wrong row stops the whole file."""

    help = "Bring in units from a CSV with the columns code, name and level (a .gz is unpacked)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Read, judge, write."""
        try:
            new, changed = import_units(rows=_rows(_text(file)))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        except UnitRowError as error:
            shown = [f"line {line}: {code}: {why}" for line, code, why in error.reasons[:SHOWN]]
            more = len(error.reasons) - len(shown)
            rest = [f"… and {more} more"] if more else []
            raise CommandError("\n".join(["Nothing was written.", *shown, *rest])) from error
        self.stdout.write(f"{new} units are new, {changed} changed.")


def _text(file: Path) -> str:
    content = file.read_bytes()
    if file.suffix == ".gz":
        content = gzip.decompress(content)
    return content.decode("utf-8-sig")


def _rows(text: str) -> Iterator[UnitRow]:
    lines = csv.reader(io.StringIO(text, newline=""))
    if next(lines, None) != HEADER:
        raise CommandError(f"The first line must be {','.join(HEADER)}.")
    for line in lines:
        if line:
            code, name, level, *_rest = [*(cell.strip() for cell in line), "", "", ""]
            yield UnitRow(lines.line_num, code, name, level)
