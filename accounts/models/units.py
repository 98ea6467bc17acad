"""Units: the tree of places, province to village."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.codes import LENGTHS, ancestors, prefix_of, subtree

if TYPE_CHECKING:
    from .people import Cadre

# The registered name of a village is that of its committee; nobody calls it so.
SPOKEN = {"村民委员会": "村", "社区居民委员会": "社区", "居民委员会": "居委会"}


class Level(models.TextChoices):
    """The five levels of the tree."""

    PROVINCE = "PROVINCE", _("Province")
    CITY = "CITY", _("City")
    COUNTY = "COUNTY", _("County")
    TOWNSHIP = "TOWNSHIP", _("Township")
    VILLAGE = "VILLAGE", _("Village")

    @property
    def digits(self) -> int:
        """How many digits of a code stand for the level: 6 for a county, 9 for a township."""
        return LENGTHS[list(Level).index(self)]


def within_any(units: Iterable["Unit"], field: str = "code") -> Q:
    """The condition that a code lies in the subtree of one of the units; of no unit, nothing."""
    reach = Q(pk__in=[])
    for unit in units:
        reach |= Q(**{f"{field}__range": subtree(unit.code)})
    return reach


class UnitQuerySet(models.QuerySet["Unit"]):
    """Reads of units."""

    def within(self, unit: "Unit") -> Self:
        """The unit and everything below it."""
        return self.filter(code__range=subtree(unit.code))

    def visible_to(self, user: "Cadre", *roles: str) -> Self:
        """Units in the subtrees of a staff member's scopes (of some roles, when they are named)."""
        return self.filter(within_any(user.reach_units(*roles)))

    def above(self, unit: "Unit") -> Self:
        """The unit and everything above it, highest first."""
        return self.filter(code__in=ancestors(unit.code)).order_by("code")

    def replaced_by(self, units: Iterable["Unit"]) -> Self:
        """Retired units whose successor lies in the subtree of one of the units."""
        return self.filter(within_any(units, "successor__code"))

    def in_force(self, on: date) -> Self:
        """Units whose code is valid on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), Q(valid_from=None) | Q(valid_from__lte=on))


class Unit(models.Model):
    """A place in the tree; retired codes keep their history and name a successor."""

    code = models.CharField(
        _("code"), max_length=12, unique=True, validators=[RegexValidator(r"^[1-9]\d{11}$")]
    )
    name = models.CharField(_("name"), max_length=80)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("unit")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="unit_valid_to_after_from",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(valid_to__isnull=False), name="unit_with_successor_is_retired"
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("pk")), name="unit_is_not_its_own_successor"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name as people say it: 东城村 for 东城村民委员会, 南门社区 for 南门社区居民委员会."""
        for ending, said in SPOKEN.items():
            if self.name.endswith(ending):
                return self.name.removesuffix(ending) + said
        return self.name

    @property
    def prefix(self) -> str:
        """The significant digits of the code."""
        return prefix_of(self.code)

    def is_in_force(self, on: date) -> bool:
        """Whether the code is valid on a day."""
        has_begun = self.valid_from is None or self.valid_from <= on
        return has_begun and (self.valid_to is None or self.valid_to >= on)

    def contains(self, code: str) -> bool:
        """Whether a unit code lies in this unit's subtree."""
        return code.startswith(self.prefix)
