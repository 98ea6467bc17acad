"""Posts, terms and staff scopes: person × unit × role × from × to."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.codes import subtree

from .units import Unit

if TYPE_CHECKING:
    from .people import Cadre


class Role(models.TextChoices):
    """The roles of a post."""

    SECRETARY = "SECRETARY", _("Village party secretary")
    DIRECTOR = "DIRECTOR", _("Village committee director")
    DEPUTY_SECRETARY = "DEPUTY_SECRETARY", _("Deputy secretary")
    DEPUTY_DIRECTOR = "DEPUTY_DIRECTOR", _("Deputy director")
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER", _("Two-committee member")
    RESERVE = "RESERVE", _("Reserve cadre")
    FIRST_SECRETARY = "FIRST_SECRETARY", _("First secretary in residence")
    GRADUATE = "GRADUATE", _("Selected graduate in the village")
    GRID_WORKER = "GRID_WORKER", _("Grid worker")
    # At the present unit, which shares the person with the home unit that keeps the file.
    MOBILE_MEMBER = "MOBILE_MEMBER", _("Party member on the move")


OLDEST_START = date(1950, 1, 1)

# The members of the two committees: everybody who sits in one, whatever the title.
COMMITTEE_ROLES = (
    Role.SECRETARY,
    Role.DIRECTOR,
    Role.DEPUTY_SECRETARY,
    Role.DEPUTY_DIRECTOR,
    Role.COMMITTEE_MEMBER,
)


class StaffRole(models.TextChoices):
    """What a staff scope lets its holder do in the unit's subtree."""

    TOWNSHIP = "TOWNSHIP", _("Township staff")
    COUNTY = "COUNTY", _("County staff")
    CITY = "CITY", _("City staff")
    PROVINCE = "PROVINCE", _("Province staff")
    STATION = "STATION", _("Station keeper")
    TRAINER = "TRAINER", _("Trainer")
    REVIEWER = "REVIEWER", _("Reviewer")
    AUDITOR = "AUDITOR", _("Auditor")


# The roles that read people's records, step by step: whoever stands on one may do what those below may, in
# their unit. Trainers and reviewers make courses, learn nothing by name, and stand on none.
READERS = (
    StaffRole.STATION,
    StaffRole.AUDITOR,
    StaffRole.TOWNSHIP,
    StaffRole.COUNTY,
    StaffRole.CITY,
    StaffRole.PROVINCE,
)


class TermQuerySet(models.QuerySet["Term"]):
    """Reads of terms."""

    def running(self, on: date) -> Self:
        """Terms that run on a day."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class Term(models.Model):
    """A term (届) of a county; by-elections join the running one."""

    county = models.ForeignKey(Unit, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(_("number"))
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["county", "starts_on"]
        verbose_name = _("term")
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="term_number_once_per_county"),
            models.UniqueConstraint(fields=["county", "starts_on"], name="term_start_once_per_county"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="term_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y}–{self.ends_on:%Y}"


class PostQuerySet(models.QuerySet["Post"]):
    """Reads of posts."""

    def held_on(self, on: date | F) -> Self:
        """Posts held on a day, or on that of an outer row."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=on), from_on__lte=on)

    def within(self, unit: Unit) -> Self:
        """Posts in a unit's subtree."""
        return self.filter(unit__code__range=subtree(unit.code))

    def of(self, person_id: int) -> Self:
        """One person's posts, the newest first."""
        return self.filter(person_id=person_id)

    def running(self) -> Self:
        """Posts without an end."""
        return self.filter(to_on=None)

    def visible_to(self, user: "Cadre", *roles: str) -> Self:
        """Posts of people whom a staff member's scopes cover (of some roles, when they are named)."""
        return self.filter(user.reach("person", *roles))

    def touching(self, first: date) -> Self:
        """Posts that are held on a day or later."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=first))


def can_begin(day: date, *, on: date) -> bool:
    """Whether a post that is entered on a day can begin on another: no year is a slip of the pen."""
    return OLDEST_START <= day <= on.replace(year=on.year + 1, day=1)


class Post(models.Model):
    """One person in one role at one place for a time; several may run at once (一肩挑)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    is_newly_elected = models.BooleanField(_("newly elected"), default=False)
    # The post in a unit that was merged away, of which this one is the rest: one office, not two.
    continues = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "pk"]
        verbose_name = _("post")
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "role", "from_on"], name="post_once_per_start"),
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                condition=Q(to_on=None),
                name="post_one_open_per_role",
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="post_to_after_from"
            ),
            models.CheckConstraint(
                condition=Q(continues=None) | Q(is_newly_elected=False), name="post_goes_on_without_election"
            ),
        ]
        # The few people who are shared are looked up on every page of the desk.
        indexes = [
            models.Index(fields=["unit"], condition=Q(role="MOBILE_MEMBER"), name="post_of_mobile_member")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_role_display()}"

    def is_held_on(self, on: date) -> bool:
        """Whether the post is held on a day."""
        return self.from_on <= on and (self.to_on is None or self.to_on >= on)


class StaffScope(models.Model):
    """A staff member's authority: a role on a unit; the unit's subtree is its code prefix."""

    person: "models.ForeignKey[Cadre, Cadre]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_scopes"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="staff_scopes")
    role = models.CharField(_("role"), max_length=10, choices=StaffRole)

    class Meta:
        verbose_name = _("staff scope")
        constraints = [models.UniqueConstraint(fields=["person", "unit", "role"], name="scope_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.unit}"

    def covers(self, other: "StaffScope") -> bool:
        """Whether its holder may all that the other's holder may."""
        below = READERS[: READERS.index(self.role)] if self.role in READERS else ()
        return other.role in (self.role, *below) and self.unit.contains(other.unit.code)
