"""Judging a sheet of claims: each row by itself, beside the others and the claims there are. Never writes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import MANAGERS
from accounts.models import Cadre
from accounts.roster.facts import RUNS
from lms.training.claims.limits import ClaimFacts, problems_of
from lms.training.claims.models import Claim
from lms.training.claims.sheets.columns import LABELS, NEEDED, Column
from lms.training.claims.sheets.notation import amount_of, day_of, ledger_of, span_of
from lms.training.claims.sheets.reading import Line
from lms.training.people import People, Unclear

WORDS = {
    "nobody": gettext_lazy("Nobody in your units is called %(value)s."),
    "login": gettext_lazy("Nobody in your units has the phone or account number %(value)s."),
    "many": gettext_lazy("Several people are called %(value)s: add the phone or account number."),
    "elsewhere": gettext_lazy("The only one of this name belongs to %(value)s."),
    "name_differs": gettext_lazy("This phone or account number belongs to %(value)s."),
    "identity_differs": gettext_lazy("The ID number on file ends in %(value)s."),
    "ledger": gettext_lazy("Write concentrated, collective or online, not “%(value)s”."),
    "amount": gettext_lazy("Not a number: %(value)s."),
    "date": gettext_lazy("Not a date: %(value)s. Write it as 2026-03-02, or 2026-03-02 to 2026-03-04."),
}
FIELDS = {
    "title": Column.TITLE,
    "organiser": Column.ORGANISER,
    "starts_on": Column.STARTS_ON,
    "ends_on": Column.ENDS_ON,
    "hours": Column.HOURS,
    "days": Column.DAYS,
}


class Verdict(TextChoices):
    """What would become of a row."""

    ERROR = "ERROR", gettext_lazy("To correct")
    NEW = "NEW", gettext_lazy("New")
    SAME = "SAME", gettext_lazy("Filed already")


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict, the reasons and notes in words, and the claim that it would become."""

    line: Line
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    person: Cadre | None = None
    facts: ClaimFacts | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What filing a sheet would do, row by row."""

    judged: tuple[Judged, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many rows of each verdict."""
        return Counter(row.verdict.value for row in self.judged)

    @property
    def new(self) -> list[tuple[Line, Cadre, ClaimFacts]]:
        """The claims that would be filed."""
        return [
            (row.line, row.person, row.facts)
            for row in self.judged
            if row.verdict is Verdict.NEW and row.person and row.facts
        ]


def plan_claims(lines: Sequence[Line], *, by: Cadre, on: date) -> Plan:
    """Judge lines against each other, the people of the user's units and their claims (a few queries)."""
    people = People(
        Cadre.objects.visible_to(by, *MANAGERS),
        names=[line[Column.NAME] for line in lines],
        logins=[line[Column.LOGIN] for line in lines],
    )
    drafts = [_read(line, people, on) for line in lines]
    others = _others(row.person for row in drafts if row.person)
    seen: list[Judged] = []
    return Plan(tuple(_against(row, seen, others) for row in drafts))


def _others(people: Iterable[Cadre]) -> dict[int, list[Claim]]:
    """The standing claims of the people, by person."""
    found: dict[int, list[Claim]] = {person.pk: [] for person in people}
    for claim in Claim.objects.standing().filter(person__in=found).order_by("pk"):
        found[claim.person_id].append(claim)
    return found


def _read(line: Line, people: People, on: date) -> Judged:
    """The row by itself: every cell that is wrong is named at once."""
    wrong = [*_cells(line)]
    person = None
    try:
        if line[Column.NAME]:
            person = people.find(
                name=line[Column.NAME],
                login=line[Column.LOGIN],
                last4=line[Column.LAST4],
                village=line[Column.VILLAGE],
            )
    except Unclear as unclear:
        wrong.append(_words(unclear.code, unclear.value))
    facts = _facts(line, wrong)
    if facts is not None:
        wrong += [
            _("%(column)s: %(reason)s") % {"column": LABELS[FIELDS[problem.field]], "reason": problem}
            for problem in problems_of(facts, on)
        ]
    verdict = Verdict.ERROR if wrong else Verdict.NEW
    return Judged(line, verdict, tuple(dict.fromkeys(wrong)), (), person, facts)


