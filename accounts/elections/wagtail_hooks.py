"""What this room tells the others by Wagtail's hooks."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.codes import ancestors
from accounts.elections.models import ResultSheet
from accounts.mergers.plan import OPEN_THINGS, OpenThing
from accounts.models import Unit


@hooks.register(OPEN_THINGS)
def results_that_wait(retired: Sequence[Unit], *, on: date) -> list[OpenThing]:
    """Lists of results of the county that wait for a yes; sealed as they are, they may name what ends."""
    counties = {code for unit in retired for code in ancestors(unit.code)}
    found = ResultSheet.objects.waiting().filter(election__county__code__in=counties)
    words = _("%(who)s has brought election results that are not written yet: have them written or dropped")
    return [
        OpenThing(
            words % {"who": sheet.by.name},
            reverse("elections:detail", args=[sheet.election_id]),
        )
        for sheet in found.select_related("by").order_by("pk")
    ]
