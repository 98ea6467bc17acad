"""What this room tells the others by Wagtail's hooks."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.mergers.plan import OPEN_THINGS, OpenThing
from accounts.models import Unit
from lms.training.plans.models import Plan


@hooks.register(OPEN_THINGS)
def plans_of_units(retired: Sequence[Unit], *, on: date) -> list[OpenThing]:
    """Plans of the running year and later: what is still to come of them, the new unit plans anew."""
    plans = Plan.objects.filter(unit__in=retired, year__gte=on.year).select_related("unit")
    words = _("%(unit)s has a plan for %(year)s; what is still to come of it belongs into the new unit's")
    return [
        OpenThing(words % {"unit": plan.unit.name, "year": plan.year})
        for plan in plans.order_by("unit__code", "year")
    ]
