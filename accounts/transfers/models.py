"""Offers of people to units whose staff must agree."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Unit
from accounts.models.units import within_any


class OfferStatus(models.TextChoices):
    """What became of an offer."""

    OPEN = "OPEN", _("Waiting for an answer")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class TransferOfferQuerySet(models.QuerySet["TransferOffer"]):
    """Reads of offers."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Offers from and to the units of a staff member's scopes (of some roles, when they are named)."""
        units = user.reach_units(*roles)
        return self.filter(within_any(units, "from_unit__code") | within_any(units, "to_unit__code"))

    def to_answer(self, user: Cadre, *roles: str) -> Self:
        """Open offers to the units of a staff member's scopes."""
        return self.open().filter(within_any(user.scope_units(*roles), "to_unit__code"))

    def open(self) -> Self:
        """Offers that wait for an answer."""
        return self.filter(status=OfferStatus.OPEN)


class TransferOffer(models.Model):
    """A person offered by the unit that keeps the file to a unit outside its reach.

    Either the file moves there, or it stays and the person is shared as a party member on the move.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="transfer_offers")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("from unit"))
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("to unit"))
    on = models.DateField(_("day"))
    is_shared = models.BooleanField(_("the file stays"), default=False)
    # Keys of the posts that end on the day before, if the offer is accepted.
    ending = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("offered"))
    status = models.CharField(max_length=10, choices=OfferStatus, default=OfferStatus.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = TransferOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("offered transfer")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(status="OPEN"), name="transfer_one_open_offer"
            ),
            models.CheckConstraint(condition=~Q(from_unit=F("to_unit")), name="transfer_leads_elsewhere"),
            models.CheckConstraint(
                condition=Q(status="OPEN", decided_by=None, decided_at=None)
                | (~Q(status="OPEN") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="transfer_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="DECLINED") | ~Q(reason=""), name="transfer_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.from_unit_id} → {self.to_unit_id}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == OfferStatus.OPEN
