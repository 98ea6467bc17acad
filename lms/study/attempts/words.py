"""What the pages of a quiz say about its result, in the learner's words."""

from django.utils.translation import gettext as _

from lms.hours.figures import plain
from lms.hours.kinds import Withheld
from lms.study.actions import Outcome
from lms.study.attempts.actions import Result
from lms.study.words import facts_of, of_waiting


def words_for_result(result: Result) -> str:
    """One or two sentences: passed or not, and what it is worth."""
    attempt, entry = result.attempt, result.entry
    if not attempt.is_passed:
        return _(
            "Not passed this time: %(percent)s %% of %(need)s %% needed. "
            "Look at the explanations, then try again with other questions; your best result stays."
        ) % {"percent": attempt.percent, "need": attempt.pass_percent}
    return _passed(result) + (of_waiting(entry) if entry else "")


def _passed(result: Result) -> str:
    entry = result.entry
    match result.outcome:
        case Outcome.GRANTED if entry:
            return _("Passed. %(hours)s hours are entered under %(ledger)s.") % facts_of(entry)
        case Outcome.CAPPED if entry and entry.withheld_why == Withheld.KIND_CAP:
            return _(
                "Passed. %(hours)s hours are entered, the rest is not: "
                "the limit of such hours for the year is reached."
            ) % facts_of(entry)
        case Outcome.CAPPED if entry:
            return _(
                "Passed. %(hours)s hours are entered, the rest is not: "
                "you have reached the limit of %(cap)s hours for one day."
            ) % facts_of(entry)
        case Outcome.ALREADY if entry:
            return _(
                "Passed. The %(hours)s hours of this quiz were entered on %(day)s; a quiz counts once."
            ) % facts_of(entry)
    if not result.attempt.person.is_active:
        return _(
            "Passed, but this account is closed: no hours are entered. "
            "Ask your township to open the account, then pass this quiz again."
        )
    return _("Passed. Your region has no rule of hours yet; pass it again once there is one, and it counts.")


def points_in_words(result: Result) -> str:
    """What was reached, as people say it."""
    return _("%(points)s of %(of)s points") % {
        "points": plain(result.attempt.points or 0),
        "of": result.attempt.of,
    }
