"""Forms of the desk."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.desk.models import Export


class ExportForm(forms.ModelForm[Export]):
    """Which list, in which format, and why whole numbers are needed, if they are."""

    class Meta:
        model = Export
        fields: ClassVar[list[str]] = ["kind", "suffix", "reason"]
        labels: ClassVar[dict[str, object]] = {"kind": _("Which list"), "suffix": _("Format")}
        help_texts: ClassVar[dict[str, object]] = {
            "reason": _("Without a reason phone numbers are masked. A reason is kept in the audit log.")
        }
