"""Opening a lesson, and recording what was really played of it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Cadre
from courses.models import LessonKind, LessonPage, LessonVersion
from lms.hours import coverage
from lms.hours.actions import Worth, grant
from lms.hours.budget import NORMAL_SPEED, pay
from lms.hours.models import (
    EntryKind,
    HoursEntry,
    HoursEntryQuerySet,
    HoursRule,
    Ledger,
)
from lms.hours.rules import find_rule, online_hours, place_on
from lms.study import store
from lms.study.interactive.gates import met_at
from lms.study.launch import Launch, horizon
from lms.study.models import Progress


class Outcome(StrEnum):
    """What a report led to, or why it led to nothing yet."""

    STUDYING = "studying"
    UNPAID = "unpaid"
    # A package: the one of the two that finish it is there, the other is missing.
    NO_RESULT = "no_result"
    TOO_SOON = "too_soon"
    GRANTED = "granted"
    CAPPED = "capped"
    ALREADY = "already"
    NO_RULE = "no_rule"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Report:
    """The state after a report: what is kept, what still waits for the clock, what was granted."""

    bits: int
    position: int
    unpaid: int
    finished_at: datetime | None
    outcome: Outcome
    entry: HoursEntry | None = None

    @property
    def covered(self) -> int:
        """How many distinct seconds are kept."""
        return coverage.count(self.bits)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A report weighed against a state: the state that would follow, and what the clock did not pay.

    `earned_at` is when the last of the seconds kept so far was played, never before the time that paid it.
    `waits_for` is why a lesson that was played to its end is not finished all the same.
    """

    state: store.State
    unpaid: int
    is_new: bool
    finishes: bool
    earned_at: datetime
    waits_for: Outcome | None = None


class Ending(NamedTuple):
    """Who finished which version when, and the rule by which it counts."""

    person: Cadre
    rule: HoursRule
    version: LessonVersion
    at: datetime


class LessonNotOpen(LookupError):
    """The lesson or its course is not published, or there is no version to study."""


def entries_of_lesson(person_id: int, lesson_id: int) -> HoursEntryQuerySet:
    """The grants of a person for a lesson, whether for good or for a year."""
    source = f"lesson:{lesson_id}"
    return (
        HoursEntry.objects.of(person_id)
        .grants()
        .filter(Q(source=source) | Q(source__startswith=f"{source}:"))
    )


def lessons_granted(person_id: int, cycle: int) -> set[int]:
    """The lessons and quizzes granted to a person, in one year where they count every year (one query)."""
    studied = Q(source__startswith="lesson:") | Q(source__startswith="quiz:")
    entries = HoursEntry.objects.of(person_id).grants().filter(studied)
    if cycle:
        entries = entries.filter(year=cycle)
    return {int(source.split(":")[1]) for source in entries.values_list("source", flat=True)}


def milliseconds(moment: datetime) -> int:
    """A moment as whole milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def moment(milliseconds: int) -> datetime:
    """A moment out of milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def open_lesson(*, person: Cadre, lesson: LessonPage, at: datetime) -> tuple[Launch, Progress]:
    """A launch of the lesson's present version, and the progress so far; nothing is written.

    Raises LessonNotOpen.
    """
    version = lesson.current_version() if lesson.is_open else None
    # A quiz is not played: it has attempts (lms.study.attempts).
    if version is None or version.kind == LessonKind.QUIZ:
        raise LessonNotOpen
    today = timezone.localdate(at)
    rule = rule_of_study(person, today)
    launch = Launch(
        person_id=person.pk,
        lesson_id=lesson.pk,
        version_id=version.pk,
        seconds=version.seconds,
        opened=milliseconds(at),
        speed=int(rule.study_speed * NORMAL_SPEED) if rule else NORMAL_SPEED,
        cycle=cycle_of(rule, today),
        percent=version.percent,
    )
    kept = Progress.objects.of(person.pk).filter(version=version, cycle=launch.cycle).first()
    fresh = Progress(person=person, version=version, cycle=launch.cycle, started_at=at, updated_at=at)
    return launch, kept or fresh


