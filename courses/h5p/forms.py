"""The forms of interactive content, and of installing libraries from a package."""

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.h5p.models import Content
from courses.packages.forms import PackageForm, check_archive

ENDINGS = (".h5p", ".zip")


class ContentForm(PackageForm):
    """A content with what finishes a lesson that plays it."""

    instance: Content
    endings = ENDINGS

    class Meta(PackageForm.Meta):
        model = Content

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Wagtail's
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["upload"].help_text = _(
                "An .h5p file, as Lumi, Moodle or H5P.org save it. Its libraries must be installed here."
            )
        if self.instance.film_seconds:
            self.fields["minutes"].help_text = _("There is a film in it, so the length of the film counts.")


class InstallForm(forms.Form):
    """A package whose libraries are installed; its content is left aside."""

    upload = forms.FileField(
        label=_("Package"),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_(
            "An .h5p file, with or without content. Libraries are programs that run at every learner's: "
            "install only what comes from a place that you trust."
        ),
    )
    digest = ""

    def clean_upload(self) -> Any:  # an upload
        """Look at the file, and say in words why it is not taken."""
        file = self.cleaned_data["upload"]
        check_archive(file, ENDINGS)
        self.digest = hashlib.file_digest(file.file, "sha256").hexdigest()
        file.seek(0)
        return file
