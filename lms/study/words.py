"""What the lesson page says about hours, in the learner's words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.hours.figures import plain
from lms.hours.models import HoursEntry, Withheld
from lms.study.actions import Outcome


def words_for(outcome: Outcome, entry: HoursEntry | None, unpaid: int = 0) -> str:
    """One or two sentences for an outcome; nothing while somebody simply studies."""
    match outcome:
        case Outcome.UNPAID:
            return ngettext(
                "%(count)d second is waiting: study time counts at the speed of the clock. "
                "It is kept on this phone and counted later.",
                "%(count)d seconds are waiting: study time counts at the speed of the clock. "
                "They are kept on this phone and counted later.",
                unpaid,
            ) % {"count": unpaid}
        case Outcome.GRANTED if entry:
            return (
                _("You have finished this lesson. %(hours)s hours are entered under %(ledger)s.")
                % facts_of(entry)
            ) + of_waiting(entry)
        case Outcome.CAPPED if entry:
            return _capped(entry) + of_waiting(entry)
        case Outcome.ALREADY if entry:
            return (
                _(
                    "You have finished this lesson. Its %(hours)s hours were entered on %(day)s; "
                    "a lesson counts once."
                )
                % facts_of(entry)
            ) + of_waiting(entry)
        case Outcome.CLOSED:
            return _(
                "You have finished this lesson, but this account is closed: your study is kept, no hours are "
                "entered. Ask your township to open the account, then play this lesson again for a moment."
            )
        case Outcome.NO_RULE:
            return _(
                "You have finished this lesson. Your region has no rule of hours yet; your study is kept. "
                "Once there is one, open this lesson again and play it for a moment: then it counts."
            )
    return _missing(outcome)


def _missing(outcome: Outcome) -> str:
    """Which of the two things that finish a package is not there yet."""
    if outcome == Outcome.NO_RESULT:
        return _("You have been here long enough. The lesson is finished once the content is completed.")
    if outcome == Outcome.TOO_SOON:
        return _("The content is completed. The lesson is finished once it has been open for its time.")
    return ""


def _capped(entry: HoursEntry) -> str:
    if entry.withheld_why == Withheld.KIND_CAP:
        return _(
            "You have finished this lesson. %(hours)s hours are entered, %(withheld)s are not: the limit of "
            "such hours for the year is reached. Your study is kept."
        ) % facts_of(entry)
    if entry.withheld_why != Withheld.DAILY_CAP:
        return ""
    if entry.hours:
        return _(
            "You have finished this lesson. %(hours)s hours are entered, %(withheld)s are not: "
            "you have reached the limit of %(cap)s hours for one day. Other lessons count again tomorrow."
        ) % facts_of(entry)
    return _(
        "You have finished this lesson; today it adds no more hours. "
        "You have reached the limit of %(cap)s hours for one day. "
        "Your study is kept, and other lessons count again tomorrow."
    ) % facts_of(entry)


def of_waiting(entry: HoursEntry) -> str:
    """One more sentence for a line that came after its year was frozen; nothing for any other."""
    if not entry.is_waiting:
        return ""
    return " " + _(
        "The year %(year)s was frozen before this came in: it is kept, and counts once the county reopens "
        "the year."
    ) % {"year": entry.year}


def facts_of(entry: HoursEntry) -> dict[str, str]:
    """What sentences name of a line."""
    return {
        "hours": plain(entry.hours),
        "withheld": plain(entry.withheld),
        "cap": plain(entry.rule.online_daily_cap),
        "ledger": entry.get_ledger_display(),
        "day": date_format(entry.earned_on, "DATE_FORMAT"),
    }
