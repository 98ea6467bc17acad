"""The form that takes a sheet of questions."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """A sheet of questions."""

    file = forms.FileField(
        label=_("Questions (XLSX or CSV)"),
        help_text=_("Up to 2,000 questions. Any order of columns; titles above them may stay."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
    )
