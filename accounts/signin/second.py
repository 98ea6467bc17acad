"""The second factor: how allauth keeps it, who owes one, and the middleware that leads them to it.

`Any` in this module is what Django passes through to views.
"""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import identity
from accounts.models import Cadre

# What somebody who owes a second factor may still open.
OPEN = {"account_second_factor", "account_logout"}


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted, like ID numbers."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right. Type the one that the app shows just now."),
    }

    def encrypt(self, text: str) -> str:
        """What the database holds."""
        return identity.seal(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What the app holds."""
        return identity.unseal(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Cadre) -> str:
        """Which account the app lists."""
        return user.number

    def get_totp_issuer(self) -> str:
        """Whose account the app lists."""
        return _("Xiangxue")


def is_passed(request: HttpRequest, user: Cadre) -> bool:
    """Whether this session gave the second factor."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def is_asked_of(user: Cadre) -> bool:
    """Whether an account may not do without."""
    return bool(settings.SECOND_FACTOR_REQUIRED and user.is_superuser)


class DoorMiddleware(LoginRequiredMiddleware):
    """Sign-in for every page that is not public; an administrator also sets a second factor first."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead to the door, or to the second factor."""
        answer: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None or not getattr(view_func, "login_required", True):
            return answer
        user, match = request.user, request.resolver_match
        if not isinstance(user, Cadre) or not is_asked_of(user) or is_passed(request, user):
            return None
        return None if match and match.url_name in OPEN else redirect("account_second_factor")
