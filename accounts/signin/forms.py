"""Forms of the sign-in pages: allauth's, with our words."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from accounts import phones


def _password(label: Any, autocomplete: str) -> forms.CharField:  # Any: a lazy translation
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "maxlength": "128"})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=128)


class PasswordSignInForm(allauth_forms.LoginForm):
    """Phone or account number, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: what every form takes
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(attrs={"autocomplete": "username", "maxlength": "20"})
        self.fields["login"] = forms.CharField(
            label=_("Phone or account number"), widget=widget, max_length=20
        )
        self.fields["password"] = _password(_("Password"), "current-password")
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """Written with spaces or +86, it is the same account."""
        return phones.normal(str(self.cleaned_data["login"]))


class RequestCodeForm(allauth_forms.RequestLoginCodeForm):
    """The phone that a code is sent to."""


class ConfirmCodeForm(allauth_forms.ConfirmLoginCodeForm):
    """The six digits out of the message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: what every form takes
        super().__init__(*args, **kwargs)
        attrs = {
            "class": "code",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": "12",
            "autofocus": True,
        }
        self.fields["code"] = forms.CharField(
            label=_("Code"), widget=forms.TextInput(attrs=attrs), max_length=12
        )

    def clean_code(self) -> str:
        """Digits typed full-width or with spaces are the same digits."""
        self.cleaned_data["code"] = phones.digits_of(self.cleaned_data["code"])
        return str(super().clean_code())


class TownshipCodeForm(forms.Form):
    """The account and the code that the township made."""

    login = forms.CharField(
        label=_("Account number or phone"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        max_length=20,
    )
    code = forms.CharField(
        label=_("The township's code"),
        help_text=_("Eight digits; it opens once."),
        widget=forms.TextInput(attrs={"class": "code long", "inputmode": "numeric", "autocomplete": "off"}),
        max_length=20,
    )

    def clean_code(self) -> str:
        """Digits typed full-width or with spaces are the same digits."""
        return phones.digits_of(self.cleaned_data["code"])


class NewPasswordForm(allauth_forms.SetPasswordForm):
    """A new password, typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: what every form takes
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        for name in ("password1", "password2"):
            del self.fields[name].widget.attrs["placeholder"]
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """The present password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: what every form takes
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = _password(_("Present password"), "current-password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        for name in ("password1", "password2"):
            del self.fields[name].widget.attrs["placeholder"]
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())
