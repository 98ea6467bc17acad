"""A lesson of one minute, a go at it, and statements as H5P makes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from accounts.models import Cadre
from courses.models import LessonPage
from lms.study.actions import Report, record_segments
from lms.study.interactive.actions import Recorded, record_statement
from lms.study.interactive.launch import PackageLaunch
from lms.study.interactive.openings import open_package
from tests.factories import interactive
from tests.lms.study.conftest import NINE, after

VERBS = "http://adlnet.gov/expapi/verbs/"
GO = UUID("00000000-0000-4000-8000-000000000001")
# Half of a minute, the least that a package must have been open.
ENOUGH = 30


@pytest.fixture
def lesson(person: Cadre) -> LessonPage:
    return interactive()


def opened(
    person: Cadre,
    lesson: LessonPage,
    *,
    at: datetime = NINE,
    fresh: UUID = GO,
    block: int | None = None,
    again: bool = False,
) -> PackageLaunch:
    return open_package(person=person, lesson=lesson, block=block, again=again, fresh=fresh, at=at).launch


def statement(launch: PackageLaunch, verb: str = "completed", **more: Any) -> dict[str, Any]:
    """A statement about the whole content, or about `sub` of it."""
    sub, registration = more.pop("sub", None), more.pop("registration", None)
    extensions, score = more.pop("extensions", {}), more.pop("score", None)
    whole = f"{settings.SITE_URL}/h5p/{launch.content_id}"
    context: dict[str, Any] = {
        "contextActivities": {"category": [{"id": "http://h5p.org/libraries/H5P.X-1.0"}]}
    }
    if sub:
        context["contextActivities"]["parent"] = [{"id": whole, "objectType": "Activity"}]
    if registration:
        context["registration"] = str(registration)
    result = dict(more.pop("result", {}))
    if score is not None:
        raw, most = score
        result["score"] = {"min": 0, "raw": raw, "max": most, "scaled": round(raw / most, 4)}
        result = {"completion": True, "success": raw == most, "duration": "PT12.5S", **result}
    return {
        "id": str(uuid4()),
        "actor": {"account": {"name": "guest", "homePage": "https://elsewhere.example"}},
        "verb": {"id": VERBS + verb, "display": {"en-US": verb}},
        "object": {
            "id": whole + (f"?subContentId={sub}" if sub else ""),
            "objectType": "Activity",
            "definition": {"name": {"en-US": "题"}, "extensions": extensions},
        },
        "context": context,
        **({"result": result} if result else {}),
        **more,
    }


def tell(
    launch: PackageLaunch, told: Mapping[str, Any], seconds: float = 10, at: float | None = None
) -> Recorded:
    """Record a statement made so many seconds after nine; it arrives at once unless `at` is later."""
    return record_statement(
        launch=launch,
        statement=told,
        occurred_at=after(seconds),
        at=after(seconds if at is None else at),
        device="p1",
    )


def stay(launch: PackageLaunch, seconds: int = ENOUGH, at: float | None = None) -> Report:
    """Report so many seconds of it open, at their end."""
    moment = after(seconds if at is None else at)
    return record_segments(
        launch=launch.study, segments=[(0, seconds)], position=seconds, at=moment, played_at=after(seconds)
    )
