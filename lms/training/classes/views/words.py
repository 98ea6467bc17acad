"""Why something about a class stays as it is, in words for whoever tried."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Cadre
from courses.documents.refusals import Refused as FileRefused
from courses.documents.refusals import in_words
from lms.hours.figures import plain
from lms.hours.rules import LONGEST_DAY, NoRule
from lms.training.classes.actions import refusals as why
from lms.training.classes.forms import NOT_OF_PLAN
from lms.training.classes.models import HalfDay

REFUSALS = (why.Refused, FileRefused, NoRule)


def said(half_day: HalfDay) -> str:
    """A half-day in words: the day, and which part of it."""
    return f"{date_format(half_day.on, 'MONTH_DAY_FORMAT')} {half_day.get_part_display()}"


def words(refused: Exception) -> str:
    """One sentence: what happened, and what to do."""
    match refused:
        case FileRefused():
            return in_words(refused)
        case NoRule():
            return _("No rule of hours holds in your region on that day.")
        case why.NotOrganiser() | why.NotInReach():
            return _("This class is run by another unit; nothing was changed.")
        case why.RotationByTownship():
            return _("Rotation classes are called by the county or city whose party school holds them.")
        case why.NotOpen():
            return _("This class is closed or cancelled; nothing was changed.")
        case why.NotCalling():
            return _("This class takes no names now: it is not announced, or it is closed or cancelled.")
        case why.OverAlready():
            return _("The last day of the class has passed. Change its dates, or record it as held.")
        case why.NoReason():
            return _("Please give a reason; others will ask for it.")
        case why.Granted():
            return _(
                "Hours of this class are in the ledger already: it is not cancelled, and keeps its kind, its "
                "ledger and its year. Nothing was changed."
            )
        case why.NotOfPlan():
            return str(NOT_OF_PLAN)
        case why.TooMuch(most=most):
            return _("A class takes %(most)d of these at most.") % {"most": most}
    return _of_timetable(refused) or _of_names(refused) or _of_leave(refused)


def _of_timetable(refused: Exception) -> str:
    match refused:
        case why.NoTimetable():
            return _("People are called to half-days: lay out the timetable first.")
        case why.OutsideDates(on=on):
            return _("%(day)s is not between the first and the last day of the class.") % {
                "day": date_format(on, "DATE_FORMAT")
            }
        case why.EndsBeforeStart():
            return _("The end lies before the beginning.")
        case why.SlotTaken(half_day=half_day):
            return _("The timetable has “%(topic)s” at that time already (%(when)s).") % {
                "topic": half_day.topic,
                "when": said(half_day),
            }
        case why.TooManyHours():
            return _(
                "That is more than %(most)s hours a day. Change the hours of the class, or leave them empty."
            ) % {"most": plain(LONGEST_DAY)}
        case why.Marked():
            return _("Somebody is marked as present there. Take the mark back on the roll first.")
    return ""


def _of_names(refused: Exception) -> str:
    match refused:
        case why.QuotaTaken(unit=unit, taken=taken):
            words_said = ngettext(
                "%(unit)s has %(n)d name on the list already: it needs at least as many places.",
                "%(unit)s has %(n)d names on the list already: it needs at least as many places.",
                taken,
            )
            return words_said % {"unit": unit.short_name, "n": taken}
        case why.QuotaFull(left=0):
            return _("Every place is taken. Withdraw a name, or ask the organiser for more places.")
        case why.QuotaFull(left=left):
            words_said = ngettext(
                "Only %(n)d place is left; nobody was added. Choose fewer names.",
                "Only %(n)d places are left; nobody was added. Choose fewer names.",
                left,
            )
            return words_said % {"n": left}
        case why.NamesClosed():
            return _("The last day for names has passed. Call the organiser, who can still add people.")
        case why.NotYours(names=names):
            return _("Not in your units: %(names)s.") % {"names": _(", ").join(names)}
        case why.Elsewhere(person=person, half_day=half_day):
            return _elsewhere(person, half_day)
        case why.ChangedSince():
            return _(
                "Time or place changed while you were choosing. Nobody was added: please look once more."
            )
        case why.NotCounting():
            return _("This name was not accepted or was withdrawn before.")
    return ""


def _elsewhere(person: Cadre, half_day: HalfDay) -> str:
    return _("%(name)s is called to “%(title)s” at the same time (%(when)s).") % {
        "name": person.name,
        "title": half_day.training_class.title,
        "when": said(half_day),
    }


def _of_leave(refused: Exception) -> str:
    match refused:
        case why.BegunAlready():
            return _("It has begun already, so no leave can be asked. Please call the organiser.")
        case why.AskedAlready():
            return _("Your request is waiting for an answer already.")
        case why.DecidedAlready():
            return _("This request has an answer already; nothing was changed.")
        case why.NotDecider():
            return _("Leave is granted by the organiser or the person's township, and never by oneself.")
    return _("That did not work; nothing was changed.")