def rule_of_study(person: Cadre, on: date) -> HoursRule | None:
    """The rule by which what a person studies on a day will count, if there is one."""
    unit, _post = place_on(person, on)
    return find_rule(unit, on)


def cycle_of(rule: HoursRule | None, on: date) -> int:
    """The year for which a lesson is studied on a day; 0 where it counts once and for good."""
    return on.year if rule and rule.grants_again_each_year else 0


def record_segments(
    *,
    launch: Launch,
    segments: list[coverage.Segment],
    position: int,
    at: datetime,
    played_at: datetime | None = None,
) -> Report:
    """Keep the seconds that the person's clock pays for; grant the lesson's hours when it is finished.

    `at` is the server's time, `played_at` the moment at which the last of the segments was played. Segments
    lie within the lesson. Two statements as a rule, one when nothing is new.
    """
    played_at = max(moment(launch.opened), min(played_at or at, at))
    what = _Played(coverage.from_segments(segments), position, at, played_at)
    weighed = _weigh(launch, store.read(launch), what)
    if not weighed.is_new and not weighed.finishes:
        return _report(launch, weighed)
    if not weighed.finishes and store.write(launch, weighed.state, started_at=moment(launch.opened)):
        return _report(launch, weighed)
    # The lesson ends here, or another report was faster: hold the clock and weigh again. A second round is
    # needed only when two reports of a person make the clock's row itself, and there is nothing to hold yet.
    report = None
    while report is None:
        report = _settle(launch, what)
    return report


@transaction.atomic
def settle_lesson(*, launch: Launch, at: datetime) -> Report:
    """Finish a package whose time was there before what its rule asks for was reported.

    To be called in the transaction that keeps what was reported, with the clock held (`store.hold`).
    """
    state = store.read(launch)
    played_at = state.updated_at or moment(launch.opened)
    weighed = _weigh(launch, state, _Played(coverage.EMPTY, state.position, at, played_at))
    report = _conclude(launch, weighed, at) if weighed.finishes else None
    if report is None:
        waits_for = None if _reported_at(launch) is None else Outcome.TOO_SOON
        report = _report(launch, replace(weighed, waits_for=waits_for))
    return report


@dataclass(frozen=True, slots=True)
class _Played:
    """A report as it came in."""

    bits: int
    position: int
    at: datetime
    played_at: datetime


def _weigh(launch: Launch, state: store.State, what: _Played) -> Weighed:
    """Pay the earliest of the seconds that are new to a state, and move the resume point."""
    wanted = coverage.missing(state.bits, what.bits)
    now = milliseconds(what.at)
    paid = pay(
        state.clock,
        opened=launch.opened,
        now=now,
        wanted=coverage.count(wanted),
        speed=launch.speed,
        horizon=horizon(now),
    )
    bits = coverage.union(state.bits, coverage.earliest(wanted, paid.seconds))
    # The resume point is where the latest of all reports was, whichever came in last.
    played_at, position = what.played_at, what.position
    if state.updated_at and (state.updated_at, state.position) > (played_at, position):
        played_at, position = state.updated_at, state.position
    is_covered = coverage.count(bits) >= coverage.seconds_to_finish(launch.seconds, launch.percent)
    earned_at = max(played_at, moment(paid.last_ms))
    return Weighed(
        # Written out, not replaced: this path is walked some hundred times a second.
        store.State(
            state.revision,
            paid.clock,
            state.progress_id,
            bits,
            position,
            played_at,
            state.covered_at or (earned_at if is_covered else None),
            state.finished_at,
        ),
        unpaid=coverage.count(wanted) - paid.seconds,
        is_new=paid.seconds > 0 or position != state.position,
        finishes=state.finished_at is None and is_covered,
        earned_at=earned_at,
    )


@transaction.atomic
def _settle(launch: Launch, what: _Played) -> Report | None:
    """Weigh and conclude under the clock's lock; None if there was no row to lock yet."""
    store.lock(launch.person_id)
    return _conclude(launch, _weigh(launch, store.read(launch), what), what.at)


