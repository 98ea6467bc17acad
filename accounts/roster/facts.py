"""From the cells of one row to facts about one person; pure, without the database."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import override

from accounts import identity, phones
from accounts.models import Role, can_begin
from accounts.roster.columns import Column
from accounts.roster.sheets import Row

DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?(?:\s.*)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
# A spreadsheet that took 2025.10 for a number keeps 2025.1.
FIRST_OR_TENTH = re.compile(r"\d{4}\.1")
BETWEEN_NAMES = frozenset("·•・.‧ ")
ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+\d+")
RUNS = ("=", "+", "-", "@", "\t", "\r")
TEXT_COLUMNS = (Column.NAME, Column.TOWNSHIP, Column.VILLAGE, Column.ROLES)

YES = {"是", "有", "对", "√", "1", "y", "yes", "true", "党员", "中共党员", "中共预备党员", "预备党员"}
NO = {"否", "无", "不是", "×", "x", "0", "n", "no", "false", "群众", "非党员", "共青团员", "团员", "普通公民"}

# How people write the posts, without spaces; the first is the role's own name. A space separates entries.
ROLE_NAMES = {
    Role.SECRETARY: "村党组织书记 党组织书记 村党支部书记 党支部书记 支部书记 村支书 支书 书记 村书记 "
    "党总支书记 社区书记 社区党组织书记",
    Role.DIRECTOR: "村(居)委会主任 村委会主任 居委会主任 村主任 主任 社区主任 村(社区)主任",
    Role.DEPUTY_SECRETARY: "副书记 村党组织副书记 党支部副书记 支部副书记 村副书记",
    Role.DEPUTY_DIRECTOR: "副主任 村委会副主任 居委会副主任 村副主任",
    Role.COMMITTEE_MEMBER: "两委委员 两委成员 委员 支委 村委 支部委员 党支部委员 村委委员 "
    "支委委员 村委会委员",
    Role.RESERVE: "后备干部 村级后备干部 后备",
    Role.FIRST_SECRETARY: "驻村第一书记 第一书记",
    Role.GRADUATE: "到村任职选调生 选调生 大学生村官",
    Role.GRID_WORKER: "网格员 专职网格员",
    Role.MOBILE_MEMBER: "流动党员",
}
ROLES = {name: role for role, names in ROLE_NAMES.items() for name in names.split()}
# Sheets of the English interface write the English names.
with override("en"):
    ROLES.update({str(role.label).casefold(): role for role in Role})
BETWEEN_ROLES = re.compile(r"[、,;/兼|\n]+")

Complaint = tuple[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row says; None and empty mean that it says nothing."""

    name: str
    number: str
    phone: str
    identity: str
    identity_hash: str
    roles: tuple[str, ...]
    from_on: date | None
    birth_year: int | None
    is_party_member: bool | None
    is_newly_elected: bool | None
    unit_id: int = 0


def facts_of(row: Row, *, on: date) -> tuple[Facts, list[Complaint]]:
    """The facts of a row and everything that is wrong with its cells."""
    wrong: list[Complaint] = _running_cells(row)
    number = identity.normal(row[Column.NUMBER])
    identity_number = _identity(row, wrong)
    facts = Facts(
        name=_name(row, wrong),
        number=number,
        phone=_phone(row, wrong),
        identity=identity_number,
        identity_hash=identity.fingerprint(identity_number) if identity_number else "",
        roles=_roles(row, wrong),
        from_on=_from_on(row, on, wrong),
        birth_year=_birth_year(row, identity_number, on, wrong),
        is_party_member=_truth(row, Column.PARTY, wrong),
        is_newly_elected=_truth(row, Column.NEWLY_ELECTED, wrong),
    )
    return facts, wrong


