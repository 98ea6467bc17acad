"""What the objects of a courseware are given back when it is opened again."""

from collections.abc import Mapping
from decimal import Decimal

from courses.scorm.manifest import SCORM_2004
from courses.scorm.models import Courseware
from lms.phones.uploads import Json
from lms.study.interactive.models import InteractiveAttempt, ScoSession
from lms.study.interactive.objects import Cmi, Standing, by_item
from lms.study.interactive.timespans import as_clock, as_period

# Of one session alone, or said anew by the manifest at every opening.
OF_THE_SESSION = frozenset(
    [f"cmi.core.{name}" for name in ("session_time", "exit", "entry", "total_time", "credit", "lesson_mode")]
    + [f"cmi.{name}" for name in ("session_time", "exit", "entry", "total_time", "credit", "mode")]
    + ["cmi.launch_data", "cmi.max_time_allowed", "cmi.time_limit_action"]
    + ["cmi.scaled_passing_score", "cmi.completion_threshold"]
)
OF_THE_MANIFEST = "cmi.student_data."
SUSPENDED = ("suspend", "logout")


def restored(
    attempt: InteractiveAttempt | None, courseware: Courseware
) -> tuple[dict[str, Json], str | None]:
    """What each object is given back, by item, and the item that is to be opened, if one is (two queries)."""
    kept = attempt.sessions.order_by("written_at", "sequence", "session").defer("cmi") if attempt else ()
    rows = list(kept)
    standings = by_item((row.sco, row.standing) for row in rows)
    newest = {row.sco: row.pk for row in rows}
    # Only these are read whole: an object that was opened often has long notes as often.
    told = dict(ScoSession.objects.filter(pk__in=newest.values()).values_list("pk", "cmi"))
    is_2004 = courseware.standard == SCORM_2004
    scos: dict[str, Json] = {}
    for item, pk in newest.items():
        seconds = sum((row.session_seconds for row in rows if row.sco == item), Decimal(0))
        scos[item] = {
            "cmi": given_back(told[pk], standings[item], seconds, is_2004=is_2004),
            "total_seconds": str(seconds),
            "status": _status(standings[item]),
        }
    last = rows[-1].sco if rows else None
    return scos, last if last and standings[last].completed_at is None else None


def _status(standing: Standing) -> str:
    """As the menu shows it."""
    if standing.is_success is False:
        return "failed"
    return "done" if standing.completed_at is not None else "begun"


def given_back(last: Mapping[str, str], standing: Standing, seconds: Decimal, *, is_2004: bool) -> Cmi:
    """What stood at the end of the newest session, with a status that never goes back and all the time.

    "resume" for one that was suspended, or never came to its end.
    """
    cmi = {
        name: value
        for name, value in last.items()
        if name not in OF_THE_SESSION and not name.startswith(OF_THE_MANIFEST)
    }
    exited = last.get("cmi.exit" if is_2004 else "cmi.core.exit", "")
    entry = "resume" if exited in SUSPENDED or standing.completed_at is None else ""
    if is_2004:
        return {**cmi, **_status_of_2004(standing), "cmi.entry": entry, "cmi.total_time": as_period(seconds)}
    status = _status_of_12(cmi.get("cmi.core.lesson_status", ""), standing)
    return {
        **cmi,
        "cmi.core.lesson_status": status,
        "cmi.core.entry": entry,
        "cmi.core.total_time": as_clock(seconds),
    }


def _status_of_12(last: str, standing: Standing) -> str:
    if standing.is_success:
        return "passed"
    if standing.completed_at is not None and last != "failed":
        return "completed"
    return last or "incomplete"


def _status_of_2004(standing: Standing) -> Cmi:
    status: Cmi = {}
    if standing.completed_at is not None:
        status["cmi.completion_status"] = "completed"
    if standing.is_success is not None:
        status["cmi.success_status"] = "passed" if standing.is_success else "failed"
    return status