def _conclude(launch: Launch, weighed: Weighed, at: datetime) -> Report | None:
    """Write, and grant what is finished; None if another report was faster."""
    ending = _ending(launch, weighed) if weighed.finishes else None
    if isinstance(ending, Ending):
        weighed = replace(weighed, state=weighed.state._replace(finished_at=ending.at))
    else:
        weighed = replace(weighed, waits_for=ending)
    if not store.write(launch, weighed.state, started_at=moment(launch.opened)):
        return None
    if isinstance(ending, Ending):
        _grant_lesson(launch, ending, at)
    return _report(launch, weighed)


def _ending(launch: Launch, weighed: Weighed) -> Ending | Outcome:
    """How a lesson ends that was played to its end, or what it still waits for.

    It waits for the result of a package, for a rule of hours, and while the account is closed: a token
    outlives the session that it was written in.
    """
    version = LessonVersion.objects.get(pk=launch.version_id)
    moments = [weighed.earned_at]
    if version.rule:
        reported_at = met_at(launch, version.rule)
        if reported_at is None:
            return Outcome.NO_RESULT
        # The later of the two, whichever came in first; or as late as it was played where no rule held then.
        moments = [max(reported_at, played) for played in (weighed.state.covered_at, *moments) if played]
    person = Cadre.objects.get(pk=launch.person_id)
    if not person.is_active:
        return Outcome.CLOSED
    for at in moments:
        if rule := rule_of_study(person, timezone.localdate(at)):
            return Ending(person, rule, version, at)
    return Outcome.NO_RULE


def _reported_at(launch: Launch) -> datetime | None:
    """When what a package's rule asks for was reported; None while it was not, and where there is no rule."""
    rule = LessonVersion.objects.values_list("rule", flat=True).get(pk=launch.version_id)
    return met_at(launch, rule) if rule else None


def _grant_lesson(launch: Launch, ending: Ending, at: datetime) -> None:
    """One line for the lesson, for good or for the year of its finish; an earlier version's counts too."""
    cycle = cycle_of(ending.rule, timezone.localdate(ending.at))
    if _entries_in(launch, cycle).exists():
        return
    grant(
        person=ending.person,
        source=f"lesson:{launch.lesson_id}" + (f":{cycle}" if cycle else ""),
        kind=EntryKind.LESSON,
        title=ending.version.title,
        ledger=Ledger.ONLINE,
        worth=Worth(online_hours(ending.rule, ending.version.seconds)),
        earned_at=ending.at,
        at=at,
        rule=ending.rule,
    )


def _report(launch: Launch, weighed: Weighed) -> Report:
    """What to tell the phone; a finished lesson is told with its ledger line, also when asked again."""
    state = weighed.state
    entry = entry_of(launch, state.finished_at) if state.finished_at else None
    return Report(
        bits=state.bits,
        position=state.position,
        unpaid=weighed.unpaid,
        finished_at=state.finished_at,
        outcome=_outcome(weighed, entry),
        entry=entry,
    )


def entry_of(launch: Launch, finished_at: datetime | None) -> HoursEntry | None:
    """The line that the launched lesson was granted with; if each year, that of its finish."""
    cycle = launch.cycle
    if cycle and finished_at:
        cycle = timezone.localdate(finished_at).year
    entries = _entries_in(launch, cycle).with_waiting().select_related("rule")
    return entries.order_by("-earned_at").first()


def _entries_in(launch: Launch, cycle: int) -> HoursEntryQuerySet:
    entries = entries_of_lesson(launch.person_id, launch.lesson_id)
    return entries.filter(year=cycle) if cycle else entries


def _outcome(weighed: Weighed, entry: HoursEntry | None) -> Outcome:
    if weighed.state.finished_at is None:
        return weighed.waits_for or (Outcome.UNPAID if weighed.unpaid else Outcome.STUDYING)
    return outcome_of(entry, weighed.state.finished_at)


def outcome_of(entry: HoursEntry | None, finished_at: datetime | None) -> Outcome:
    """Whether a finished lesson's line was granted by this finish, cut by the cap, or there before."""
    if entry is None or entry.earned_at != finished_at:
        return Outcome.ALREADY
    return Outcome.CAPPED if entry.withheld else Outcome.GRANTED
