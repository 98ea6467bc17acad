"""Forms: the code that somebody signs with, the correction of a mark, and why a class is reopened."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.training.classes.models import Edge

MOST_REASON = 300


class SignForm(forms.Form):
    """The six digits on the organiser's screen."""

    code = forms.CharField(
        label=_("The six digits on the screen"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """As people type it: full-width digits and spaces are forgiven."""
        return "".join(unicodedata.normalize("NFKC", self.cleaned_data["code"]).split())


class MarkForm(forms.Form):
    """What a mark should have been, and why it was not."""

    edge = forms.ChoiceField(label=_("Which end"), choices=Edge.choices)
    is_present = forms.TypedChoiceField(
        label=_("Was there"),
        choices=[("1", _("Yes")), ("0", _("No"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MOST_REASON,
        help_text=_("It stays on record with your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, has_sign_out: bool, **kwargs: Any
    ) -> None:  # a form's arguments are Django's
        """Ask for the end only where both are taken."""
        super().__init__(*args, **kwargs)
        if not has_sign_out:
            self.fields["edge"] = forms.ChoiceField(
                choices=[(Edge.IN, Edge.IN.label)], widget=forms.HiddenInput, initial=Edge.IN
            )


class ReopenClassForm(forms.Form):
    """Why a closed class may change again."""

    reason = forms.CharField(
        label=_("Reason"),
        # Lines of the ledger name it, after some words of their own.
        max_length=250,
        help_text=_("It stands beside every line that changes, with your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
