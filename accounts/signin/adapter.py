"""The one door: allauth asks these questions of our people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import phones
from accounts.access import may_enter
from accounts.fields import PhoneField
from accounts.models import Cadre, Post
from accounts.signin import lockout, sms
from accounts.signin.sessions import SessionStore

LOCKED = gettext_lazy("Five wrong passwords: locked for five minutes. A code by text message still works.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the township, found by phone or account number; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account has been closed. Please ask your township."),
        "enter_current_password": gettext_lazy("The present password is not right."),
        "incorrect_code": gettext_lazy("This code is not right. Please look at the message again."),
        "phone_password_mismatch": gettext_lazy("The account or the password is not right."),
        "username_password_mismatch": gettext_lazy("The account or the password is not right."),
        "too_many_login_attempts": LOCKED,
        "rate_limited": gettext_lazy("Too many requests. Please wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a person's account comes with the township's roster."""
        return False

    def get_login_stages(self) -> list[str]:
        """A code by phone, and the second factor of who has one; no email, no phone that must be proved."""
        return ["allauth.account.stages.LoginByCodeStage", "allauth.mfa.stages.AuthenticateStage"]

    def login(self, request: HttpRequest, user: Cadre) -> None:
        """Let a person in, and remember on what."""
        super().login(request, user)
        session: SessionStore = request.session  # type: ignore[assignment]  # SESSION_ENGINE is ours
        session.begin(user, request.headers.get("User-Agent", ""), at=timezone.now())

    # --- after the door --------------------------------------------------------------------------
    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Learners to their study, staff to the desk, publishers to the publishing desk."""
        user = request.user
        if not isinstance(user, Cadre) or _holds_post(user):
            return reverse("home")
        if not user.scopes:
            return reverse("wagtailadmin_home") if user.is_superuser else reverse("home")
        return reverse("desk:home" if may_enter(user) else "wagtailadmin_home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where the day's work is."""
        return self.get_login_redirect_url(request)

    # --- phones ----------------------------------------------------------------------------------
    def phone_form_field(self, **kwargs: Any) -> forms.Field:  # Any: what every form field takes
        """A field that takes a number as people write it."""
        return PhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        """Eleven digits, whatever stood between or before them."""
        phone = phones.normal(phone)
        if not phones.is_valid(phone):
            raise ValidationError(_("A mobile number has 11 digits and begins with 1."), code="phone")
        return phone

    def get_user_by_phone(self, phone: str) -> Cadre | None:
        """The person with a number."""
        found: Cadre | None = Cadre.objects.filter(phone=phones.normal(phone)).first()
        return found

    def get_phone(self, user: Cadre) -> tuple[str, bool] | None:
        """A person's number and whether it has been proved."""
        return (user.phone, user.is_phone_verified) if user.phone else None

    def set_phone(self, user: Cadre, phone: str, verified: bool) -> None:
        """Keep a person's number."""
        user.phone, user.is_phone_verified = phones.normal(phone), verified
        user.save(update_fields=["phone", "is_phone_verified"])

    def set_phone_verified(self, user: Cadre, phone: str) -> None:
        """A code sent to the number came back."""
        Cadre.objects.filter(pk=user.pk, phone=phone).update(is_phone_verified=True)

    def send_verification_code_sms(self, user: Cadre, phone: str, code: str, **kwargs: object) -> None:
        """The code that opens the door."""
        text = _("Your code for Xiangxue is %(code)s. It holds for 5 minutes; give it to nobody.")
        sms.sender().send(phone, text % {"code": code}, code=code)

    def send_unknown_account_sms(self, phone: str, **kwargs: object) -> None:
        """Tell the owner of an unregistered number, and only them, why no code comes."""
        text = _("This number is not registered with Xiangxue. Please ask your township to correct it.")
        sms.sender().send(phone, text)

    # --- passwords -------------------------------------------------------------------------------
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # Any: allauth's own
        """Pay for the try: five wrong ones lock the account, many from one address lock the address."""
        super().pre_authenticate(request, **credentials)
        self._who = _who(credentials)
        if not lockout.take_try(self._who):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Cadre | None:  # Any: allauth's own
        """The person whose password this is."""
        user: Cadre | None = super().authenticate(request, **credentials)
        if user is not None:
            lockout.forgive(self._who)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # Any: allauth's own
        """Say how many tries are left; the same for accounts that do not exist."""
        left = lockout.tries_left(self._who)
        if not left:
            raise self.validation_error("too_many_login_attempts")
        words = _("The account or the password is not right. %(left)s more tries, or use a code by message.")
        raise ValidationError(words % {"left": left}, code="password_mismatch")


def _who(credentials: dict[str, Any]) -> str:  # Any: allauth's own
    """One name for one account, whether a phone or an account number was typed."""
    login = str(credentials.get("phone") or credentials.get("username") or "")
    return lockout.name_of(Cadre.objects.signing_in_as(login).first(), login)


def _holds_post(user: Cadre) -> bool:
    return Post.objects.of(user.pk).held_on(timezone.localdate()).exists()
