"""The election of a county's new term, the villages whose result is in, and sheets that wait for a yes."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from accounts.access import MANAGERS, RULERS
from accounts.codes import ancestors
from accounts.models import Cadre, Level, Term, Unit
from accounts.models.imports import BroughtSheet, BroughtSheetQuerySet
from accounts.models.units import UnitQuerySet, within_any


class ElectionQuerySet(models.QuerySet["Election"]):
    """Reads of elections."""

    def visible_to(self, user: Cadre) -> Self:
        """Elections of the counties that a keeper of rosters has a part of, or the whole."""
        units = user.scope_units(*MANAGERS)
        above = {code for unit in units for code in ancestors(unit.code)}
        return self.filter(within_any(units, "county__code") | Q(county__code__in=above))

    def ruled_by(self, user: Cadre) -> Self:
        """Elections of the counties for which somebody decides: they open and close them."""
        return self.filter(within_any(user.scope_units(*RULERS), "county__code"))

    def still_open(self) -> Self:
        """Elections into which results are still brought."""
        return self.filter(closed_at=None)


class Election(models.Model):
    """The election with which a county's new term begins; open until somebody closes it."""

    county = models.ForeignKey(Unit, models.PROTECT, related_name="elections", verbose_name=_("county"))
    term = models.OneToOneField(Term, models.PROTECT, related_name="election")
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ElectionQuerySet.as_manager()

    class Meta:
        ordering = ["-term__starts_on", "-pk"]
        verbose_name = _("election")
        constraints = [
            models.UniqueConstraint(
                fields=["county"], condition=Q(closed_at=None), name="election_one_open_per_county"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="election_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.term}"

    @property
    def is_open(self) -> bool:
        """Whether results are still brought in."""
        return self.closed_at is None

    def reach(self, user: Cadre) -> list[Unit]:
        """The part of the county whose rosters a staff member keeps: the county itself, or units in it."""
        units = user.scope_units(*MANAGERS)
        if any(unit.contains(self.county.code) for unit in units):
            return [self.county]
        return [unit for unit in units if self.county.contains(unit.code)]

    def villages(self, reach: Iterable[Unit], on: date) -> UnitQuerySet:
        """The villages in force on a day, as far as somebody's part of the county goes."""
        villages: UnitQuerySet = Unit.objects.within(self.county).in_force(on)
        return villages.filter(within_any(reach), level=Level.VILLAGE)


class VillageResultQuerySet(models.QuerySet["VillageResult"]):
    """Reads of results."""

    def by_township(self) -> dict[str, int]:
        """How many villages have their result, by the nine digits of their township."""
        rows = self.annotate(township=Substr("unit__code", 1, Level.TOWNSHIP.digits)).order_by()
        return dict(rows.values("township").annotate(n=Count("pk")).values_list("township", "n"))


class VillageResult(models.Model):
    """A village's result as it was written, once: who came and went is in the posts themselves."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="results")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="election_results")
    begins_on = models.DateField(_("posts begin"))
    carried = models.PositiveSmallIntegerField(_("carry on"))
    changed = models.PositiveSmallIntegerField(_("change post"))
    begun = models.PositiveSmallIntegerField(_("begin"))
    ended = models.PositiveSmallIntegerField(_("end"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = VillageResultQuerySet.as_manager()

    class Meta:
        ordering = ["unit__code"]
        verbose_name = _("village's result")
        constraints = [
            models.UniqueConstraint(fields=["election", "unit"], name="village_result_once_per_election")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.begins_on}"


class ResultSheetQuerySet(BroughtSheetQuerySet["ResultSheet"]):
    """Reads of lists of results."""


class ResultSheet(BroughtSheet):
    """A list of an election's results, with how many villages it speaks of."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="sheets")
    villages = models.PositiveIntegerField(default=0)

    objects = ResultSheetQuerySet.as_manager()

    class Meta(BroughtSheet.Meta):
        verbose_name = _("list of results")
        constraints = [
            models.CheckConstraint(
                condition=BroughtSheet.ROWS_ONLY_WHILE_JUDGED,
                name="result_sheet_keeps_no_rows_when_finished",
            )
        ]