def _words(code: str, value: str) -> str:
    return str(WORDS[code] % {"value": value})


def _cells(line: Line) -> Iterable[str]:
    """What is wrong with cells whatever they mean: empty where needed, or a formula."""
    needed = [*NEEDED, *([] if line[Column.STARTS_ON] else [Column.DATES])]
    for column in needed:
        if not line[column]:
            yield _("%(column)s is missing.") % {"column": LABELS[column]}
    for column, cell in line.cells.items():
        if cell.startswith(RUNS):
            yield _("%(column)s is a formula or looks like one. Paste it as plain text.") % {
                "column": LABELS[column]
            }


def _facts(line: Line, wrong: list[str]) -> ClaimFacts | None:
    """What the row claims, or None where a cell does not say it; complaints go to `wrong`."""
    ledger, dates = ledger_of(line[Column.LEDGER]), _dates(line, wrong)
    hours, days = _amount(line, Column.HOURS, wrong), _amount(line, Column.DAYS, wrong)
    if ledger is None and line[Column.LEDGER]:
        wrong.append(_words("ledger", line[Column.LEDGER]))
    if ledger is None or dates is None or hours is None or days is None:
        return None
    if not line[Column.HOURS] or not line[Column.TITLE] or not line[Column.ORGANISER]:
        return None
    return ClaimFacts(line[Column.TITLE], line[Column.ORGANISER], ledger, *dates, hours, days)


def _amount(line: Line, column: Column, wrong: list[str]) -> Decimal | None:
    """The number in a cell, zero where it says nothing."""
    if not line[column]:
        return Decimal(0)
    amount = amount_of(line[column])
    if amount is None:
        wrong.append(_words("amount", line[column]))
    return amount


def _dates(line: Line, wrong: list[str]) -> tuple[date, date] | None:
    """First and last day, out of one cell or of two; one day where no last one is given."""
    first, last = line[Column.STARTS_ON], line[Column.ENDS_ON]
    if not first:
        span = span_of(line[Column.DATES])
        if span is None and line[Column.DATES]:
            wrong.append(_words("date", line[Column.DATES]))
        return span
    days = [day_of(cell) for cell in (first, last or first)]
    wrong += [_words("date", cell) for cell, day in zip((first, last), days, strict=True) if cell and not day]
    return (days[0], days[1]) if days[0] and days[1] else None


def _against(row: Judged, seen: list[Judged], others: dict[int, list[Claim]]) -> Judged:
    """The row beside the earlier ones and the claims there are: the same again, or only alike."""
    if row.person is None or row.facts is None or row.verdict is Verdict.ERROR:
        return row
    twin = next((earlier for earlier in seen if _is_same(earlier, row)), None)
    if twin is not None:
        return _with(
            row, Verdict.ERROR, reasons=(_("Row %(line)s says the same.") % {"line": twin.line.number},)
        )
    seen.append(row)
    facts, claims = row.facts, others[row.person.pk]
    if any((each.title, each.starts_on, each.ends_on) == _days(facts) for each in claims):
        return _with(row, Verdict.SAME)
    notes = [
        _("Look at “%(title)s” of the same person: the days or the title are the same.")
        % {"title": each.title}
        for each in claims
        if each.title == facts.title or (each.starts_on <= facts.ends_on and each.ends_on >= facts.starts_on)
    ]
    return _with(row, row.verdict, notes=tuple(dict.fromkeys(notes)))


def _is_same(earlier: Judged, row: Judged) -> bool:
    assert earlier.facts is not None  # only rows without errors are compared
    assert row.facts is not None
    return earlier.person == row.person and _days(earlier.facts) == _days(row.facts)


def _days(facts: ClaimFacts) -> tuple[str, date, date]:
    return facts.title, facts.starts_on, facts.ends_on


def _with(
    row: Judged, verdict: Verdict, reasons: tuple[str, ...] = (), notes: tuple[str, ...] = ()
) -> Judged:
    return Judged(row.line, verdict, reasons, notes, row.person, row.facts)
