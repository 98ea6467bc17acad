"""Who must do what by when: requirements as data, obligations as rows."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Post, Role, Term, Unit
from lms.hours.models import Ledger

SOON_DAYS = 30  # before its end an exemption is on the list of those to look at
MONTHS = 12  # of the year that is shared


class Period(models.TextChoices):
    """How often a requirement falls due."""

    YEAR = "YEAR", _("Each year")
    TERM = "TERM", _("Each term")
    ONCE = "ONCE", _("Once")


class Measure(models.TextChoices):
    """What is counted."""

    HOURS = "HOURS", _("hours")
    DAYS = "DAYS", _("days")
    TIMES = "TIMES", _("times")


class Requirement(models.Model):
    """One version of who owes what: posts, region, period, ledgers, amount, source (domain §2)."""

    slug = models.SlugField(_("short name"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="requirements", verbose_name=_("region"))
    roles = models.JSONField(_("posts"), default=list, blank=True)
    is_for_party_members = models.BooleanField(_("party members only"), default=False)
    is_for_newly_elected = models.BooleanField(_("newly elected only"), default=False)
    period = models.CharField(_("period"), max_length=4, choices=Period)
    # Far beyond any use, and near enough that no day is reckoned outside the calendar.
    months = models.PositiveSmallIntegerField(
        _("months to fulfil"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    ledgers = models.JSONField(_("ledgers"))
    measure = models.CharField(_("measure"), max_length=5, choices=Measure)
    amount = models.DecimalField(_("amount"), max_digits=6, decimal_places=2)
    min_classes = models.PositiveSmallIntegerField(
        _("classes at least"), default=0, validators=[MaxValueValidator(100)]
    )
    is_pro_rata = models.BooleanField(_("shared by the months in post"), default=False)
    is_rotation = models.BooleanField(_("rotation classes only"), default=False)
    lead_days = models.PositiveSmallIntegerField(
        _("days before the start that still count"), default=0, validators=[MaxValueValidator(1_830)]
    )
    can_be_made_up = models.BooleanField(_("can be made up after the deadline"), default=False)
    has_certificate = models.BooleanField(_("ends in a certificate"), default=True)
    document = models.CharField(_("source document"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    # What a raise has in common with the requirement that it raises. To let people make up would give them
    # longer, and not to let them would end what they owe with the deadline.
    SHARED = (
        "period",
        "ledgers",
        "measure",
        "is_rotation",
        "is_for_party_members",
        "is_for_newly_elected",
        "can_be_made_up",
    )

    class Meta:
        ordering = ["position", "slug", "unit__code", "valid_from"]
        verbose_name = _("requirement")
        constraints = [
            models.UniqueConstraint(fields=["slug", "unit", "valid_from"], name="requirement_one_start"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="requirement_asks_something"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="requirement_valid_to_after_from",
            ),
            models.CheckConstraint(
                condition=~Q(period="ONCE") | Q(months__isnull=False), name="requirement_once_has_months"
            ),
            models.CheckConstraint(
                condition=Q(is_pro_rata=False) | Q(period="YEAR"), name="requirement_shared_by_year_only"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def says(self, fields: Mapping[str, object]) -> bool:
        """Whether this version has these values."""
        return all(getattr(self, name) == value for name, value in fields.items())

    def counts_like(self, fields: Mapping[str, object]) -> bool:
        """Whether the values count the same things for the same people, so that amounts compare."""
        return self.says({name: fields[name] for name in self.SHARED})

    def is_valid_on(self, on: date) -> bool:
        """Whether this version holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)

    @property
    def role_labels(self) -> list[str]:
        """The posts it speaks to, as words; none means every post."""
        return [str(Role(role).label) for role in self.roles]

    @property
    def ledger_labels(self) -> list[str]:
        """The ledgers it counts, as words."""
        return [str(Ledger(ledger).label) for ledger in self.ledgers]


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Reads of obligations and their standing."""

    def of(self, person_id: int) -> Self:
        """The obligations of one person that still hold."""
        return self.filter(person_id=person_id, released_on=None)

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Obligations of people whom a staff member's scopes cover (of some roles, when named)."""
        return self.filter(user.reach("person", *roles))

    def running(self, on: date) -> Self:
        """Obligations that hold and whose time includes a day, or that are overdue and can be made up."""
        open_late = Q(due_on__lt=on, is_met=False, requirement__can_be_made_up=True)
        return self.filter(Q(starts_on__lte=on) & (Q(due_on__gte=on) | open_late), released_on=None)

    def short(self) -> Self:
        """Obligations that are neither met nor exempt: who still needs what."""
        return self.filter(released_on=None, is_met=False, is_exempt=False)

    def certifiable(self) -> Self:
        """Met obligations whose requirement ends in a certificate."""
        return self.filter(released_on=None, is_met=True, requirement__has_certificate=True)


