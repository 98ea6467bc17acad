"""Viewing stations: places of villages, each run by a named keeper, and the equipment that stands there."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, StaffRole, StaffScope, Unit
from accounts.models.units import within_any


class StationQuerySet(models.QuerySet["Station"]):
    """Reads of stations."""

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Those in the units of a staff member's scopes (of some roles, when they are named)."""
        return self.filter(within_any(user.reach_units(*roles), "unit__code"))

    def open(self, on: date) -> Self:
        """Those that are run on a day."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=on), from_on__lte=on)

    def within(self, unit: Unit) -> Self:
        """Those in a unit's subtree."""
        return self.filter(within_any([unit], "unit__code"))

    def with_keepers(self) -> Self:
        """With the scopes of their keepers, read along as `unit.keeper_scopes` (three queries)."""
        scopes = StaffScope.objects.filter(role=StaffRole.STATION).select_related("person")
        scopes = scopes.order_by("person__name", "pk")
        return self.select_related("unit").prefetch_related(
            models.Prefetch("unit__staff_scopes", scopes, to_attr="keeper_scopes")
        )


class Station(models.Model):
    """The screen of a village before which people study together; its keepers hold a scope on the village."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="stations", verbose_name=_("village"))
    name = models.CharField(_("name"), max_length=60)
    from_on = models.DateField(_("run since"))
    to_on = models.DateField(_("run until"), null=True, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        ordering = ["unit__code", "-from_on"]
        verbose_name = _("viewing station")
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(to_on=None), name="station_one_open_per_unit"
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="station_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def keepers(self) -> list[Cadre]:
        """The people who run it, as `with_keepers` read them."""
        scopes: list[StaffScope] = self.unit.keeper_scopes  # type: ignore[attr-defined]  # read along
        return [scope.person for scope in scopes]

    def is_run_on(self, on: date) -> bool:
        """Whether it is run on a day."""
        return self.from_on <= on and (self.to_on is None or self.to_on >= on)


class Condition(models.TextChoices):
    """In what state a piece of equipment is."""

    WORKS = "WORKS", _("Works")
    REPAIR = "REPAIR", _("Needs repair")
    BROKEN = "BROKEN", _("Out of use")


class Equipment(models.Model):
    """A line of a station's equipment book."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="equipment")
    name = models.CharField(_("equipment"), max_length=80)
    count = models.PositiveSmallIntegerField(_("pieces"), default=1)
    condition = models.CharField(_("condition"), max_length=6, choices=Condition, default=Condition.WORKS)
    since_on = models.DateField(_("there since"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        ordering = ["station", "pk"]
        verbose_name = _("equipment of a station")
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="equipment_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.count}"
