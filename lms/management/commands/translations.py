"""`manage.py translations`: the Chinese catalogue, kept complete without a gettext binary (needs Babel)."""

import io
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

PACKAGES = ("accounts", "courses", "lms")
LEFT_OUT = {"migrations", "static", "locale"}
LOCALE = "zh_Hans"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "gettext_noop": None,
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
UNCHANGING = datetime(2026, 1, 1, tzinfo=UTC)
Key = tuple[str, str | None]


class Command(BaseCommand):
    """Brings the catalogue up to date with the texts in code and templates, or says what is wrong with it."""

    help = "Update and compile the Chinese catalogue; --check changes nothing and lists what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail on any difference")

    def handle(self, *, check: bool, **options: object) -> None:
        """Check, or write."""
        po = Path(settings.LOCALE_PATHS[0]) / LOCALE / "LC_MESSAGES" / "django.po"
        known = read(po)
        catalog = filled(known)
        if check:
            faults = [*differences(known, catalog), *gaps(catalog), *stale(catalog, po), *stale_by_hand()]
            self._report(faults)
            if faults:
                raise CommandError(
                    f"{len(faults)} faults; `manage.py translations` writes the catalogue anew."
                )
            return
        self._write(catalog, po)
        for path in by_hand():
            path.with_suffix(".mo").write_bytes(as_mo(read(path)))
        self._report(gaps(catalog))

    def _write(self, catalog: Catalog, po: Path) -> None:
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_bytes(as_po(catalog))
        po.with_suffix(".mo").write_bytes(as_mo(catalog))

    def _report(self, lines: list[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def read(path: Path) -> Catalog:
    """A catalogue, empty when there is no file."""
    if not path.exists():
        return Catalog(LOCALE)
    with path.open("rb") as file:
        return read_po(file, LOCALE)


def filled(known: Catalog) -> Catalog:
    """Every text of the project, with its translation where one is known."""
    catalog = empty()
    for place, text, context in texts():
        before = known.get(text, context)
        flags = {"fuzzy"} if before is not None and before.fuzzy else set()
        words = before.string if before else ("" if isinstance(text, str) else ("",))
        catalog.add(text, words, [place], flags=flags, context=context)
    return catalog


def empty() -> Catalog:
    """A catalogue whose header says nothing that changes by itself: two runs write the same bytes."""
    return Catalog(
        LOCALE,
        project="xiangxue",
        version="1",
        msgid_bugs_address="docs/change.md",
        last_translator="xiangxue",
        language_team="zh_Hans",
        header_comment="# Xiangxue: simplified Chinese. Written by `manage.py translations`.",
        creation_date=UNCHANGING,
        revision_date=UNCHANGING,
        fuzzy=False,
    )


def texts() -> Iterator[
    tuple[tuple[str, int], Any, str | None]
]:  # an id is a text, or a pair with its plural
    """Place, id and context of every text marked for translation."""
    for path in sources():
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What is no text comes back as filler whose indentation means nothing.
            source = re.sub(r"^[ \t]+", "", templatize(source, origin=str(path)), flags=re.MULTILINE)
        found = extract("python", io.BytesIO(source.encode()), KEYWORDS)
        for line, text, _comments, context in found:
            yield (path.relative_to(settings.BASE_DIR).as_posix(), line), text, context


def sources() -> Iterator[Path]:
    """The files that may hold texts, in a steady order."""
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not LEFT_OUT.intersection(path.parts):
                yield path


def is_translated(message: Message) -> bool:
    """Whether there are words in every form."""
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(forms) and all(forms)


def differences(known: Catalog, catalog: Catalog) -> Iterator[str]:
    """Texts that the catalogue does not have, and entries that no text uses any more."""
    before, now = keys(known), keys(catalog)
    for text, _context in sorted(set(now) - set(before)):
        yield f"not in the catalogue: {text!r} ({now[text, _context]})"
    for text, _context in sorted(set(before) - set(now)):
        yield f"no longer used: {text!r}"


def keys(catalog: Catalog) -> dict[Key, str]:
    """The entries by text and context, with the first place of each."""
    return {(first(message), message.context): place_of(message) for message in catalog if message.id}


def place_of(message: Message) -> str:
    """Where a text stands first."""
    return ":".join(map(str, message.locations[0])) if message.locations else ""


def first(message: Message) -> str:
    """The text in the singular."""
    return message.id if isinstance(message.id, str) else str(message.id[0])


def gaps(catalog: Catalog) -> list[str]:
    """Entries without Chinese, doubtful ones, and ones whose placeholders differ."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        name = f"{first(message)!r} ({place_of(message)})"
        if message.fuzzy or not is_translated(message):
            found.append(f"no Chinese: {name}")
        else:
            found += [f"{error}: {name}" for error in message.check(catalog)]
    return found


def stale(catalog: Catalog, po: Path) -> Iterator[str]:
    """Files that differ from what would be written."""
    for path, content in ((po, as_po(catalog)), (po.with_suffix(".mo"), as_mo(catalog))):
        if not path.exists() or path.read_bytes() != content:
            yield f"not up to date: {path.name}"


def by_hand() -> Iterator[Path]:
    """The catalogues of the framework's words, which are no texts of ours: written by hand, compiled here."""
    for folder in settings.LOCALE_PATHS[1:]:
        yield from sorted(Path(folder).rglob("*.po"))


def stale_by_hand() -> Iterator[str]:
    """What is wrong with those, and compiled files that differ from what would be written."""
    for po in by_hand():
        catalog, compiled = read(po), po.with_suffix(".mo")
        yield from gaps(catalog)
        if not compiled.exists() or compiled.read_bytes() != as_mo(catalog):
            yield f"not up to date: {compiled.relative_to(settings.BASE_DIR)}"


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as text, in the order of its texts, without line numbers that change all the time."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_output=True, include_lineno=False)
    return out.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()