class Obligation(models.Model):
    """One person × requirement × period with its dates and its standing.

    The dates come from posts and terms; `earned`, `classes` and `is_met` from the ledger, and
    `rebuild_standings` makes them anew at any time.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="obligations")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="obligations")
    slug = models.SlugField(max_length=40)
    period_key = models.CharField(max_length=20)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="obligations")
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="obligations")
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("due"))
    required = models.DecimalField(_("required"), max_digits=6, decimal_places=2)
    # The months of twelve that count, where the requirement is shared by the months in post.
    share_months = models.PositiveSmallIntegerField(_("months in post"), null=True, blank=True)
    # Part of `earned`: last year's excess, where the region's rule lets it count again.
    carried = models.DecimalField(_("carried over"), max_digits=7, decimal_places=2, default=Decimal(0))
    earned = models.DecimalField(_("earned"), max_digits=7, decimal_places=2, default=Decimal(0))
    classes = models.SmallIntegerField(_("classes"), default=0)
    is_met = models.BooleanField(default=False)
    met_on = models.DateField(_("met on"), null=True, blank=True)
    is_exempt = models.BooleanField(default=False)
    released_on = models.DateField(_("no longer due since"), null=True, blank=True)
    # When one of the figures or dates last changed, not when somebody last looked.
    refreshed_at = models.DateTimeField()

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["person", "requirement__position", "starts_on"]
        verbose_name = _("obligation")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "slug", "period_key"], name="obligation_once_per_period"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="obligation_due_after_start"
            ),
            models.CheckConstraint(
                condition=Q(is_met=True, met_on__isnull=False) | Q(is_met=False, met_on=None),
                name="obligation_met_on_exactly_when_met",
            ),
            models.CheckConstraint(condition=Q(carried__gte=0), name="obligation_carried_not_negative"),
            models.CheckConstraint(
                condition=Q(share_months=None) | Q(share_months__range=(1, MONTHS)),
                name="obligation_share_within_year",
            ),
        ]
        indexes = [models.Index(fields=["is_met", "refreshed_at"], name="obligation_met_recently")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.slug} · {self.period_key}"

    @property
    def short(self) -> Decimal:
        """What is still missing, never below zero; zero when only classes are missing."""
        return max(Decimal(0), self.required - self.earned)

    @property
    def is_shared(self) -> bool:
        """Whether less than the whole year's amount is asked, because a post is held for a part of it."""
        return self.share_months is not None and self.share_months < MONTHS


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    """Reads of exemptions."""

    def of(self, person_id: int) -> Self:
        """Those of one person."""
        return self.filter(person_id=person_id)

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Exemptions of people whom a staff member's scopes cover (of some roles, when named)."""
        return self.filter(user.reach("person", *roles))

    def running(self, on: date) -> Self:
        """Those that hold on a day; one a person at most."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=on), from_on__lte=on)

    def ending_soon(self, on: date) -> Self:
        """Those of them that end within a month; unless another follows, the person is asked again then."""
        return self.running(on).filter(to_on__lte=on + timedelta(days=SOON_DAYS))


class Exemption(models.Model):
    """A person for whom study is not a hard requirement: why, how long, and who helps (免学/送学上门)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exemptions")
    reason = models.CharField(_("reason"), max_length=200)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="helping",
        verbose_name=_("helper"),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "-pk"]
        verbose_name = _("exemption")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_has_reason"),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="exemption_to_after_from"
            ),
            models.CheckConstraint(
                condition=Q(helper=None) | ~Q(helper=F("person")), name="exemption_helper_is_another"
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def overlaps(self, from_on: date, to_on: date | None) -> bool:
        """Whether any of these days lies in the exemption."""
        begins_before_end = to_on is None or self.from_on <= to_on
        return begins_before_end and (self.to_on is None or self.to_on >= from_on)

    def is_running_on(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.overlaps(on, on)
