"""The demo's year, lived through the same actions that the pages call."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from accounts.actions import appoint, end_post, transfer
from accounts.models import Cadre, Post
from lms.certificates.actions import replace, revoke
from lms.certificates.models import Certificate
from lms.demo.called import called
from lms.demo.cast import NINETEEN
from lms.demo.changes import changes
from lms.demo.claims import claims
from lms.demo.classes import classes
from lms.demo.county import County
from lms.demo.diary import Event, live_through, settle
from lms.demo.evenings import evenings
from lms.demo.letters import letters
from lms.demo.plans import plans
from lms.demo.studying import studies
from lms.hours.actions import Worth, correct
from lms.hours.models import HoursEntry
from lms.obligations.actions import exempt, refresh
from lms.study.attempts.figures import count_attempts

LEFT_FIRST, LEFT_EVERY = 90, 170


def live(county: County, *, is_full: bool) -> None:
    """From the day on which the books begin until the moment of loading."""
    calendar = county.calendar
    events = [
        *_moves(county),
        *_exemptions(county),
        *classes(county, is_full=is_full),
        *plans(county),
        *called(county),
        *evenings(county),
        *claims(county),
        *changes(county),
        *studies(county, is_full=is_full),
        *letters(county),
        Event(calendar.moment(calendar.ago(5), 10), partial(_correct, county)),
    ]
    live_through(events, calendar)
    everybody = Cadre.objects.filter(posts__isnull=False).values_list("pk", flat=True)
    refresh(everybody, at=calendar.at, since=calendar.opening.year)
    settle(at=calendar.at)
    _end_certificates(county)
    count_attempts()


def _moves(county: County) -> Iterator[Event]:
    """A deputy secretary goes to the next village, another resigns, and a few of the crowd leave."""
    calendar = county.calendar
    on = calendar.opening + (calendar.today - calendar.opening) / 2
    yield Event(calendar.moment(on, 9), partial(_move, county, on))
    running = Post.objects.filter(to_on=None).order_by("pk")
    crowd = running.exclude(person__in=county.cast.values()).filter(from_on__lte=calendar.ago(60))
    leaving = [*running.filter(person=county.cast["left"]), *list(crowd)[LEFT_FIRST::LEFT_EVERY]]
    for number, post in enumerate(leaving):
        last_on = calendar.ago(12 + number * 6)
        yield Event(calendar.moment(last_on, 17), partial(_leave, county, post.pk, last_on))


def _move(county: County, on: date) -> None:
    calendar, person, by = county.calendar, county.cast["mover"], county.staff["township"]
    at, unit = calendar.moment(on, 9), county.units[NINETEEN]
    post = Post.objects.get(person=person, to_on=None)
    end_post(post=post, to_on=on - timedelta(days=1), by=by, at=at)
    appoint(person=person, unit=unit, role=post.role, from_on=on, by=by, at=at)
    county.cast["mover"] = transfer(person=person, unit=unit, on=on, by=by, at=at)
    county.read_posts_again()


def _leave(county: County, post_id: int, last_on: date) -> None:
    post = Post.objects.select_related("person", "unit").get(pk=post_id)
    end_post(post=post, to_on=last_on, by=county.staff["county"], at=county.calendar.moment(last_on, 17))
    county.read_posts_again()


def _exemptions(county: County) -> Iterator[Event]:
    """The oldest studies at home for as long as it lasts; another was ill for a month."""
    calendar = county.calendar
    why = "年满七十五周岁，由帮带责任人送学上门"
    age = partial(_excuse, county, "exempt", why, calendar.opening, None, helper=county.cast["helper"])
    yield Event(calendar.moment(calendar.opening, 10), age)
    ill_on = max(calendar.opening, calendar.ago(110))
    well_on = ill_on + timedelta(days=30)
    illness = partial(_excuse, county, "corrected", "住院治疗，康复后补学", ill_on, well_on)
    yield Event(calendar.moment(ill_on, 10), illness)


def _excuse(
    county: County, key: str, reason: str, from_on: date, to_on: date | None, helper: Cadre | None = None
) -> None:
    exempt(
        person=county.cast[key],
        reason=reason,
        from_on=from_on,
        to_on=to_on,
        helper=helper,
        by=county.staff["township"],
        at=county.calendar.moment(from_on, 10),
    )


def _correct(county: County) -> None:
    """The township found a half-day that its own roll had overlooked."""
    entry = HoursEntry.objects.of(county.cast["corrected"].pk).grants().filter(days=5).last()
    if entry is None:
        return
    correct(
        entry=entry,
        worth=Worth(Decimal(27), Decimal("4.5"), 1),
        reason="核对签到表：第三天下午请假半天，原记录漏扣",
        by=county.staff["township"],
        at=county.calendar.moment(county.calendar.ago(5), 10),
    )


def _end_certificates(county: County) -> None:
    """One certificate was replaced since, and one revoked."""
    calendar, by = county.calendar, county.staff["county"]
    wrong, unfounded = _first_certificate(county.cast["replaced"]), _first_certificate(county.cast["revoked"])
    if wrong is not None:
        replace(certificate=wrong, reason="姓名用字更正，换发新证", by=by, at=calendar.at)
    if unfounded is not None:
        revoke(certificate=unfounded, reason="复核发现签到记录有误，予以撤销", by=by, at=calendar.at)


def _first_certificate(person: Cadre) -> Certificate | None:
    return Certificate.objects.filter(person=person).order_by("issued_at", "pk").first()
