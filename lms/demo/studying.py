"""What the demo's people did alone: lessons opened and played, second by second of their own clock."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from accounts.models import Cadre
from courses.models import PACKAGED, LessonKind, LessonPage
from courses.quizzes.draw import Drawn
from courses.quizzes.kinds import QuestionKind
from lms.demo.classes import top_up
from lms.demo.county import County
from lms.demo.diary import Event
from lms.demo.staff import SMALL_CAP_TOWNSHIP
from lms.hours.actions import set_rule
from lms.hours.defaults import DEFAULT_RULE, RuleFields
from lms.hours.models import HoursEntry, Ledger
from lms.study.actions import open_lesson, record_segments
from lms.study.attempts.actions import begin_attempt, hand_in, save_answer

# The film that the demo's learner has still to see, and how far from the year's 50 hours that leaves her.
LAST_FILM = "leave-early"
YEAR_HOURS, LAST_HOURS = Decimal(50), Decimal("0.25")
STUDENTS = 24
# Days from one evening of study to the next.
EVENING_EVERY = 8
# How many people have sat each quiz.
SITTERS = 14


def studies(county: County, *, is_full: bool) -> Iterator[Event]:
    """A few people's lessons, or everybody's; then those whose part it is."""
    pages = list(LessonPage.objects.live().order_by("path"))
    # What a package reports comes from a browser; nobody's evening is made up of it.
    lessons = [page for page in pages if page.kind not in (LessonKind.QUIZ, *PACKAGED)]
    for person in _students(county, is_full=is_full):
        yield from _evenings(county, person, lessons)
    yield from _resting_halfway(county, lessons)
    yield from _over_the_cap(county, lessons)
    yield from _almost_there(county, lessons)
    yield from _sittings(county, [page for page in pages if page.kind == LessonKind.QUIZ])


def _students(county: County, *, is_full: bool) -> list[Cadre]:
    away = {person.pk for person in county.cast.values()}
    people = [
        person
        for township in county.townships
        for person in county.holders(township, on=county.calendar.opening)
        if person.pk not in away
    ]
    return people if is_full else county.random.sample(people[: len(people) // 2], STUDENTS)


def _evenings(county: County, person: Cadre, lessons: Sequence[LessonPage]) -> Iterator[Event]:
    """One to nine lessons on evenings of the last months, the last one sometimes left half-way."""
    random, calendar = county.random, county.calendar
    chosen = random.sample(list(lessons), random.randint(1, 9))
    longest = (calendar.today - calendar.opening).days
    days = sorted((random.randrange(2, longest, EVENING_EVERY) for _ in chosen), reverse=True)
    for number, (lesson, ago) in enumerate(zip(chosen, days, strict=True), 1):
        share = 0.55 if number == len(chosen) and random.random() < 0.4 else 1
        # Several lessons on one evening follow one another.
        yield _playing(county, person, lesson, calendar.ago(ago), minute=number * 4, share=share)


def _playing(
    county: County, person: Cadre, lesson: LessonPage, on: date, *, minute: int, share: float = 1
) -> Event:
    """Opening a lesson on an evening and playing such a share of it from the beginning."""
    at = county.calendar.moment(on, 20, minute)

    def play() -> None:
        launch, _ = open_lesson(person=person, lesson=lesson, at=at)
        played = max(1, int(launch.seconds * share))
        ended_at = at + timedelta(seconds=played + 2)
        record_segments(launch=launch, segments=[(0, played)], position=played, at=ended_at)

    return Event(at, play)


def _resting_halfway(county: County, lessons: Sequence[LessonPage]) -> Iterator[Event]:
    person = county.cast["half-way"]
    for number, lesson in enumerate(lessons[1:4], 1):
        on, share = county.calendar.ago(4 - number), 0.3 + number / 6
        yield _playing(county, person, lesson, on, minute=number, share=share)


def _over_the_cap(county: County, lessons: Sequence[LessonPage]) -> Iterator[Event]:
    """One sub-district tries a lower limit for a day; somebody there studies ten lessons in an evening."""
    calendar, by = county.calendar, county.staff["county"]
    yield Event(calendar.moment(calendar.opening, 9), partial(_try_small_cap, county, by))
    for number, lesson in enumerate(lessons[:10], 1):
        yield _playing(county, county.cast["capped"], lesson, calendar.ago(9), minute=number * 3)


def _try_small_cap(county: County, by: Cadre) -> None:
    calendar = county.calendar
    fields: RuleFields = {**DEFAULT_RULE, "online_daily_cap": Decimal(2)}
    set_rule(
        unit=county.units[SMALL_CAP_TOWNSHIP],
        version=f"{calendar.opening:%Y}-城西试行",
        valid_from=calendar.opening,
        document="城西街道网络自学每日学时上限试行办法（演示）",
        by=by,
        at=calendar.moment(calendar.opening, 9),
        **fields,
    )


def _sittings(county: County, quizzes: Sequence[LessonPage]) -> Iterator[Event]:
    """Some people sit each quiz once or twice, knowing more or less; the learner has not begun."""
    random, calendar = county.random, county.calendar
    for lesson in quizzes:
        for person in random.sample(_students(county, is_full=True), SITTERS):
            knows, ago = random.uniform(0.4, 0.95), random.randint(3, 60)
            for again in range(random.randint(1, 2)):
                at = calendar.moment(calendar.ago(ago - again), 19, random.randrange(60))
                yield Event(at, partial(_sit, person, lesson, at, knows + again / 10, random.random()))


def _sit(person: Cadre, lesson: LessonPage, at: datetime, knows: float, seed: float) -> None:
    """Answer every question, each rightly with a chance of `knows`, and hand in."""
    random = Random(seed)  # noqa: S311  # the demo is the same each time
    attempt = begin_attempt(person=person, lesson=lesson, at=at, random=random)
    for place, drawn in enumerate(attempt.drawn):
        value = _answer(drawn, is_right=random.random() < knows)
        save_answer(attempt_id=attempt.pk, place=place, value=value, answered_at=at, at=at)
    ended_at = at + timedelta(minutes=5)
    hand_in(attempt_id=attempt.pk, handed_in_at=ended_at, at=ended_at)


def _answer(drawn: Drawn, *, is_right: bool) -> Any:  # an answer of whatever kind
    key = drawn["key"]
    match drawn["kind"]:
        case QuestionKind.SINGLE:
            return key[0] if is_right else (key[0] + 1) % len(drawn["shown"]["options"])
        case QuestionKind.TRUE_FALSE:
            return key if is_right else not key
        case QuestionKind.FILL_IN:
            return [accepted[0] for accepted in key] if is_right else ["不清楚"] * len(key)
        case QuestionKind.MULTIPLE:
            return key if is_right else key[:1]
    return key if is_right else list(reversed(key))


def _almost_there(county: County, lessons: Sequence[LessonPage]) -> Iterator[Event]:
    """The learner has all but one film's worth of the year's online hours; another film waits half-way."""
    learner, calendar = county.cast["learner"], county.calendar
    others = [lesson for lesson in lessons if lesson.slug != LAST_FILM]
    for number, lesson in enumerate(others[:7], 1):
        yield _playing(county, learner, lesson, calendar.ago(16 - number * 2), minute=number)
    yield _playing(county, learner, others[8], calendar.ago(1), minute=30, share=0.6)
    yield Event(calendar.moment(calendar.ago(1), 22), partial(_top_up_learner, county, learner))


def _top_up_learner(county: County, learner: Cadre) -> None:
    lines = HoursEntry.objects.of(learner.pk).in_year(county.calendar.year).filter(ledger=Ledger.ONLINE)
    top_up(county, learner, YEAR_HOURS - LAST_HOURS - lines.total().hours)
