"""Form fields of the domain."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import identity, phones


class PhoneField(forms.CharField):
    """A mobile number, written with spaces, hyphens or +86 as people do."""

    def __init__(self, **kwargs: Any) -> None:  # Any: what every form field takes
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": "20"}
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:  # Any: whatever a browser sent
        """Eleven digits, or nothing where nothing is allowed."""
        phone = phones.normal(str(super().clean(value)))
        if phone and not phones.is_valid(phone):
            raise ValidationError(_("A mobile number has 11 digits and begins with 1."), code="phone")
        return phone


class IdentityField(forms.CharField):
    """An 18-place ID number with the right check digit."""

    def clean(self, value: Any) -> str:  # Any: whatever a browser sent
        """The number in its normal form, or nothing where nothing is allowed."""
        number = identity.normal(str(super().clean(value)))
        if number and not identity.is_valid(number):
            raise ValidationError(
                _("This ID number is not right: compare all 18 places with the card."), code="identity"
            )
        return number
