"""Forms: looking for a certificate by what is printed on it, and the reason for ending one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.certificates.serials import is_well_formed, tidy


class SearchForm(forms.Form):
    """Serial and name, both printed on the paper: neither alone finds anything."""

    serial = forms.CharField(
        label=_("Certificate number"),
        help_text=_("At the top right of the paper, for example XX-140728-2026-000123-5."),
        max_length=40,
    )
    name = forms.CharField(label=_("Name on the certificate"), max_length=60)

    def clean_serial(self) -> str:
        """The serial as it is kept; a slip of the pen shows in the check character."""
        serial = tidy(self.cleaned_data["serial"])
        if not is_well_formed(serial):
            raise forms.ValidationError(
                _("This is not a whole certificate number. Please compare it with the paper once more.")
            )
        return serial

    def clean_name(self) -> str:
        """The name without the spaces that people put between two characters."""
        return "".join(self.cleaned_data["name"].split())


class ReasonForm(forms.Form):
    """Why; whoever verifies the certificate later reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Anybody who verifies the certificate can read it; name no illness and no other person."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
