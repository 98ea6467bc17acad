"""学分申报: claims of hours earned elsewhere, their evidence, and the sheets that file many at once."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Cadre, Unit
from accounts.models.units import within_any
from lms.hours.models import Ledger


class ClaimStatus(models.TextChoices):
    """Where a claim stands; nothing leads back."""

    FILED = "FILED", _("Waits for a decision")
    APPROVED = "APPROVED", pgettext_lazy("claim", "Approved")
    REFUSED = "REFUSED", pgettext_lazy("claim", "Refused")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class EvidenceKind(models.TextChoices):
    """What a file of evidence is, by its content."""

    JPG = "JPG", "JPG"
    PNG = "PNG", "PNG"
    PDF = "PDF", "PDF"


CONTENT_TYPES = {
    EvidenceKind.JPG: "image/jpeg",
    EvidenceKind.PNG: "image/png",
    EvidenceKind.PDF: "application/pdf",
}


class ClaimBatchQuerySet(models.QuerySet["ClaimBatch"]):
    """Reads of sheets of claims."""

    def of(self, user: Cadre) -> Self:
        """Somebody's own: a sheet on its way in is nobody else's business."""
        return self.filter(by=user)

    def waiting(self) -> Self:
        """Sheets that wait for a yes."""
        return self.filter(written_at=None)

    def written(self) -> Self:
        """Sheets whose claims have been filed."""
        return self.filter(written_at__isnull=False)

    def older_than(self, moment: datetime) -> Self:
        """Sheets brought before a moment."""
        return self.filter(at__lt=moment)

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Filed sheets with the claim of somebody whom a staff member's scopes cover."""
        return self.written().filter(pk__in=Claim.objects.visible_to(user, *roles).values("batch"))


