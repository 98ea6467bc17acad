"""What the rows of one person should say: a pure function of the facts and of the rows as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lms.obligations.definitions import Definition, Holder, PostFact, TermFact, place_of
from lms.obligations.due import Due, due_of, span_of
from lms.obligations.models import Measure, Period
from lms.obligations.standing import ZERO, Account, Standing, standing_of


class Row(NamedTuple):
    """An obligation's row, field for field."""

    person_id: int
    slug: str
    period_key: str
    requirement_id: int
    post_id: int | None
    term_id: int | None
    starts_on: date
    due_on: date
    required: Decimal
    share_months: int | None
    carried: Decimal
    earned: Decimal
    classes: int
    is_met: bool
    met_on: date | None
    is_exempt: bool
    released_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one row of its person."""
        return (self.slug, self.period_key)


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Whether a region's excess counts for the next year, from a day on."""

    prefix: str
    valid_from: date
    is_on: bool


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The definitions, terms and switches that a batch of people lives under."""

    definitions: Mapping[int, Definition]
    terms: Sequence[TermFact]
    carry_overs: Sequence[CarryOver]

    def carries_into(self, year: int, code: str) -> bool:
        """Whether last year's excess counts in a year at a place, by the rule of its first day."""
        on = date(year, 1, 1)
        rules = [rule for rule in self.carry_overs if code.startswith(rule.prefix) and rule.valid_from <= on]
        return bool(rules) and max(rules, key=lambda rule: (len(rule.prefix), rule.valid_from)).is_on


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything that one person's rows follow from, and the rows as they are."""

    holder: Holder
    accounts: Sequence[Account]
    rows: Sequence[Row]


def rows_of(facts: PersonFacts, book: Rulebook, today: date, closed_days: Sequence[date] = ()) -> list[Row]:
    """Every row of the person as it should be: the dates brought up to date, then the figures.

    `closed_days` are last days of closed years whose rows are made anew where they are missing.
    """
    definitions = list(book.definitions.values())
    owed = due_of(facts.holder, definitions, book.terms, today)
    present = {row.key for row in facts.rows}
    for day in closed_days:
        for key, due in due_of(facts.holder, definitions, book.terms, day).items():
            if key not in present:
                owed.setdefault(key, due)
    rows = [_follow(row, owed.pop(row.key, None), facts, book, today) for row in facts.rows]
    rows += [_fresh(facts.holder.pk, due) for due in owed.values()]
    rows.sort(key=lambda row: (row.starts_on, row.slug, row.period_key))
    return _measured(rows, facts, book, today)


def _fresh(person_id: int, due: Due) -> Row:
    return Row(
        person_id, due.slug, due.period_key, due.requirement, due.post, due.term, due.starts_on, due.due_on,
        due.required, due.share_months, ZERO, ZERO, 0, False, None, due.is_exempt, None,
    )  # fmt: skip


def _follow(row: Row, due: Due | None, facts: PersonFacts, book: Rulebook, today: date) -> Row:
    """Bring a row up to date: an open one is made anew, of a closed one the days alone follow the facts."""
    if due is not None and due.due_on >= today:
        return _fresh(row.person_id, due)
    definition = book.definitions[row.requirement_id]
    span = span_of(row.period_key, definition, facts.holder.posts, book.terms)
    row = row._replace(**span._asdict()) if span else row
    if row.starts_on > today or (row.due_on < today and not definition.can_be_made_up):
        return row
    if due is not None:
        # Still owed after its deadline: the deadline stands, the person's situation is today's.
        return row._replace(is_exempt=due.is_exempt, released_on=None)
    return row._replace(released_on=row.released_on or today)


def _measured(rows: list[Row], facts: PersonFacts, book: Rulebook, today: date) -> list[Row]:
    """Fill in the figures, earlier periods first, since a year's excess may count in the next."""
    result = []
    excess: dict[tuple[str, str], Decimal] = {}
    posts = {post.pk: post.code for post in facts.holder.posts}
    for row in rows:
        definition = book.definitions[row.requirement_id]
        carried = ZERO
        if definition.period == Period.YEAR and definition.measure == Measure.HOURS:
            before = excess.get((row.slug, str(row.starts_on.year - 1)), ZERO)
            if before and book.carries_into(row.starts_on.year, posts.get(row.post_id or 0, "")):
                carried = before
        standing = standing_of(
            definition,
            starts_on=row.starts_on,
            due_on=row.due_on,
            required=row.required,
            accounts=facts.accounts,
            carried=carried,
            held=_held(row, definition, facts) if definition.is_rotation else (),
        )
        if row.released_on is None and standing.own > row.required:
            excess[row.key] = standing.own - row.required
        result.append(_with(row, standing, definition, today))
    return result


def _held(row: Row, definition: Definition, facts: PersonFacts) -> list[PostFact]:
    """The posts under which a class counts: of those asked, in a term those of its county."""
    place = place_of(definition.period, row.period_key)
    return [post for post in facts.holder.posts if post.code.startswith(place) and definition.asks(post)]


def _with(row: Row, standing: Standing, definition: Definition, today: date) -> Row:
    """The row with its figures; what was made up late counts even for somebody who left since."""
    made_up = definition.can_be_made_up and standing.is_met and row.due_on < today
    return row._replace(
        carried=standing.carried,
        earned=standing.earned,
        classes=standing.classes,
        is_met=standing.is_met,
        met_on=standing.met_on,
        released_on=None if made_up else row.released_on,
    )
