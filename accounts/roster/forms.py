"""The form that takes a roster."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """A roster file."""

    file = forms.FileField(
        label=_("Roster (XLSX or CSV)"),
        help_text=_("Up to 20,000 people. Any order of columns; titles and merged cells may stay."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
    )
