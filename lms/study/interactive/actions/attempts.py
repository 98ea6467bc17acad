"""The attempt that something is told of, and finishing its lesson once time and result are there.

Everything of one person is kept under that person's study clock (`lms.study.store.hold`): seconds and
results of a lesson meet there, whichever comes first.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from courses.h5p.models import Content
from lms.study.actions import Report, moment, settle_lesson
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.models import InteractiveAttempt, InteractiveAttemptQuerySet

MOST_ATTEMPTS = 500


class Kept(StrEnum):
    """What became of something that was brought."""

    KEPT = "kept"
    # It was there before, or something later was.
    BEFORE = "before"


class TooMany(ValueError):
    """More statements within an hour, or more states of one attempt, than anybody makes by hand."""


class OtherPackage(ValueError):
    """The go belongs to another package of the same lesson."""


class TooManyAttempts(OtherPackage):
    """More attempts at one version than anybody makes by hand: this go is not taken up."""


def attempt_for(
    launch: PackageLaunch, *, begun_at: datetime, registration: UUID | None = None
) -> InteractiveAttempt:
    """The attempt of a go, made by the first thing that comes of it; raises OtherPackage, TooManyAttempts.

    To be called in a transaction that holds the person's clock: then nobody else changes it.
    """
    named = registration or launch.registration
    attempt = _attempts_at(launch).filter(registration=named).first() or _begun(launch, named, begun_at)
    if (attempt.content_id or 0, attempt.courseware_id or 0, attempt.is_main) != (
        launch.content_id,
        launch.courseware_id,
        launch.is_main,
    ):
        raise OtherPackage
    return attempt


def _attempts_at(launch: PackageLaunch) -> InteractiveAttemptQuerySet:
    study = launch.study
    return InteractiveAttempt.objects.filter(
        person_id=study.person_id, version_id=study.version_id, cycle=study.cycle
    )


def _begun(launch: PackageLaunch, registration: UUID, begun_at: datetime) -> InteractiveAttempt:
    if launch.content_id and not Content.objects.filter(pk=launch.content_id).exists():
        raise OtherPackage  # deleted since it was opened
    if _attempts_at(launch).count() >= MOST_ATTEMPTS:
        raise TooManyAttempts
    return InteractiveAttempt.objects.create(
        person_id=launch.study.person_id,
        version_id=launch.study.version_id,
        registration=registration,
        cycle=launch.study.cycle,
        content_id=launch.content_id or None,
        courseware_id=launch.courseware_id or None,
        is_main=launch.is_main,
        begun_at=begun_at,
        updated_at=begun_at,
    )


def settle_gate(launch: PackageLaunch, attempt: InteractiveAttempt, *, at: datetime) -> Report | None:
    """Finish the lesson if its time was there already; None where this package is not what it is made of.

    To be called in the transaction that kept what was reported, with the person's clock held.
    """
    return settle_lesson(launch=launch.study, at=at) if attempt.is_main else None


def within(launch: PackageLaunch, moment_told: datetime, at: datetime) -> datetime:
    """A moment that a phone told, within the life of its token, to the millisecond."""
    inside = max(moment(launch.study.opened), min(moment_told, at))
    return inside.replace(microsecond=inside.microsecond // 1000 * 1000)
