"""How far a person is in a course: what the course's page shows of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Cadre
from courses.models import CoursePage, LessonCard, LessonKind, cards_of
from lms.hours.coverage import seconds_to_finish
from lms.study.actions import cycle_of, lessons_granted, rule_of_study
from lms.study.models import Attempt, Progress


@dataclass(frozen=True, slots=True)
class LessonSoFar:
    """A lesson of the course with the distinct seconds that the person has played of it."""

    card: LessonCard
    covered: int
    is_done: bool
    studied_at: datetime | None

    @property
    def need(self) -> int:
        """How many distinct seconds finish it."""
        return seconds_to_finish(self.card.version.seconds, self.card.version.percent)


@dataclass(frozen=True, slots=True)
class CourseSoFar:
    """The lessons of a course in order."""

    lessons: list[LessonSoFar]

    @property
    def begun(self) -> list[LessonSoFar]:
        """The lessons of which there is something to tell."""
        return [lesson for lesson in self.lessons if lesson.is_done or lesson.covered]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.lessons) and all(lesson.is_done for lesson in self.lessons)

    @property
    def next(self) -> LessonSoFar | None:
        """Where to go on: the unfinished lesson studied last, else the first of them; None if not begun."""
        if not self.begun:
            return None
        left = [lesson for lesson in self.lessons if not lesson.is_done]
        studied = [lesson for lesson in left if lesson.studied_at]
        latest = max(studied, key=lambda lesson: lesson.studied_at or datetime.min, default=None)
        return latest or next(iter(left), None)


def course_so_far(*, person: Cadre, course: CoursePage, on: date) -> CourseSoFar:
    """A person's way through a course as it is published on a day (eight queries whatever its size)."""
    cycle = cycle_of(rule_of_study(person, on), on)
    cards = cards_of([course])[0].lessons
    played = Progress.objects.of(person.pk).filter(version__in=[card.version for card in cards], cycle=cycle)
    kept = {row.version_id: row for row in played.defer("bits")}
    done = lessons_granted(person.pk, cycle) | _quizzes_passed(person, cards)
    return CourseSoFar([_so_far(card, kept.get(card.version.pk), done) for card in cards])


def _quizzes_passed(person: Cadre, cards: Iterable[LessonCard]) -> set[int]:
    """The quizzes among some lessons that were passed, also where no rule gave hours for it."""
    lessons = [card.page for card in cards if card.version.kind == LessonKind.QUIZ]
    passed = Attempt.objects.filter(person=person, lesson__in=lessons, is_passed=True) if lessons else None
    return set(passed.values_list("lesson_id", flat=True)) if passed is not None else set()


def _so_far(card: LessonCard, kept: Progress | None, done: set[int]) -> LessonSoFar:
    """A lesson that was granted in an earlier version is done, as its own page says."""
    is_done = card.page.pk in done or bool(kept and kept.finished_at)
    return LessonSoFar(card, kept.covered if kept else 0, is_done, kept.updated_at if kept else None)
