"""Documents that are read in the page: the uploaded file, and the small pieces that phones are given."""

import re
from html import unescape

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.documents.kinds import DOCX, PDF, PPTX, XLSX
from lms.jobs.models import Job, JobStatus

TAG = re.compile("<[^>]*>")
CONTENT_TYPES = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class DocumentKind(models.TextChoices):
    """What the file is, by its content."""

    PDF = PDF, "PDF"
    DOCX = DOCX, "Word"
    PPTX = PPTX, "PowerPoint"
    XLSX = XLSX, "Excel"


class Document(models.Model):
    """An uploaded document; it can be studied as soon as its pieces are made."""

    title = models.CharField(_("title"), max_length=255)
    # Empty again when the file was refused.
    file = models.FileField(_("file"), upload_to="documents/originals")
    kind = models.CharField(_("kind"), max_length=4, choices=DocumentKind, editable=False)
    size_bytes = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    # Pages, slides or sheets; a text of Word has none.
    pages = models.PositiveIntegerField(_("pages"), default=0, editable=False)
    seconds = models.PositiveIntegerField(_("seconds of reading"), default=0, editable=False)
    # All pictures of the pieces together: what reading it to the end costs in data.
    reading_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    job = models.ForeignKey(Job, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ready(self) -> bool:
        """Whether its pieces are made."""
        return self.seconds > 0

    @property
    def is_refused(self) -> bool:
        """Whether the last try to make the pieces failed for good; the job says why (one query)."""
        return not self.is_ready and self.job is not None and self.job.status == JobStatus.FAILED

    @property
    def has_pages(self) -> bool:
        """Whether each piece is the picture of a page, with the page's text for those who prefer it."""
        return self.kind == PDF

    @property
    def url(self) -> str:
        """The protected address of the file itself."""
        return reverse("documents:file", args=[self.pk, self.digest or "0"])

    @property
    def content_type(self) -> str:
        """What browsers are told that the file is."""
        return CONTENT_TYPES[self.kind]

    @property
    def file_name(self) -> str:
        """The name under which the file is handed out."""
        return f"{self.title}.{self.kind.lower()}"


class Piece(models.Model):
    """A piece of a document: a picture, a stretch of text, or a page's picture with its text."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    page = models.PositiveIntegerField(default=0)
    # Written by `courses.documents.pieces` alone, every text in it escaped.
    html = models.TextField(blank=True)
    picture = models.CharField(max_length=200, blank=True)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    starts = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField()
    part = models.PositiveIntegerField()
    text_part = models.PositiveIntegerField()
    # The first piece of its page or slide, which then says which one.
    is_new_page = models.BooleanField(default=False)

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="piece_number_once"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="piece_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} · {self.number}"

    @property
    def words(self) -> str:
        """The text of the piece without marks of layout: what stands for a picture inside a document."""
        return unescape(TAG.sub(" ", self.html)).strip()

    @property
    def ends(self) -> int:
        """The second at which the next piece begins."""
        return self.starts + self.seconds
