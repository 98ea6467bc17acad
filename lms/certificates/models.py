"""Proof: certificates, issued once and frozen."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CharField, DecimalField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Unit
from lms.certificates.digest import digest_of
from lms.hours.models import HoursEntry
from lms.hours.sums import ExactSum
from lms.obligations.models import Obligation
from lms.training.classes.models import TrainingClass


class CertificateStatus(models.TextChoices):
    """What a certificate is worth today."""

    VALID = "VALID", _("Valid")
    REPLACED = "REPLACED", _("Replaced")
    REVOKED = "REVOKED", _("Revoked")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Reads of certificates."""

    def of(self, person_id: int) -> Self:
        """The certificates of one person, newest first."""
        return self.filter(person_id=person_id)

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Certificates of people whom a staff member's scopes cover (of some roles, when named)."""
        return self.filter(user.reach("person", *roles))

    def valid(self) -> Self:
        """Certificates that are neither replaced nor revoked."""
        return self.filter(status=CertificateStatus.VALID)

    def contradicted(self) -> Self:
        """Valid certificates of what no longer stands: somebody must look, nothing is taken back.

        The obligation is no longer met, or the ledger says something else of the class.
        """
        source = Concat(Value("class:"), Cast(OuterRef("training_class"), CharField()))
        lines = HoursEntry.objects.filter(person=OuterRef("person"), source=source).order_by()
        sums = lines.values("source").annotate(sum_hours=ExactSum("hours"), sum_times=Sum("times"))
        figure = DecimalField(max_digits=8, decimal_places=2)
        found = self.valid().annotate(
            times_now=Coalesce(Subquery(sums.values("sum_times")), 0),
            hours_now=Subquery(sums.values("sum_hours"), output_field=figure),
            hours_printed=Cast(KT("snapshot__hours_earned"), figure),
        )
        of_class = Q(training_class__isnull=False) & (Q(times_now__lt=1) | ~Q(hours_now=F("hours_printed")))
        return found.filter(Q(obligation__is_met=False) | of_class)


class Certificate(models.Model):
    """A met obligation or a finished class as it stood on the day of issue; the snapshot is printed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    serial = models.CharField(_("serial"), max_length=40, unique=True)
    # Unguessable, so that the public page cannot be walked through by counting.
    token = models.CharField(max_length=32, unique=True)
    snapshot = models.JSONField()
    digest = models.CharField(_("SHA-256 of the snapshot"), max_length=64)
    issued_at = models.DateTimeField(_("issued"))
    status = models.CharField(max_length=10, choices=CertificateStatus, default=CertificateStatus.VALID)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("certificate")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(replaces=None), name="certificate_issued_once"
            ),
            models.UniqueConstraint(
                fields=["person", "training_class"],
                condition=Q(replaces=None),
                name="certificate_of_class_once",
            ),
            models.CheckConstraint(
                condition=Q(obligation=None, training_class__isnull=False)
                | Q(obligation__isnull=False, training_class=None),
                name="certificate_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(status="VALID", ended_at=None, ended_by=None)
                | (
                    ~Q(status="VALID") & Q(ended_at__isnull=False) & Q(ended_by__isnull=False) & ~Q(reason="")
                ),
                name="certificate_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def subject(self) -> str:
        """What it certifies, as printed: the obligation's name or the class's."""
        return str(self.snapshot.get("obligation_name") or self.snapshot.get("class_title", ""))

    @property
    def is_intact(self) -> bool:
        """Whether the snapshot is still the one whose digest was printed."""
        return digest_of(self.snapshot) == self.digest

    @property
    def successor(self) -> "Certificate | None":
        """The certificate that took this one's place, if any; load `replaced_by` with it."""
        return getattr(self, "replaced_by", None)


class SerialBook(models.Model):
    """The last number given out in a county and year; its locked row makes numbers follow without a gap."""

    county = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="serial_book_once")]

    def __str__(self) -> str:
        return f"{self.county_id} {self.year}: {self.last}"
