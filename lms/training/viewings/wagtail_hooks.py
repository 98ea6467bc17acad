"""What this room tells the others by Wagtail's hooks."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.mergers.plan import OPEN_THINGS, OpenThing
from accounts.models import Unit
from lms.training.viewings.models import Station, Viewing


@hooks.register(OPEN_THINGS)
def stations_of_units(retired: Sequence[Unit], *, on: date) -> list[OpenThing]:
    """Stations that are run in a village that ends, and those of their viewings that are not closed."""
    found = Station.objects.open(on).filter(unit__in=retired).select_related("unit")
    words = _("%(unit)s has the viewing station “%(name)s”: end it, and open it in the new village")
    stations = [
        OpenThing(words % _names(station), reverse("viewings:station", args=[station.pk]))
        for station in found.order_by("unit__code", "pk")
    ]
    return stations + _viewings(retired)


def _viewings(retired: Sequence[Unit]) -> list[OpenThing]:
    found = Viewing.objects.unfinished().filter(station__unit__in=retired)
    words = _("“%(title)s” at the station “%(name)s” of %(unit)s is not closed: close it or strike it out")
    return [
        OpenThing(
            words % {**_names(viewing.station), "title": viewing.programme.title},
            reverse("viewings:detail", args=[viewing.pk]),
        )
        for viewing in found.with_facts().order_by("station__unit__code", "pk")
    ]


def _names(station: Station) -> dict[str, str]:
    return {"unit": station.unit.name, "name": station.name}
