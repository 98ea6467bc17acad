"""Forms of the sign-in pages: allauth's, with our words."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.signin import lockout


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


def _app_code(label: Any) -> forms.CharField:  # Any: a lazy translation
    attrs = {"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
    return forms.CharField(label=label, widget=forms.TextInput(attrs=attrs), max_length=20)


class SecondFactorForm(AuthenticateForm):
    """The code that the app shows, or one from the paper."""

    code = _app_code(_("Code of the app"))

    def clean_code(self) -> str:
        """Five wrong ones lock, as passwords do."""
        who = f"second:{self.user.pk}"
        if not lockout.take_try(who):
            raise forms.ValidationError(_("Five wrong codes: locked for five minutes."), code="locked")
        self.cleaned_data["code"] = phones.digits_of(self.cleaned_data["code"])
        try:
            code = str(super().clean_code())
        except forms.ValidationError:
            lockout.tries_left(who)
            raise
        lockout.forgive(who)
        return code


class SetSecondFactorForm(forms.Form):
    """The first code of an app proves that it holds the secret."""

    code = _app_code(_("Code of the app"))

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:  # Any: what every form takes
        super().__init__(*args, **kwargs)
        self.secret = secret

    def clean_code(self) -> str:
        """Compare with what the secret gives now."""
        code = phones.digits_of(self.cleaned_data["code"])
        if not validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


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
