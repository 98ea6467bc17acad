"""Brings the facts of a batch of people from the database, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Exists, F, OuterRef, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.db.models.sql.compiler import SQLCompiler

from accounts.codes import ancestors, prefix_of, subtree
from accounts.models import Cadre, Post, Term, Unit
from accounts.models.posts import PostQuerySet
from lms.hours.models import CLASS_KINDS, HoursEntry, HoursRule
from lms.obligations.definitions import Definition, Holder, PostFact, TermFact
from lms.obligations.due import months_later
from lms.obligations.models import Exemption, Obligation, Requirement
from lms.obligations.rows import CarryOver, PersonFacts, Row, Rulebook
from lms.obligations.standing import Account, Line

# The same few dates and amounts fill every batch, and making them anew is half of the work.
_date = lru_cache(maxsize=20_000)(date.fromisoformat)
_HUNDREDTH = Decimal("0.01")
_region = lru_cache(maxsize=100_000)(ancestors)


@lru_cache(maxsize=20_000)
def _decimal(text: str) -> Decimal:
    # SQLite adds up in floats; the ledger knows hundredths.
    return Decimal(text).quantize(_HUNDREDTH)


ROUND = 2_000  # people between two reports of progress


def people_with_standings(unit: Unit | None) -> QuerySet[Cadre]:
    """Everybody who holds or held a post in a unit's subtree, or belongs there and has a row.

    Of no unit, everybody with a post or a row anywhere.
    """
    posts = Post.objects.filter(person=OuterRef("pk"))
    rows = Obligation.objects.filter(person=OuterRef("pk"))
    people: QuerySet[Cadre] = Cadre.objects.order_by("pk")
    if unit is None:
        return people.filter(Exists(posts) | Exists(rows))
    return people.filter(Exists(posts.within(unit)) | Exists(rows) & Q(unit__code__range=subtree(unit.code)))


def posts_asked(requirement: Requirement) -> PostQuerySet:
    """The posts to which a version speaks; its unit must be loaded."""
    posts = Post.objects.within(requirement.unit)
    if requirement.roles:
        posts = posts.filter(role__in=requirement.roles)
    return posts.filter(is_newly_elected=True) if requirement.is_for_newly_elected else posts


def number_asked(requirement: Requirement, on: date) -> int:
    """How many people a version speaks to by the posts that are held on a day (one query)."""
    posts = posts_asked(requirement).held_on(on)
    if requirement.is_for_party_members:
        posts = posts.filter(person__is_party_member=True)
    if requirement.months:
        # Whoever had to be done before it began is not asked.
        posts = posts.filter(from_on__gte=months_later(requirement.valid_from, -requirement.months))
    return posts.values("person").distinct().count()


def people_in_rounds(unit: Unit | None) -> Iterator[list[int]]:
    """The keys of everybody with standings, some thousands at a time and never all in memory."""
    last = 0
    people = people_with_standings(unit).values_list("pk", flat=True)
    while ids := list(people.filter(pk__gt=last)[:ROUND]):
        yield ids
        last = ids[-1]


def batch_facts(person_ids: Sequence[int], *, is_locking: bool = True) -> tuple[Rulebook, list[PersonFacts]]:
    """Lock the people in the order of their keys and read all that their obligations follow from.

    `person_ids` come in ascending order. Who only looks, and writes nothing of it, does without the lock.
    """
    of_people = _among(person_ids)
    wanted = set(person_ids)
    found = Cadre.objects.filter(_among(person_ids, "pk")).order_by("pk")
    people = list((found.locked() if is_locking else found).values_list("pk", "is_party_member"))
    posts = _posts(of_people)
    exemptions = _exemptions(of_people)
    rows = _rows(of_people)
    accounts = _accounts(of_people)
    facts = [
        PersonFacts(
            Holder(pk, is_party_member, tuple(posts[pk]), tuple(exemptions[pk])), accounts[pk], rows[pk]
        )
        for pk, is_party_member in people
        if pk in wanted
    ]
    codes = {post.code for held in posts.values() for post in held}
    kept = {row.requirement_id for mine in rows.values() for row in mine}
    return _rulebook(codes, kept), facts


def _among(person_ids: Sequence[int], field: str = "person_id") -> Q:
    """The condition for these people; keys that lie close together are asked for as one range.

    Binding hundreds of parameters to each query costs more than the few strangers in between.
    """
    first, last = person_ids[0], person_ids[-1]
    if last - first < len(person_ids) * 5 // 4:
        return Q(**{f"{field}__gte": first, f"{field}__lte": last})
    return Q(**{f"{field}__in": person_ids})


def _posts(of_people: Q) -> dict[int, list[PostFact]]:
    found: dict[int, list[PostFact]] = defaultdict(list)
    fields = ("person_id", "pk", "unit__code", "role", "from_on", "to_on", "is_newly_elected", "continues")
    for person_id, *values in Post.objects.filter(of_people).order_by("pk").values_list(*fields):
        found[person_id].append(PostFact(*values))
    return found


def _exemptions(of_people: Q) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    rows = Exemption.objects.filter(of_people).values_list("person_id", "from_on", "to_on")
    for person_id, from_on, to_on in rows:
        found[person_id].append((from_on, to_on))
    return found


def _rows(of_people: Q) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    rows = Obligation.objects.filter(of_people).order_by("pk").values_list(*Row._fields)
    for values in rows:
        found[values[0]].append(Row._make(values))
    return found


class _Joined(Aggregate):
    """The texts of a group in one text, with commas; both databases have it under another name."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """The name that PostgreSQL has for it."""
        return super().as_sql(
            compiler,
            connection,
            function="STRING_AGG",
            template="%(function)s(%(expressions)s, ',')",
        )


def _text(column: str) -> Cast:
    return Cast(column, TextField())


# A line as text; the database joins the lines of a ledger and year, and they are read only when asked for.
_LINE = Concat(
    _text("earned_on"), Value(" "), F("kind"), Value(" "), _text("hours"), Value(" "), _text("days"),
    Value(" "), _text("times"), output_field=TextField(),
)  # fmt: skip


def _accounts(of_people: Q) -> dict[int, list[Account]]:
    """Each ledger of each year with its sums; a line by itself costs more to fetch than to add up there."""
    found: dict[int, list[Account]] = defaultdict(list)
    lines = HoursEntry.objects.filter(of_people)
    if lines.waiting().exists():
        # Asked only where it matters: a condition on every line takes longer than all the rest.
        lines = lines.counted()
    groups: Iterable[tuple[Any, ...]] = (  # django-stubs does not type a mix of columns and aggregates
        lines.order_by()
        .values("person_id", "year", "ledger")
        .annotate(
            sum_hours=Cast(Sum("hours"), TextField()),
            sum_days=Cast(Sum("days"), TextField()),
            sum_times=Sum("times"),
            classes=Coalesce(Sum("times", filter=Q(kind__in=CLASS_KINDS)), 0),
            lines=_Joined(_LINE),
        )
        .values_list("person_id", "year", "ledger", "sum_hours", "sum_days", "sum_times", "classes", "lines")
    )
    for person_id, year, ledger, hours, days, times, classes, lines in groups:
        found[person_id].append(
            Account(year, ledger, _decimal(hours), _decimal(days), times, classes, partial(_unpacked, lines))
        )
    return found


@lru_cache(maxsize=64)
def _unpacked(text: str) -> list[Line]:
    lines = []
    for part in text.split(","):
        earned_on, kind, hours, days, times = part.split(" ")
        lines.append(Line(_date(earned_on), kind, _decimal(hours), _decimal(days), int(times)))
    return lines


def _rulebook(codes: Iterable[str], kept: Iterable[int]) -> Rulebook:
    """What holds at these places, and the versions that existing rows were made from."""
    regions = {code for place in codes for code in _region(place)}
    requirements = Requirement.objects.filter(Q(unit__code__in=regions) | Q(pk__in=kept))
    terms = Term.objects.filter(county__code__in=regions).values_list(
        "pk", "county__code", "number", "starts_on", "ends_on"
    )
    rules = HoursRule.objects.filter(unit__code__in=regions).values_list(
        "unit__code", "valid_from", "has_carry_over"
    )
    return Rulebook(
        {item.pk: definition_of(item) for item in requirements.select_related("unit")},
        [TermFact(pk, code[:6], number, start, end) for pk, code, number, start, end in terms],
        [CarryOver(prefix_of(code), start, is_on) for code, start, is_on in rules],
    )


def definition_of(requirement: Requirement) -> Definition:
    """One requirement version as a value; its unit must be loaded."""
    return Definition(
        pk=requirement.pk,
        slug=requirement.slug,
        prefix=requirement.unit.prefix,
        period=requirement.period,
        measure=requirement.measure,
        amount=requirement.amount,
        ledgers=frozenset(requirement.ledgers),
        valid_from=requirement.valid_from,
        valid_to=requirement.valid_to,
        roles=frozenset(requirement.roles),
        is_for_party_members=requirement.is_for_party_members,
        is_for_newly_elected=requirement.is_for_newly_elected,
        months=requirement.months or 0,
        min_classes=requirement.min_classes,
        is_pro_rata=requirement.is_pro_rata,
        is_rotation=requirement.is_rotation,
        lead_days=requirement.lead_days,
        can_be_made_up=requirement.can_be_made_up,
    )
