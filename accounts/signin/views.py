"""The pages of the one door: allauth's views, with our page around them.

`Any` in this module is what Django and allauth pass through: arguments of views, contexts of templates.
"""

import time
from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.core.exceptions import RateLimited
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts import phones
from accounts.actions import CodeRanOut, CodeUsed, end_sessions
from accounts.signin import sms, township
from accounts.signin.forms import (
    ChangePasswordForm,
    ConfirmCodeForm,
    NewPasswordForm,
    PasswordSignInForm,
    RequestCodeForm,
    TownshipCodeForm,
)

NOT_SENT = gettext_lazy(
    "The message could not be sent just now. Please try again in a few minutes, or sign in with a password."
)
TOWNSHIP_CODE = "township_code"
WORDS_OF_TOWNSHIP: dict[type[Exception], Promise] = {
    township.Refused: gettext_lazy(
        "The account or the code is not right. %(left)s more tries; look at the paper again."
    ),
    township.Locked: gettext_lazy(
        "Five wrong tries: locked for five minutes. If the code is not taken after that, ask your township "
        "for a new one."
    ),
    CodeUsed: gettext_lazy(
        "This code has opened the door before; it opens once. Use the password that you chose, or ask your "
        "township for a new code."
    ),
    CodeRanOut: gettext_lazy("This code has run out. Please ask your township for a new one."),
}
# A code that came back lets its owner choose a new password without the old one, for this long.
FRESH_CODE_SECONDS = 600


class Refuses:
    """A form that comes back with its errors is not a page that was asked for: 422."""

    def form_invalid(self, form: object) -> HttpResponse:
        """allauth answers 200, or leads on after one wrong code too many."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # stands before a form's view
        if response.status_code == HTTPStatus.OK:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


class PasswordSignIn(Refuses, allauth_views.LoginView):
    """The sign-in page; answers its password form."""

    template_name = "account/signin.html"
    form_class = PasswordSignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both ways in stand on one page; this one's errors open it."""
        form = kwargs.get("form") or self.get_form()
        context: dict[str, Any] = super().get_context_data(**{**kwargs, "form": form})
        return {**context, "code_form": RequestCodeForm(), "password_form": form}

    def get_authenticated_redirect_url(self) -> str:
        """Where somebody goes who is signed in already: not back to a desk that sent them away."""
        url = str(super().get_authenticated_redirect_url())
        is_sent_away = url.startswith(reverse("wagtailadmin_home")) and not self.request.user.has_perm(
            "wagtailadmin.access_admin"
        )
        return get_adapter().get_login_redirect_url(self.request) if is_sent_away else url


class RequestCode(Refuses, allauth_views.RequestLoginCodeView):
    """The same page; answers its phone form."""

    template_name = "account/signin.html"
    form_class = RequestCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both ways in stand on one page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "code_form": context["form"], "password_form": PasswordSignInForm()}

    def form_valid(self, form: RequestCodeForm) -> HttpResponse:
        """Send the code; a provider that is down is said at once, not waited for."""
        try:
            response: HttpResponse = super().form_valid(form)
        except sms.NotSent:
            form.add_error(None, NOT_SENT)
            return self.form_invalid(form)
        return response


@method_decorator([login_not_required, rate_limit(action="login")], name="dispatch")
class TownshipCode(Refuses, allauth_views.RedirectAuthenticatedUserMixin, FormView):  # type: ignore[type-arg]  # at run time FormView takes none
    """For somebody without a phone: the code that the township made, then a password."""

    template_name = "account/township.html"
    form_class = TownshipCodeForm

    def get_authenticated_redirect_url(self) -> str:
        """Who is in already is led on."""
        return str(get_adapter().get_login_redirect_url(self.request))

    def form_valid(self, form: TownshipCodeForm) -> HttpResponse:
        """Let the person in, or say why not."""
        said = form.cleaned_data
        try:
            person = township.come_in(login=said["login"], code=said["code"], at=timezone.now())
        except (township.Refused, township.Locked, CodeUsed, CodeRanOut) as error:
            form.add_error(None, WORDS_OF_TOWNSHIP[type(error)] % {"left": getattr(error, "left", 0)})
            return self.form_invalid(form)
        record_authentication(self.request, person, method=TOWNSHIP_CODE)
        login = Login(user=person, redirect_url=reverse("account_new_password"))
        response: HttpResponse = perform_login(self.request, login)
        return response


