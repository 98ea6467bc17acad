"""Proof: certificates, issued once and frozen."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Cadre, Unit
from accounts.models.units import within_any
from lms.certificates.digest import digest_of
from lms.obligations.models import Obligation


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
        return self.filter(within_any(user.scope_units(*roles), "person__unit__code"))

    def valid(self) -> Self:
        """Certificates that are neither replaced nor revoked."""
        return self.filter(status=CertificateStatus.VALID)

    def contradicted(self) -> Self:
        """Valid certificates whose obligation is no longer met: somebody must look, nothing is taken back."""
        return self.valid().filter(obligation__is_met=False)


class Certificate(models.Model):
    """A met obligation as it stood on the day of issue; the snapshot is what the PDF prints."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="certificates")
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
