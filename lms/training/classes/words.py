"""What a notice says as a message, and when a class takes place."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.training.classes.models import Notice, NoticeKind, TrainingClass


def days_of(training_class: TrainingClass, *, today: date) -> str:
    """The days of a class in words, without the year where it is this one."""
    first, last = training_class.starts_on, training_class.ends_on
    style = "MONTH_DAY_FORMAT" if first.year == last.year == today.year else "DATE_FORMAT"
    if first == last:
        return date_format(first, style)
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, style),
        "last": date_format(last, style),
    }


def message(notice: Notice, *, today: date) -> str:
    """One message to a person, signed by the unit that holds the class; it can be read out as it is."""
    held = notice.training_class
    told = {
        "name": notice.person.name,
        "title": held.title,
        "days": days_of(held, today=today),
        "venue": held.venue or _("place not fixed yet"),
        "why": notice.note,
    }
    return f"{_words(NoticeKind(notice.what)) % told} — {held.unit.short_name}"


def _words(what: NoticeKind) -> str:
    match what:
        case NoticeKind.CALLED:
            return _("%(name)s, you have a place in “%(title)s”: %(days)s, %(venue)s.")
        case NoticeKind.LOST:
            return _("%(name)s, you no longer have a place in “%(title)s” (%(days)s). %(why)s")
        case NoticeKind.CHANGED:
            return _("%(name)s, time or place of “%(title)s” changed: %(days)s, %(venue)s.")
        case NoticeKind.CANCELLED:
            return _("%(name)s, “%(title)s” (%(days)s) is cancelled. %(why)s")
        case NoticeKind.LEAVE_GRANTED:
            return _("%(name)s, your leave from “%(title)s” (%(days)s) is granted. %(why)s")
        case NoticeKind.LEAVE_REFUSED:
            return _("%(name)s, your leave from “%(title)s” (%(days)s) is refused. %(why)s")
