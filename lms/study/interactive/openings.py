"""Which package of a lesson a person opens, with what they did in it so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Cadre
from courses.h5p.models import Content
from courses.models import PACKAGED, LessonPage
from courses.packages.models import Package
from courses.scorm.models import Courseware
from lms.study.actions import LessonNotOpen, open_lesson
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.models import InteractiveAttempt, StateDocument

BLOCK = "h5p"


@dataclass(frozen=True)
class Opening:
    """A package with its launch, and the attempts at it, the latest first."""

    package: Package
    launch: PackageLaunch
    attempts: list[InteractiveAttempt]
    # The attempt that goes on, if one does.
    going_on: InteractiveAttempt | None

    @property
    def best(self) -> InteractiveAttempt | None:
        """The attempt that came furthest."""
        return max(self.attempts, key=_reach, default=None)

    @property
    def states(self) -> dict[str, str]:
        """Where the content stands, as it said itself (one query); objects of a courseware commit theirs."""
        if self.going_on is None or isinstance(self.package, Courseware):
            return {}
        kept = StateDocument.objects.filter(attempt=self.going_on).exclude(data="")
        return dict(kept.values_list("key", "data"))


def open_package(
    *, person: Cadre, lesson: LessonPage, block: int | None, again: bool, fresh: UUID, at: datetime
) -> Opening:
    """What a person goes on with, or begins anew under a fresh registration; nothing is written.

    `block` is a content inside the lesson's text; without it the lesson's own package is meant. Raises
    LessonNotOpen, also where there is no such package.
    """
    package = _block(lesson, block) if block is not None else _own(lesson)
    study, _progress = open_lesson(person=person, lesson=lesson, at=at)
    of_package = {"content": package} if isinstance(package, Content) else {"courseware": package}
    attempts = list(
        InteractiveAttempt.objects.of(person.pk, lesson.pk)
        .filter(version_id=study.version_id, cycle=study.cycle, is_main=block is None, **of_package)
        .select_related("version")
    )
    # A courseware goes on where it stood, completed or not: many are completed before their test is sat.
    goes_on = (each for each in attempts if each.ended_at is None or isinstance(package, Courseware))
    going_on = None if again else next(goes_on, None)
    launch = PackageLaunch(
        study=study,
        content_id=package.pk if isinstance(package, Content) else 0,
        courseware_id=package.pk if isinstance(package, Courseware) else 0,
        registration=going_on.registration if going_on else fresh,
        is_main=block is None,
    )
    return Opening(package, launch, attempts, going_on)


def _own(lesson: LessonPage) -> Content | Courseware:
    package = lesson.package if lesson.kind in PACKAGED else None
    if package is None or not package.is_ready:
        raise LessonNotOpen
    return package


def _block(lesson: LessonPage, content_id: int) -> Content:
    if content_id not in set(_contents_in(lesson.body.raw_data)):
        raise LessonNotOpen
    content = Content.objects.defer(*Content.long).filter(id=content_id).first()
    if content is None or not content.is_ready:
        raise LessonNotOpen
    return content


def _contents_in(rows: Any) -> Iterator[int]:  # a stream as Wagtail keeps it, or a part of one
    """The contents that a text shows, wherever in it they stand."""
    for row in rows:
        value = row.get("value") if isinstance(row, dict) else None
        if isinstance(row, dict) and row.get("type") == BLOCK:
            content = value.get("content") if isinstance(value, dict) else value
            if isinstance(content, int):
                yield content
        elif isinstance(value, list):
            yield from _contents_in(value)


def _reach(attempt: InteractiveAttempt) -> tuple[bool, float, bool]:
    return attempt.is_complete, float(attempt.scaled or 0), bool(attempt.is_success)
