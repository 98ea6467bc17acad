"""What pages say about an attempt at a package, in the learner's words."""

from decimal import Decimal

from django.utils.translation import gettext as _

from courses.packages.completion import Gate
from lms.hours.figures import plain
from lms.phones.uploads import Json
from lms.study.interactive.models import InteractiveAttempt


def shown_result(attempt: InteractiveAttempt) -> Json | None:
    """What a page is told of an attempt's result; None while it has none."""
    if not attempt.is_complete and attempt.scaled is None and attempt.is_success is None:
        return None
    return {
        "score": points_of(attempt),
        "percent": percent_of(attempt),
        "success": attempt.is_success,
        "complete": attempt.is_complete,
        "words": words_for(attempt),
    }


def words_for(attempt: InteractiveAttempt) -> str:
    """One or two sentences: how far it came, and what the lesson asks for beyond."""
    percent, least = percent_of(attempt), _asked(attempt)
    if not attempt.is_complete:
        return _not_yet(attempt, percent)
    if percent is None:
        return _("Completed.")
    if percent < least:
        return _("Completed with %(percent)s %%; the lesson asks for %(least)s %%. You may try again.") % {
            "percent": percent,
            "least": least,
        }
    return _("Completed with %(percent)s %%.") % {"percent": percent}


def _not_yet(attempt: InteractiveAttempt, percent: int | None) -> str:
    if attempt.is_success is not False:
        return _("Not completed yet.")
    if percent is None:
        return _("Not passed yet. You may try again.")
    return _("Not passed yet, with %(percent)s %%. You may try again.") % {"percent": percent}


def points_of(attempt: InteractiveAttempt) -> str:
    """The points as "8/10", without the second number where nobody knows it; empty where there are none."""
    if attempt.score_raw is None:
        return ""
    most = attempt.score_max
    return plain(attempt.score_raw) + ("" if most is None else f"/{plain(most)}")


def percent_of(attempt: InteractiveAttempt) -> int | None:
    """The share of the points, rounded down."""
    return None if attempt.scaled is None else int(attempt.scaled * Decimal(100))


def standing_of(attempt: InteractiveAttempt) -> str:
    """How it stands by what the lesson asks for: "begun", "done", "passed" or "failed".

    Many contents call nothing a success but all of their points; a courseware passes or fails by itself.
    """
    percent = percent_of(attempt)
    is_failed = attempt.is_success is False and (not attempt.is_complete or attempt.courseware_id is not None)
    if is_failed or (attempt.is_complete and percent is not None and percent < _asked(attempt)):
        return "failed"
    if not attempt.is_complete:
        return "begun"
    return "passed" if attempt.is_success else "done"


def _asked(attempt: InteractiveAttempt) -> int:
    rule = attempt.version.rule
    asks = attempt.is_main and rule.get("gate") == Gate.RESULT
    least: int = rule["percent"] if asks else 0
    return least
