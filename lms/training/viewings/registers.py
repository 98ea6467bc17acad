"""The four books as they are filed on paper, and the city's table by month: all out of the records."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Cadre, Post, Role, Unit
from accounts.phones import masked
from lms.hours.models import HoursEntry
from lms.hours.sums import ExactSum
from lms.training.models import Presence
from lms.training.viewings.models import Equipment, RollTick, Station, Viewing, ViewingQuerySet, midnight
from lms.training.viewings.words import span_words

CHUNK = 500
DAY = timedelta(days=1)
Rows = Iterator[list[str]]


@dataclass(frozen=True)
class Span:
    """The days that a register covers, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Register:
    """A book: its name, its columns with their widths in a spreadsheet, and its lines."""

    title: str
    heads: Sequence[str]
    widths: Sequence[int]
    rows: Callable[[Unit, Span], Rows]


def _held(unit: Unit, span: Span) -> ViewingQuerySet:
    held = Viewing.objects.held().within(unit).started_between(span.first, span.last)
    found: ViewingQuerySet = held.with_facts().select_related("recorder").order_by("started_at", "pk")
    return found


def _batches(viewings: ViewingQuerySet) -> Iterator[tuple[Viewing, list[str]]]:
    """Viewings with the names of those who were there, in batches so that memory stays flat."""
    batch: list[Viewing] = []
    for viewing in viewings.iterator(chunk_size=CHUNK):
        batch.append(viewing)
        if len(batch) == CHUNK:
            yield from _with_names(batch)
            batch = []
    yield from _with_names(batch)


def _with_names(batch: list[Viewing]) -> Iterator[tuple[Viewing, list[str]]]:
    names: dict[str, list[str]] = defaultdict(list)
    seats = Presence.objects.standing().filter(source__in=[viewing.source for viewing in batch])
    for source, name in seats.order_by("source", "person__name").values_list("source", "person__name"):
        names[source].append(name)
    for viewing in batch:
        yield viewing, names[viewing.source]


def viewing_rows(unit: Unit, span: Span) -> Rows:
    """What was shown when and where, and who was there."""
    for viewing, names in _batches(_held(unit, span)):
        yield [
            _day(viewing),
            viewing.programme.title,
            viewing.programme.source_words,
            span_words(viewing.begins_at, viewing.ends_at),
            viewing.station.name,
            str(len(names)),
            pgettext("between names", ", ").join(names),
            viewing.discussion,
            viewing.recorder.name if viewing.recorder else "",
        ]


def feedback_rows(unit: Unit, span: Span) -> Rows:
    """What was said afterwards, where something was written down."""
    for viewing, names in _batches(_held(unit, span).exclude(discussion="")):
        yield [
            _day(viewing),
            viewing.station.name,
            viewing.programme.title,
            str(len(names)),
            viewing.discussion,
            viewing.recorder.name if viewing.recorder else "",
        ]


def equipment_rows(unit: Unit, span: Span) -> Rows:
    """What stands at the stations that were run in these days."""
    run = Station.objects.within(unit).filter(from_on__lte=span.last).exclude(to_on__lt=span.first)
    lines = Equipment.objects.filter(station__in=run).select_related("station__unit")
    for line in lines.order_by("station__unit__code", "station", "pk").iterator(chunk_size=CHUNK):
        since = date_format(line.since_on, "DATE_FORMAT") if line.since_on else ""
        yield [
            line.station.unit.name,
            line.station.name,
            line.name,
            str(line.count),
            str(line.get_condition_display()),
            since,
            line.note,
        ]


