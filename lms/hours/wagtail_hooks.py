"""What this room tells the others by Wagtail's hooks."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.mergers.plan import OPEN_THINGS, OpenThing
from accounts.models import Unit
from lms.hours.models import HoursRule


@hooks.register(OPEN_THINGS)
def rules_of_units(retired: Sequence[Unit], *, on: date) -> list[OpenThing]:
    """The newest rule of hours that a unit set for itself: afterwards the region above rules there."""
    newest: dict[int, HoursRule] = {}
    for rule in HoursRule.objects.filter(unit__in=retired).select_related("unit").order_by("valid_from"):
        newest[rule.unit_id] = rule
    words = _("%(unit)s has a rule of hours of its own: %(version)s")
    return [OpenThing(words % {"unit": rule.unit.name, "version": rule.version}) for rule in newest.values()]
