"""意见建议: complaints and suggestions with tracked replies (domain §5)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Level, Unit
from accounts.models.units import within_any


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Reads of suggestions."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Those of the user's units (of some roles, when named); nameless ones go to counties and above."""
        units = user.reach_units(*roles)
        reach = within_any(units, "unit__code")
        if any(unit.level not in {Level.TOWNSHIP, Level.VILLAGE} for unit in units):
            reach |= Q(unit=None)
        return self.filter(reach)


class Suggestion(models.Model):
    """What somebody told us, and where it stands."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="suggestions")
    text = models.TextField(_("what you would like to tell us"), max_length=2000)
    contact = models.CharField(_("how to reach you (optional)"), max_length=60, blank=True)
    page = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("suggestion")

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def can_be_answered(self) -> bool:
        """Whether an answer has somebody to reach."""
        return bool(self.person_id or self.contact)


class Reply(models.Model):
    """An answer that its writer stands for."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("reply"), max_length=2000)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
