"""What a package asks for, in words."""

from django.utils.translation import gettext, ngettext

from courses.finishing import FINISHED_PERCENT, LEAST_OPEN_PERCENT
from courses.packages.completion import CompletionRule, Gate


def finished_by(percent: int, rule: CompletionRule) -> str:
    """What finishes a package, as its published version has it."""
    open_for = _open_for(percent)
    match rule["gate"]:
        case Gate.OPENED:
            return gettext("What finishes it: %(time)s. Nothing else is asked.") % {"time": open_for}
        case Gate.PARTS:
            number = len(rule["parts"])
            every = ngettext("its one part met", "all its %(count)s parts met", number) % {"count": number}
            return gettext("What finishes it: %(time)s, and %(result)s.") % {
                "time": open_for,
                "result": every,
            }
    return gettext("What finishes it: %(time)s, and %(result)s.") % {
        "time": open_for,
        "result": _result(rule["percent"]),
    }


def _open_for(percent: int) -> str:
    known = {
        LEAST_OPEN_PERCENT: gettext("half of the time"),
        100: gettext("the whole time"),
        FINISHED_PERCENT: gettext("the film inside to its end"),
    }
    return known.get(percent) or gettext("%(percent)s %% of the time") % {"percent": percent}


def _result(percent: int) -> str:
    if percent:
        return gettext("a completed result with %(percent)s %% of the points") % {"percent": percent}
    return gettext("a completed result")
