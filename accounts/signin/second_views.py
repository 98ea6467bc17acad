"""The pages of the second factor: its code at sign-in, and where it is set up, renewed and dropped.

`Any` in this module is what Django and allauth pass through.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import segno
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest
from accounts.actions import drop_second_factor, end_sessions, renew_recovery_codes, set_second_factor
from accounts.signin.forms import SecondFactorForm, SetSecondFactorForm
from accounts.signin.second import is_asked_of

PAGE = "account/second_factor.html"
# Whoever comes to a session left open may not lock its owner out.
FRESH = timedelta(minutes=10)


class GiveSecondFactor(AuthenticateView):
    """Between the password and the site: the app's code."""

    template_name = "account/second.html"

    def _build_forms(self) -> SecondFactorForm:
        sent = self.request.POST if self.request.method == "POST" else None
        self.webauthn_form = None
        self.auth_form = SecondFactorForm(sent, user=self.stage.login.user)
        return self.auth_form

    def form_invalid(self, form: SecondFactorForm) -> HttpResponse:
        """The page again, with what was wrong."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: PersonRequest) -> HttpResponse:
    """Set it up; once it is there, new codes for paper, or off."""
    began_at = request.session.began_at  # type: ignore[attr-defined]  # our store
    is_fresh = began_at is not None and timezone.now() - began_at < FRESH
    factor = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).first()
    context = {"is_fresh": is_fresh, "factor": factor, "is_asked": is_asked_of(request.user)}
    if not is_fresh:
        return render(request, PAGE, context)
    if factor is None:
        return _set_up(request, context)
    return _change(request, context) if request.method == "POST" else render(request, PAGE, context)


def _set_up(request: PersonRequest, context: dict[str, Any]) -> HttpResponse:
    secret = get_totp_secret()
    form = SetSecondFactorForm(request.POST if request.method == "POST" else None, secret=secret)
    if form.is_bound and form.is_valid():
        codes = set_second_factor(person=request.user, secret=secret, at=timezone.now())
        clear_totp_secret(request)
        record_authentication(request, request.user, "mfa", type="totp")
        end_sessions(person=request.user, but=request.session.session_key)
        return render(request, PAGE, context | {"codes": codes})
    address = get_adapter().build_totp_url(request.user, secret)
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="#fff")
    said = {"form": form, "address": address, "picture": picture, "secret": _grouped(secret)}
    return render(request, PAGE, context | said, status=422 if form.errors else 200)


def _change(request: PersonRequest, context: dict[str, Any]) -> HttpResponse:
    at = timezone.now()
    if "codes" in request.POST:
        return render(request, PAGE, context | {"codes": renew_recovery_codes(person=request.user, at=at)})
    if "off" in request.POST and not context["is_asked"]:
        drop_second_factor(person=request.user, by=request.user, at=at)
        messages.success(request, _("The second factor is off."))
    return redirect("account_second_factor")


def _grouped(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
