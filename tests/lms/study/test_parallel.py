"""Many phones and many retries at the same moment: one coverage, one payment, one grant."""

from accounts.models import Cadre
from lms.hours.models import HoursEntry
from lms.study.actions import Report, open_lesson, record_segments
from lms.study.launch import Launch
from lms.study.models import Progress, StudyClock
from tests.lms.study.conftest import NINE, after, film
from tests.parallel import at_once


def launch_of(person: Cadre, seconds: int) -> Launch:
    return open_lesson(person=person, lesson=film(seconds=seconds), at=NINE)[0]


def report(launch: Launch, start: int, end: int, at: float) -> Report:
    return record_segments(launch=launch, segments=[(start, end)], position=end, at=after(at))


def test_the_same_last_report_at_once_grants_once(learner: Cadre) -> None:
    launch = launch_of(learner, 100)
    reports = at_once([lambda: report(launch, 0, 100, 100)] * 6)
    assert {kept.entry for kept in reports} == {HoursEntry.objects.get()}
    assert Progress.objects.get().covered == 100


def test_pieces_of_a_lesson_at_once_make_it_whole(learner: Cadre) -> None:
    launch = launch_of(learner, 60)
    report(launch, 0, 5, 60)  # from here on there are rows, and the ordinary way is walked
    pieces = [lambda start=start: report(launch, start, start + 10, 60) for start in range(0, 60, 10)]
    at_once(pieces)
    progress = Progress.objects.get()
    assert (progress.covered, progress.finished_at is not None) == (60, True)
    assert HoursEntry.objects.count() == 1


def test_lessons_at_once_are_paid_by_one_clock(learner: Cadre) -> None:
    launches = [launch_of(learner, 600) for _ in range(4)]
    for launch in launches:
        report(launch, 0, 5, 98)
    reports = at_once([lambda launch=launch: report(launch, 0, 600, 98) for launch in launches])
    assert sum(kept.covered for kept in reports) == 100  # 98 seconds and the leeway of opening
    assert sum(Progress.objects.values_list("covered", flat=True)) == 100
    assert not HoursEntry.objects.exists()


def test_every_written_report_raises_the_clock_by_one(learner: Cadre) -> None:
    """The promise on which writing without a lock rests."""
    launches = [launch_of(learner, 600) for _ in range(3)]
    works = [
        lambda launch=launch, start=start: report(launch, start, start + 5, 600)
        for start in range(0, 50, 5)
        for launch in launches
    ]
    for first in range(0, len(works), 6):
        at_once(works[first : first + 6])
    assert StudyClock.objects.get().revision == len(works)
    assert set(Progress.objects.values_list("covered", flat=True)) == {50}
