"""What the preview of an election says of exemptions: one that runs on counts again after the next post."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.elections.departures import departure
from accounts.roster.verdicts import Reason
from lms.obligations.models import Exemption


@dataclass(frozen=True, slots=True)
class OpenExemption(Reason):
    """Somebody leaves and is exempt."""

    def __str__(self) -> str:
        words = _(
            "%(name)s is exempt, and stays so if they come back. End it on their page if that is wrong."
        )
        return words % dict(self.values)


@departure
def open_exemptions(leaving: Mapping[int, str], on: date) -> dict[int, Reason]:
    """Of the people who leave, those with an exemption that has not ended by the day."""
    running = Exemption.objects.filter(Q(to_on=None) | Q(to_on__gte=on), person__in=list(leaving))
    ids = running.order_by("person").values_list("person_id", flat=True)
    return {pk: OpenExemption("open_exemption", (("name", leaving[pk]),)) for pk in ids}