class ForgottenPassword(RequestCode):
    """A code to the phone, then a new password: the township is not needed."""

    template_name = "account/forgotten.html"

    def get_success_url(self) -> str | None:
        """After the code comes the new password, whatever the address said."""
        url: str | None = super().get_success_url()
        if url is None:
            return None
        return f"{reverse('account_confirm_login_code')}?next={reverse('account_new_password')}"


@method_decorator(login_not_required, name="dispatch")
class ConfirmCode(Refuses, allauth_views.ConfirmLoginCodeView):
    """Where the six digits are typed."""

    template_name = "account/code.html"
    form_class = ConfirmCodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so when the code has run out."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", self) is None:
            messages.warning(request, _("The code has run out. Please ask for a new one."))
        return response

    def _resend_form_valid(self, form: object) -> HttpResponse:
        try:
            self._send_again()
        except RateLimited:
            messages.error(self.request, get_adapter().error_messages["rate_limited"])
        except sms.NotSent:
            messages.error(self.request, NOT_SENT)
        else:
            messages.success(self.request, _("Sent again."))
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def _send_again(self) -> None:
        # allauth asserts a person here; an unknown number must look the same as a known one.
        if self._process.user is not None:
            self._process.resend()
            return
        self._process.record_resend()
        self._process.persist()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The number in part, and in the demo the code itself."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        phone = context["phone"] or ""
        return {**context, "masked": phones.masked(phone), "demo_code": sms.demo_code(phone)}


class EndsOthers:
    """A new password ends the person's sessions on other devices; this one stays in."""

    def form_valid(self, form: object) -> HttpResponse:
        """The framework would only no longer believe them, and the list of devices would still show them."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # stands before a form's view
        request: HttpRequest = self.request  # type: ignore[attr-defined]  # a view's
        end_sessions(person=request.user, but=request.session.session_key)  # type: ignore[arg-type]  # signed in
        return response


class SetPassword(EndsOthers, Refuses, allauth_views.PasswordSetView):
    """The first password of somebody who came in by code."""

    template_name = "account/new_password.html"
    form_class = NewPasswordForm


class NewPassword(SetPassword):
    """A new password in place of a forgotten one, for somebody who has just come in by code."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Without a fresh code the old password is asked for."""
        if not request.user.is_authenticated or not _came_by_code(request):
            return HttpResponseRedirect(reverse("account_change_password"))
        # Not PasswordSetView's own: it sends people who have a password away.
        response: HttpResponseBase = super(allauth_views.PasswordSetView, self).dispatch(
            request, *args, **kwargs
        )
        return response


class ChangePassword(EndsOthers, Refuses, allauth_views.PasswordChangeView):
    """A new password for somebody who knows the old one."""

    template_name = "account/change_password.html"
    form_class = ChangePasswordForm


class SignOut(allauth_views.LogoutView):
    """Asks, then signs out."""

    template_name = "account/logout.html"


class Closed(allauth_views.AccountInactiveView):
    """The account has been closed."""

    template_name = "account/closed.html"


def _came_by_code(request: HttpRequest) -> bool:
    """Whether this session gave a code back, the township's or one by message, within ten minutes."""
    now = time.time()
    return any(
        record["method"] in {"code", TOWNSHIP_CODE} and now - record["at"] < FRESH_CODE_SECONDS
        for record in get_authentication_records(request, request.user)
    )