class ClaimBatch(models.Model):
    """One spreadsheet of claims: who brought it and when, its rows until they are filed.

    The rows hold phones and parts of ID numbers, so they lie here as ciphertext and go when they are filed.
    """

    file_name = models.CharField(_("file"), max_length=200)
    encoding = models.CharField(max_length=20)
    has_merges = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="claim_batches")
    at = models.DateTimeField(_("brought"))
    rows_cipher = models.BinaryField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    written = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)

    objects = ClaimBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("sheet of claims")
        constraints = [
            models.CheckConstraint(
                condition=Q(written_at=None) | Q(rows_cipher=None),
                name="claim_batch_keeps_no_rows_when_written",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Reads of claims."""

    def of(self, person_id: int) -> Self:
        """The claims of one person."""
        return self.filter(person_id=person_id)

    def visible_to(self, user: Cadre, *roles: str) -> Self:
        """Claims of people whom a staff member's scopes cover (of some roles, when they are named).

        The unit that keeps the file decides, and of a party member on the move the present unit too.
        """
        return self.filter(user.reach("person", *roles))

    def open_to(self, user: Cadre) -> Self:
        """The user's own claims, and those that their staff scopes let them read."""
        return self.filter(Q(person=user) | user.reach("person"))

    def filed_for_or_by(self, user: Cadre) -> Self:
        """The user's own claims, and those that the user filed for others: who may withdraw them."""
        return self.filter(Q(person=user) | Q(filed_by=user))

    def within(self, unit: Unit) -> Self:
        """Claims of people whose present unit lies in a unit's subtree."""
        return self.filter(within_any([unit], "person__unit__code"))

    def in_year(self, year: int) -> Self:
        """Claims of what ended in a year."""
        return self.filter(ends_on__year=year)

    def waiting(self) -> Self:
        """Claims that wait for a decision."""
        return self.filter(status=ClaimStatus.FILED)

    def standing(self) -> Self:
        """Claims that wait or were approved: what another one could repeat."""
        return self.filter(status__in=(ClaimStatus.FILED, ClaimStatus.APPROVED))

    def touching(self, first: date, last: date) -> Self:
        """Claims some of whose dates lie between two days."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def like(self, claim: "Claim") -> Self:
        """Other standing claims of the same person: the same days in part, or the same title."""
        others = self.standing().of(claim.person_id).exclude(pk=claim.pk)
        same_days = Q(starts_on__lte=claim.ends_on, ends_on__gte=claim.starts_on)
        return others.filter(same_days | Q(title=claim.title))

    def by_status(self) -> dict[str, int]:
        """How many of these claims there are of each status (one query)."""
        counted = self.order_by().values_list("status").annotate(Count("pk"))
        return dict(counted)


class Claim(models.Model):
    """Hours that somebody earned elsewhere, until and after a second person decided about them."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name=_("person")
    )
    title = models.CharField(_("what was learned"), max_length=120)
    organiser = models.CharField(_("organiser"), max_length=120)
    ledger = models.CharField(_("ledger"), max_length=12, choices=Ledger)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    # As many as a ledger line can hold.
    hours_asked = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
    days_asked = models.DecimalField(_("days"), max_digits=4, decimal_places=1, default=0)
    hours_granted = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    days_granted = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    status = models.CharField(max_length=10, choices=ClaimStatus, default=ClaimStatus.FILED)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(_("filed"))
    # The second person; nobody decided what was withdrawn.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Why it was refused, or why less was granted than asked.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    batch = models.ForeignKey(ClaimBatch, models.PROTECT, null=True, blank=True, related_name="claims")
    # Made with the form or the row, so that what is sent twice is one claim.
    key = models.CharField(max_length=36, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at", "-pk"]
        verbose_name = _("claim")
        indexes = [models.Index(fields=["status", "-filed_at"], name="claim_status_filed")]
        constraints = [
            models.UniqueConstraint(fields=["filed_by", "key"], name="claim_one_per_form"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="claim_ends_after_start"),
            models.CheckConstraint(
                condition=Q(hours_asked__gt=0, days_asked__gte=0), name="claim_asks_for_something"
            ),
            # The promise of the second person; what nobody decided compares with nobody.
            models.CheckConstraint(
                condition=Q(decided_by=None) | (~Q(decided_by=F("filed_by")) & ~Q(decided_by=F("person"))),
                name="claim_decided_by_second_person",
            ),
            models.CheckConstraint(
                condition=Q(status="FILED", decided_by=None, decided_at=None)
                | Q(status="WITHDRAWN", decided_by=None, decided_at__isnull=False)
                | Q(status__in=("APPROVED", "REFUSED"), decided_by__isnull=False, decided_at__isnull=False),
                name="claim_decision_names_person_and_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="REFUSED") | ~Q(reason=""), name="claim_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=(~Q(status="APPROVED") & Q(hours_granted=None, days_granted=None))
                | Q(
                    status="APPROVED",
                    hours_granted__gt=0,
                    hours_granted__lte=F("hours_asked"),
                    days_granted__gte=0,
                    days_granted__lte=F("days_asked"),
                ),
                name="claim_grants_no_more_than_asked",
            ),
            models.CheckConstraint(
                condition=~Q(status="APPROVED")
                | Q(hours_granted=F("hours_asked"), days_granted=F("days_asked"))
                | ~Q(reason=""),
                name="claim_lowered_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> str:
        """What its ledger line names as its source."""
        return f"claim:{self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet, and it can be withdrawn."""
        return self.status == ClaimStatus.FILED


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Reads of evidence."""

    def open_to(self, user: Cadre) -> Self:
        """Evidence of claims that the user may read, and of the user's own sheets before they are filed."""
        claims = Claim.objects.open_to(user)
        shared = Q(batch__in=claims.exclude(batch=None).values("batch"))
        own_sheet = Q(batch__in=ClaimBatch.objects.of(user).waiting())
        return self.filter(Q(claim__in=claims) | shared | own_sheet)

    def for_claim(self, claim: Claim) -> Self:
        """What proves a claim: its own files, or those that its sheet shares."""
        return self.filter(batch=claim.batch_id) if claim.batch_id else self.filter(claim=claim)


class Evidence(models.Model):
    """A file that proves a claim, or all claims of a sheet; kept where only a checked request reaches it."""

    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="evidence")
    batch = models.ForeignKey(ClaimBatch, models.PROTECT, null=True, blank=True, related_name="evidence")
    name = models.CharField(_("file name"), max_length=120)
    kind = models.CharField(max_length=3, choices=EvidenceKind)
    # The name in the storage, which says nothing about the person.
    file = models.CharField(max_length=100, unique=True)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(claim=None, batch__isnull=False) | Q(claim__isnull=False, batch=None),
                name="evidence_of_one_claim_or_one_sheet",
            ),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="evidence_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it as a picture."""
        return self.kind != EvidenceKind.PDF

    @property
    def content_type(self) -> str:
        """What browsers are told that the file is."""
        return CONTENT_TYPES[EvidenceKind(self.kind)]
