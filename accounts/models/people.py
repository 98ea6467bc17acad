"""People: one account each, and what identifies them."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.codes import subtree

from .posts import READERS, Post, Role, StaffScope
from .reach import Guest, people_within
from .units import Unit, within_any


class CadreQuerySet(models.QuerySet["Cadre"]):
    """Reads of people."""

    def within(self, unit: Unit) -> Self:
        """People whose present unit lies in a unit's subtree."""
        return self.filter(unit__code__range=subtree(unit.code))

    def visible_to(self, user: "Cadre", *roles: str) -> Self:
        """People whom a staff member's scopes cover (of some roles, when they are named).

        The unit that keeps the file decides, and for a party member on the move the present unit too.
        """
        return self.filter(user.reach("", *roles))

    def kept_by(self, user: "Cadre", *roles: str) -> Self:
        """People whose file lies in a staff member's scopes: guests are not among them."""
        return self.filter(within_any(user.scope_units(*roles), "unit__code"))

    def signing_in_as(self, login: str) -> Self:
        """Whoever has this account number or, however it is written, this phone."""
        return self.filter(Q(number=login) | Q(phone=phones.normal(login)))

    def in_post(self, on: date) -> Self:
        """People who hold at least one post on a day."""
        return self.filter(pk__in=Post.objects.held_on(on).values("person"))

    def locked(self) -> Self:
        """Lock the people's rows as they are read, in one order, so that nobody waits in a circle.

        The one lock for whatever grants to a person or makes figures of one anew.
        """
        return self.select_for_update(no_key=True).order_by("pk")


class CadreManager(BaseUserManager["Cadre"].from_queryset(CadreQuerySet)):  # type: ignore[misc]  # django-stubs cannot type from_queryset on a subscripted base
    """Makes accounts; a person without a password signs in by code and may set one later."""

    def create_user(self, number: str, password: str | None = None, **fields: Any) -> "Cadre":
        """Make one account; no password leaves it unusable."""
        user = Cadre(number=number, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    @transaction.atomic
    def create_superuser(
        self, number: str, password: str | None = None, *, unit: "Unit | int", **fields: Any
    ) -> "Cadre":
        """Make an administrator for `manage.py createsuperuser`, which names the unit by its key."""
        place = unit if isinstance(unit, Unit) else Unit.objects.get(pk=unit)
        user = self.create_user(number, password, unit=place, is_superuser=True, is_staff=True, **fields)
        AuditLine.objects.create(at=user.joined_at, action="administrator.granted", person=user)
        return user


class Cadre(AbstractBaseUser, PermissionsMixin):
    """A person with an account; records follow the person."""

    number = models.CharField(_("account number"), max_length=20, unique=True)
    name = models.CharField(_("full name"), max_length=60)
    phone = models.CharField(
        _("phone"),
        max_length=11,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^1[3-9]\d{9}$", _("A mobile number has 11 digits."))],
    )
    is_phone_verified = models.BooleanField(_("phone verified"), default=False)
    email = models.EmailField(_("email"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name=_("present unit"))
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    is_party_member = models.BooleanField(_("party member"), default=False)
    identity_cipher = models.BinaryField(null=True, blank=True)
    identity_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    identity_last4 = models.CharField(_("ID number, last four"), max_length=4, blank=True)
    is_staff = models.BooleanField(_("may open the publishing desk"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[CadreManager] = CadreManager()

    USERNAME_FIELD = "number"
    REQUIRED_FIELDS = ["name", "unit"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["unit__code", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(identity_hash=None, identity_last4="")
                | Q(identity_hash__isnull=False, identity_cipher__isnull=False),
                name="cadre_identity_whole_or_absent",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name, as Wagtail and allauth ask for it."""
        return self.name

    def get_short_name(self) -> str:
        """The name again: Chinese names are not cut."""
        return self.name

    @property
    def first_name(self) -> str:
        """The name once more: Wagtail's menu falls back to the account number without it."""
        return self.name

    @cached_property
    def scopes(self) -> list[StaffScope]:
        """This person's staff roles with their units, the widest first, read once per request."""
        return list(self.staff_scopes.select_related("unit").order_by("unit__code", "pk"))

    def has_role(self, *roles: str) -> bool:
        """Whether any staff scope carries one of the roles."""
        return any(scope.role in roles for scope in self.scopes)

    def scope_units(self, *roles: str) -> list[Unit]:
        """The units over which this person may read records, or holds one of the roles that are named."""
        return [scope.unit for scope in self.scopes if scope.role in (roles or READERS)]

    @cached_property
    def _replaced(self) -> list[Unit]:
        """Retired units outside the person's scopes whose successors lie inside, and those before them."""
        known = [scope.unit for scope in self.scopes]
        found: list[Unit] = []
        fresh = known
        while fresh:
            earlier = Unit.objects.replaced_by(fresh).exclude(within_any(known)).select_related("successor")
            fresh = list(earlier.order_by("code"))
            known, found = known + fresh, found + fresh
        return found

    def reach_units(self, *roles: str) -> list[Unit]:
        """The same units, and those outside that were merged into them: their history is read with them."""
        units = self.scope_units(*roles)
        for retired in self._replaced if units else ():
            after = retired.successor
            if after and any(unit.contains(after.code) for unit in units):
                units.append(retired)
        return units

    @cached_property
    def guests(self) -> list[Guest]:
        """The party members on the move who are at the person's units now, read once per request."""
        # Whom somebody may see is asked for the moment of asking; no caller could mean another day.
        running = Post.objects.held_on(timezone.localdate()).filter(role=Role.MOBILE_MEMBER)
        here = running.filter(within_any((scope.unit for scope in self.scopes), "unit__code"))
        fields = ("person_id", "unit__code", "person__unit__code")
        return [Guest(*values) for values in here.order_by("unit__code", "pk").values_list(*fields)]

    def reach(self, person: str = "", *roles: str) -> Q:
        """The condition on what belongs to people whom this staff member may see: the one for all rooms.

        `person` is the path from the queried model to the person. Roles as in `scope_units`.
        """
        return people_within(self.scope_units(*roles), self.guests if self.scopes else (), person)

    def keeps(self, person: "Cadre", *roles: str) -> bool:
        """Whether the person's file lies in this one's scopes; of a guest it does not."""
        return any(unit.contains(person.unit.code) for unit in self.scope_units(*roles))

    def has_rights_of(self, other: "Cadre") -> bool:
        """Whether all that another account may do is open to this one too; an administrator's never is."""
        return not other.is_superuser and all(
            any(own.covers(scope) for own in self.scopes) for scope in other.scopes
        )


class CadreChange(models.Model):
    """A mark that something about a person changed, so that figures made from it are made anew.

    Lines only come and go whole: a reader takes the ids it saw, recomputes, and deletes exactly those,
    so that a change written meanwhile keeps its own mark.
    """

    person = models.ForeignKey(Cadre, models.CASCADE, related_name="changes")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at:%Y-%m-%d %H:%M:%S}"


class AuditLine(models.Model):
    """Who looked up, exported, corrected or changed what, kept at least six months."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(Cadre, models.PROTECT, null=True, related_name="audit_lines")
    action = models.CharField(max_length=60)
    person = models.ForeignKey(Cadre, models.PROTECT, null=True, blank=True, related_name="audited")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
