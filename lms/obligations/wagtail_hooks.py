"""What this room tells the others by Wagtail's hooks."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.mergers.plan import OPEN_THINGS, OpenThing
from accounts.models import Unit
from lms.obligations.models import Requirement


@hooks.register(OPEN_THINGS)
def requirements_of_units(retired: Sequence[Unit], *, on: date) -> list[OpenThing]:
    """Requirements that a unit set for itself: the one that takes its place has them only if it sets them."""
    holding = Q(valid_to=None) | Q(valid_to__gte=on)
    found = Requirement.objects.filter(holding, unit__in=retired).select_related("unit")
    words = _("%(unit)s set the requirement “%(name)s”, in force since %(day)s")
    return [
        OpenThing(
            words % {"unit": item.unit.name, "name": item.name, "day": date_format(item.valid_from)},
            f"{reverse('obligations:rules')}?unit={item.unit.code}",
        )
        for item in found.order_by("unit__code", "position", "pk")
    ]
