"""What this room tells the others by Wagtail's hooks."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.mergers.plan import OPEN_THINGS, OpenThing
from accounts.models import Unit
from lms.training.viewings.models import Station


@hooks.register(OPEN_THINGS)
def stations_of_units(retired: Sequence[Unit], *, on: date) -> list[OpenThing]:
    """Stations that are run in a village that ends."""
    found = Station.objects.open(on).filter(unit__in=retired).select_related("unit")
    words = _("%(unit)s has the viewing station “%(name)s”: end it, and open it in the new village")
    return [
        OpenThing(
            words % {"unit": station.unit.name, "name": station.name},
            reverse("viewings:station", args=[station.pk]),
        )
        for station in found.order_by("unit__code", "pk")
    ]