def people_rows(unit: Unit, span: Span) -> Rows:
    """Whom the stations' villages have, their posts, and how often each was at a viewing in these days."""
    stations = Station.objects.within(unit).filter(from_on__lte=span.last).exclude(to_on__lt=span.first)
    people = Cadre.objects.filter(unit__in=stations.values("unit"), is_active=True).select_related("unit")
    times = _times(people, span)
    posts: dict[int, set[Role]] = defaultdict(set)
    held = Post.objects.held_on(span.last).filter(person__in=people.values("pk"))
    for person_id, role in held.values_list("person_id", "role"):
        posts[person_id].add(Role(role))
    for person in people.order_by("unit__code", "name", "pk").iterator(chunk_size=CHUNK):
        roles = sorted(posts[person.pk], key=list(Role).index)
        yield [
            person.unit.name,
            person.name,
            pgettext("between posts", ", ").join(str(role.label) for role in roles),
            _("Yes") if person.is_party_member else _("No"),
            masked(person.phone) if person.phone else "",
            str(times.get(person.pk, 0)),
        ]


def _times(people: QuerySet[Cadre], span: Span) -> dict[int, int]:
    seats = Presence.objects.standing().filter(person__in=people.values("pk"), source__startswith="viewing:")
    seats = seats.filter(starts_at__gte=midnight(span.first), starts_at__lt=midnight(span.last + DAY))
    return dict(seats.order_by().values_list("person").annotate(n=Count("pk")))


def _day(viewing: Viewing) -> str:
    return date_format(timezone.localdate(viewing.begins_at), "DATE_FORMAT")


def register_of(kind: str) -> Register:
    """The book of a kind, in the language of whoever asks."""
    if kind == "viewings":
        heads = [
            _("Day"),
            _("Programme"),
            _("Source"),
            _("Time"),
            _("Held at"),
            _("Number present"),
            _("Who was there"),
        ]
        heads += [_("Discussion"), _("Recorder")]
        return Register(_("Viewing record"), heads, [14, 32, 16, 14, 20, 8, 40, 50, 12], viewing_rows)
    if kind == "feedback":
        heads = [_("Day"), _("Held at"), _("Programme"), _("Number present"), _("Feedback"), _("Recorder")]
        return Register(_("Feedback"), heads, [14, 20, 32, 8, 60, 12], feedback_rows)
    if kind == "equipment":
        heads = [_("Village"), _("Station"), _("Equipment"), _("Pieces"), _("Condition"), _("There since")]
        return Register(_("Equipment book"), [*heads, _("Note")], [24, 20, 24, 8, 12, 14, 30], equipment_rows)
    heads = [_("Village"), _("Name"), _("Post"), _("Party member"), _("Phone"), _("Viewings attended")]
    return Register(_("Roster of the station"), heads, [24, 12, 24, 10, 16, 12], people_rows)


@dataclass
class Month:
    """A month of an area: viewings, minutes shown, how often people were there, hours granted."""

    number: int
    viewings: int = 0
    stations: set[int] = field(default_factory=set)
    minutes: int = 0
    attended: int = 0
    hours: Decimal = Decimal(0)


def months(unit: Unit, year: int) -> list[Month]:
    """The twelve months of a year in an area, each viewing where it was held (three queries)."""
    table = [Month(number) for number in range(1, 13)]
    closed = Viewing.objects.closed().within(unit)
    closed = closed.started_between(date(year, 1, 1), date(year, 12, 31))
    where: dict[str, Month] = {}
    for pk, station, starts_at, ends_at in closed.order_by().values_list(
        "pk", "station_id", "started_at", "ended_at"
    ):
        if starts_at is None or ends_at is None:
            continue
        month = table[timezone.localdate(starts_at).month - 1]
        where[f"viewing:{pk}"] = month
        month.viewings += 1
        month.stations.add(station)
        month.minutes += int((ends_at - starts_at).total_seconds()) // 60
    seats = Presence.objects.standing().filter(source__in=closed.sources())
    for source, n in seats.order_by().values_list("source").annotate(n=Count("pk")):
        where[source].attended += n
    ticked = RollTick.objects.filter(viewing__in=closed.order_by().values("pk")).values("person")
    lines = HoursEntry.objects.filter(person__in=ticked, source__in=closed.sources())
    for source, hours in lines.order_by().values_list("source").annotate(sum_hours=ExactSum("hours")):
        where[source].hours += hours
    return table
