"""Sample checks: sessions that a township drew at random, and what it found when it looked."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Unit
from accounts.models.units import within_any

from .viewings import Viewing


class Finding(models.TextChoices):
    """Whether what the township found agrees with the record."""

    AGREES = "AGREES", _("Agrees with the record")
    DIFFERS = "DIFFERS", _("Does not agree")


class SampleDraw(models.Model):
    """A draw that anybody can repeat: the seed, and among which viewings it drew."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sample_draws")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until"))
    wanted = models.PositiveSmallIntegerField(_("how many"))
    seed = models.BigIntegerField()
    # The keys of the viewings among which it drew, in their order.
    among = models.JSONField(default=list)
    drawn_at = models.DateTimeField(_("drawn"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-drawn_at", "-pk"]
        verbose_name = _("draw of samples")
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=models.F("from_on")), name="draw_ends_after_start"),
            models.CheckConstraint(condition=Q(wanted__gt=0), name="draw_wants_something"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.from_on}–{self.to_on}"


class SampleQuerySet(models.QuerySet["Sample"]):
    """Reads of samples."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Those of stations in a staff member's units (of some roles, when they are named)."""
        return self.filter(within_any(user.reach_units(*roles), "viewing__station__unit__code"))

    def open(self) -> Self:
        """Those that nobody has looked at yet."""
        return self.filter(finding="")

    def checked(self) -> Self:
        """Those with a result."""
        return self.exclude(finding="")


class Sample(models.Model):
    """One viewing that was drawn, with what was found: how many people were there, and whether it agrees."""

    draw = models.ForeignKey(SampleDraw, models.PROTECT, related_name="samples")
    # A viewing is drawn once: what was looked at need not be looked at again.
    viewing = models.OneToOneField(Viewing, models.PROTECT, related_name="sample")
    # How many stood on the roll when it was drawn.
    on_roll = models.PositiveSmallIntegerField(_("on the roll"))
    found = models.PositiveSmallIntegerField(_("people who were there"), null=True, blank=True)
    finding = models.CharField(_("result"), max_length=7, choices=Finding, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["draw", "viewing"]
        verbose_name = _("sample")
        constraints = [
            models.CheckConstraint(
                condition=Q(finding="", found=None, checked_at=None, checked_by=None)
                | (
                    ~Q(finding="")
                    & Q(found__isnull=False, checked_at__isnull=False, checked_by__isnull=False)
                ),
                name="sample_checked_whole",
            ),
            models.CheckConstraint(
                condition=~Q(finding=Finding.DIFFERS) | ~Q(note=""), name="sample_differs_with_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.viewing_id} {self.finding}"
