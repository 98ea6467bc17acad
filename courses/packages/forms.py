"""The upload form of packages: only the name and the first bytes are looked at, a job judges the rest."""

from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from courses.packages.completion import Gate
from courses.packages.models import Package
from courses.packages.uses import pages_using, published_with, records_of

ZIP = b"PK\x03\x04"


def check_archive(file: "UploadedFile[bytes]", endings: tuple[str, ...]) -> None:
    """Raise ValidationError, in words, for what cannot be an archive of such a name."""
    if Path(str(file.name)).suffix.lower() not in endings:
        raise ValidationError(
            _("Choose a file whose name ends in %(endings)s.") % {"endings": ", ".join(endings)}
        )
    if (file.size or 0) > settings.PACKAGE_MEGABYTES << 20:
        raise ValidationError(
            _("This file is larger than %(most)s MB, so nothing was kept. Save it smaller, or in parts.")
            % {"most": settings.PACKAGE_MEGABYTES}
        )
    file.seek(0)
    if file.read(len(ZIP)) != ZIP:
        raise ValidationError(
            _("This file does not hold what its name says, so nothing was kept. Save it once more.")
        )
    file.seek(0)


class PackageForm(WagtailAdminModelForm):
    """A package: its title, its archive, and what finishes a lesson that plays it."""

    instance: Package
    endings: ClassVar[tuple[str, ...]] = (".zip",)
    # Whether a new file came, and the name of the one that it takes the place of.
    is_brought = False
    replaced = ""

    class Meta:
        fields = ["title", "upload", "minutes", "gate", "pass_percent"]
        help_texts = {
            "gate": _(
                "What a learner has to do beside having it open for its time. "
                "A change counts from the next time that the lesson is published."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Wagtail's
        super().__init__(*args, **kwargs)
        upload = self.fields["upload"]
        is_new = self.instance.pk is None
        if is_new:
            self.fields["title"].required = False
            self.fields["title"].help_text = _("Left empty, it is called what the package calls itself.")
        upload.required = is_new
        upload.widget = forms.FileInput(attrs={"accept": ",".join(self.endings)})
        upload.widget.is_required = is_new
        if not is_new:
            upload.label = _("Another package")
            upload.help_text = (
                _("Nothing of the refused one plays. Put right what is said above, and choose it here again.")
                if self.instance.is_refused
                else _("Leave this empty to keep the present one.")
            )

    def clean_upload(self) -> Any:  # an upload, or what was kept of the last one
        """Look at a new file, and say in words why it is not taken."""
        file = self.cleaned_data["upload"]
        if not isinstance(file, UploadedFile):
            return file
        self._refuse_replacing()
        check_archive(file, self.endings)
        self.is_brought = True
        self.replaced = str(self.initial.get("upload") or "")
        return file

    def clean(self) -> dict[str, Any]:  # cleaned data
        """Hold that what asks for every part names its parts."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_known = self.instance.is_ready and not self.is_brought
        if data.get("gate") == Gate.PARTS and is_known and not self.instance.parts:
            self.add_error("gate", _("This package names no slides or questions. Choose another way."))
        return data

    def _refuse_replacing(self) -> None:
        kept = self.instance
        if kept.pk is None:
            return
        if records_of(kept):
            raise ValidationError(
                _("Learners have worked with this file, so it stays as it is. Upload the new file beside it.")
            )
        for page in pages_using([kept])[kept.pk]:
            if page.live:
                raise ValidationError(
                    _(
                        "The lesson “%(lesson)s” shows this file, so it stays as it is. "
                        "Upload the new file beside it."
                    )
                    % {"lesson": page.title}
                )
        if earlier := published_with(kept):
            raise ValidationError(
                _(
                    "The lesson “%(lesson)s” was published with this file, so it stays as it is. "
                    "Upload the new file beside it."
                )
                % {"lesson": earlier[0].title}
            )

    def save(self, commit: bool = True) -> Package:
        """Keep what was asked; a job that unpacks meanwhile writes other columns, which are left alone."""
        if self.is_brought:
            self.instance.uploaded_by = self.for_user
        if not commit or self.instance.pk is None:
            package: Package = super().save(commit)
            return package
        package = super().save(commit=False)
        written = ["uploaded_by"] if self.is_brought else []
        asked = [name for name in self._meta.fields if name != "upload" or self.is_brought]
        package.save(update_fields=[*asked, *written])
        return package