def _running_cells(row: Row) -> list[Complaint]:
    """Cells that a spreadsheet would run: a formula anywhere, its beginnings where text belongs."""
    return [
        ("formula", {"column": column.value})
        for column, cell in row.cells.items()
        if cell.startswith("=") or (column in TEXT_COLUMNS and cell.startswith(RUNS))
    ]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _name(row: Row, wrong: list[Complaint]) -> str:
    # Two-character names are often spread with spaces, to the width of three.
    name = " ".join(row[Column.NAME].split())
    if not any(letter.isascii() for letter in name.replace(" ", "")):
        name = name.replace(" ", "")
    if not name:
        wrong.append(("empty", {"column": Column.NAME.value}))
    elif name.startswith(RUNS):
        pass  # said already
    elif not 2 <= len(name) <= 60 or not all(letter.isalpha() or letter in BETWEEN_NAMES for letter in name):
        wrong.append(("name", {"value": name}))
    return name


def _phone(row: Row, wrong: list[Complaint]) -> str:
    phone = phones.normal(row[Column.PHONE])
    if phone and not phones.is_valid(phone):
        wrong.append(("phone", {"value": row[Column.PHONE]}))
    return phone


def _identity(row: Row, wrong: list[Complaint]) -> str:
    number = identity.normal(row[Column.IDENTITY])
    if not number or identity.is_valid(number):
        return number
    # Spreadsheets keep 15 digits of a number: an 18-place one ends in 000 then.
    rounded = ROUNDED.fullmatch(number) or (len(number) == 18 and number.endswith("000"))
    wrong.append(("identity_rounded" if rounded else "identity", {}))
    return ""


def _roles(row: Row, wrong: list[Complaint]) -> tuple[str, ...]:
    roles, unknown = _roles_in(row[Column.ROLES])
    if not roles and not unknown:
        wrong.append(("empty", {"column": Column.ROLES.value}))
    wrong.extend(("role", {"value": name}) for name in unknown)
    return roles


@lru_cache(maxsize=1000)
def _roles_in(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that a cell names, and the words in it that name none."""
    text = unicodedata.normalize("NFKC", text).casefold()
    names = [name for part in BETWEEN_ROLES.split(text) for name in _role_names(part.strip())]
    roles = dict.fromkeys(ROLES[name].value for name in names if name in ROLES)
    return tuple(roles), tuple(name for name in names if name not in ROLES)


def _role_names(part: str) -> list[str]:
    """One name, or several with spaces between them (English names have spaces inside)."""
    return [part] if part in ROLES else part.split()


@lru_cache(maxsize=1000)
def parse_day(text: str) -> date | None:
    """A day as people write it (2025-03-01, 2025/3, 2025年3月1日, 20250301); a month is its first day."""
    text = unicodedata.normalize("NFKC", text).strip()
    match = DATE.fullmatch(text) or COMPACT.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None


def _from_on(row: Row, on: date, wrong: list[Complaint]) -> date | None:
    text = row[Column.FROM_ON]
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        wrong.append(("date", {"value": text}))
    elif FIRST_OR_TENTH.fullmatch(unicodedata.normalize("NFKC", text)):
        wrong.append(("date_unclear", {"value": text, "year": day.year}))
        return None
    elif not can_begin(day, on=on):
        wrong.append(("date_range", {"value": day.isoformat()}))
    return day


def _birth_year(row: Row, number: str, on: date, wrong: list[Complaint]) -> int | None:
    """The year in its column, checked against the ID number; from the ID number where the cell is empty."""
    born = identity.birth_date(number) if number else None
    text = _plain(row[Column.BIRTH_YEAR]).removesuffix("年")
    if not text:
        return born.year if born else None
    day = parse_day(text)
    year = int(text) if re.fullmatch(r"[0-9]{4}", text) else day.year if day else 0
    if not on.year - 100 <= year <= on.year - 16:
        wrong.append(("birth_year", {"value": row[Column.BIRTH_YEAR]}))
        return None
    if born and born.year != year:
        wrong.append(("birth_differs", {"value": born.year}))
    return year


def _truth(row: Row, column: Column, wrong: list[Complaint]) -> bool | None:
    text = _plain(row[column]).casefold()
    if not text:
        return None
    if text in YES or text in NO:
        return text in YES
    wrong.append(("yes_no", {"column": column.value, "value": row[column]}))
    return None
