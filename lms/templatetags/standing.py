"""How an obligation's standing is shown: a mark with a word, a share, and the figures of a line."""

from datetime import date
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.hours.figures import plain
from lms.hours.models import HoursEntry
from lms.obligations.models import Measure, Obligation
from lms.obligations.standing import Status, status_of
from lms.templatetags.page import mark

register = template.Library()

SOON_DAYS = 60
NAMES = {
    Status.MET: "met",
    Status.SHORT: "short",
    Status.OVERDUE: "over",
    Status.EXEMPT: "exempt",
    Status.UPCOMING: "short",
    Status.RELEASED: "exempt",
}


@register.filter
def standing_name(obligation: Obligation, today: date) -> str:
    """The standing as the style sheet knows it: met, short, soon, over or exempt."""
    name = NAMES[status_of(obligation, today)]
    return "soon" if name == "short" and (obligation.due_on - today).days <= SOON_DAYS else name


@register.simple_tag
def standing(obligation: Obligation, today: date) -> SafeString:
    """The mark of a standing; what is due soon names the days that are left."""
    name = standing_name(obligation, today)
    if name == "soon":
        left = (obligation.due_on - today).days
        return mark(name, ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left})
    if name == "over" and obligation.requirement.can_be_made_up:
        return mark(name, _("Overdue, can be made up"))
    if name == "short":
        return mark("open")
    return mark(name, str(status_of(obligation, today).label))


@register.filter
def percent(obligation: Obligation) -> int:
    """The share of the required amount that is earned, 0 to 100."""
    return min(100, int(100 * obligation.earned / obligation.required))


@register.filter
def figure(entry: HoursEntry, measure: str = "") -> str:
    """What a ledger line adds in an obligation's measure, with its sign and unit; hours if none is named."""
    counted = Measure(measure or Measure.HOURS)
    values = {Measure.HOURS: entry.hours, Measure.DAYS: entry.days, Measure.TIMES: Decimal(entry.times)}
    value = values[counted]
    return f"{'+' if value >= 0 else '−'}{plain(abs(value))} {counted.label}"
