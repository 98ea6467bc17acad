"""The library's upload form: what a file is, is seen before it is kept; whether it can be shown, by a job."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from courses.documents.actions import note
from courses.documents.kinds import kind_of
from courses.documents.models import Document
from courses.documents.refusals import Refused, in_words
from courses.uploads import refuse_replacing


class DocumentForm(WagtailAdminModelForm):
    """A document: its kind, size and fingerprint come from the file itself."""

    instance: Document
    new_kind = ""
    replaced = ""

    class Meta:
        model = Document
        fields = ["title", "file"]
        help_texts = {"file": _("A PDF, or a file of Word (.docx), PowerPoint (.pptx) or Excel (.xlsx).")}

    def clean_file(self) -> Any:  # an upload, or the stored file when none was given
        """Look at a new file, and say in words why it is not taken."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        refuse_replacing(self.instance)
        try:
            self.new_kind = kind_of(file, str(file.name), file.size or 0)
        except Refused as refused:
            raise ValidationError(in_words(refused)) from refused
        self.replaced = str(self.initial.get("file") or "")
        return file

    def save(self, commit: bool = True) -> Document:
        """Keep the document together with what its file turned out to be."""
        if self.new_kind:
            note(document=self.instance, kind=self.new_kind, file=self.cleaned_data["file"])
            self.instance.uploaded_by = self.for_user
        document: Document = super().save(commit)
        return document
