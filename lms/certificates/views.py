"""Certificates: one's own, the file, the public check, and the staff's replacing and revoking."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import RULERS, StaffRequest, staff_required
from accounts.models import Cadre
from lms.certificates import actions
from lms.certificates.forms import ReasonForm, SearchForm
from lms.certificates.models import Certificate, CertificateStatus
from lms.certificates.pace import SEARCHES_A_MINUTE, VIEWS_A_MINUTE, is_too_fast
from lms.certificates.paper import fields_of
from lms.certificates.pdf import Ended, certificate_pdf
from lms.certificates.snapshot import ClassSnapshot, Snapshot, printed

PAGE_SIZE = 50
Frozen = Snapshot | ClassSnapshot


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own certificates, newest first."""
    person = cast(Cadre, request.user)  # LoginRequiredMiddleware lets nobody else in
    certificates = Certificate.objects.of(person.pk).select_related("replaced_by")
    page = Paginator(certificates, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "certificates/mine.html", {"page": page})


@require_safe
def pdf(request: HttpRequest, serial: str) -> HttpResponse:
    """The file of a certificate, for its owner and for staff whose scope covers the owner."""
    user = cast(Cadre, request.user)  # LoginRequiredMiddleware lets nobody else in
    visible = Q(person=user) | Q(pk__in=Certificate.objects.visible_to(user).values("pk"))
    found = Certificate.objects.filter(visible).filter(serial=serial).select_related("replaced_by")
    certificate = get_object_or_404(found)
    snapshot = cast(Frozen, certificate.snapshot)  # JSON written from one of them
    sheet = printed(snapshot, digest=certificate.digest, verify_url=verify_url(certificate))
    name = f"{sheet.kind_title}-{sheet.name}-{sheet.serial}.pdf"
    file = certificate_pdf(sheet, ended=_ended(certificate))
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _ended(certificate: Certificate) -> Ended | None:
    if certificate.ended_at is None:
        return None
    return Ended(
        is_revoked=certificate.status == CertificateStatus.REVOKED,
        on=timezone.localdate(certificate.ended_at),
        successor=certificate.successor.serial if certificate.successor else "",
    )


def verify_url(certificate: Certificate) -> str:
    """The public address that is printed and coded on the paper."""
    site = str(settings.SITE_URL).rstrip("/")
    return site + reverse("certificates:verify", args=[certificate.token])


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that the genuine paper says, and what it is worth today."""
    if is_too_fast(request, "verify", VIEWS_A_MINUTE):
        return _too_fast(request)
    found = Certificate.objects.filter(token=token.lower()).select_related("replaces", "replaced_by")
    certificate = found.first()
    if certificate is None:
        return _unknown(request, SearchForm())
    context = {
        "certificate": certificate,
        "verdict": _verdict(certificate),
        "fields": fields_of(cast(Frozen, certificate.snapshot)),  # JSON written from one of them
        "form": SearchForm(),
        "now": timezone.now(),
    }
    return _private(render(request, "certificates/verify.html", context))


def _verdict(certificate: Certificate) -> str:
    if not certificate.is_intact:
        return "unknown"
    return str(certificate.status).lower()


@login_not_required
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Find a certificate by its number and the name on it, for papers whose code cannot be read."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "certificates/search.html", {"form": form})
    if is_too_fast(request, "search", SEARCHES_A_MINUTE):
        return _too_fast(request)
    if not form.is_valid():
        return render(request, "certificates/search.html", {"form": form}, status=422)
    certificate = Certificate.objects.filter(serial=form.cleaned_data["serial"]).first()
    if certificate is None or "".join(certificate.snapshot["name"].split()) != form.cleaned_data["name"]:
        return _unknown(request, form)
    return redirect("certificates:verify", certificate.token)


def _unknown(request: HttpRequest, form: SearchForm) -> HttpResponse:
    return _private(render(request, "certificates/unknown.html", {"form": form}, status=404))


def _too_fast(request: HttpRequest) -> HttpResponse:
    response = render(request, "certificates/too_fast.html", status=429)
    response["Retry-After"] = "60"
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """Personal data: not for search engines, and the address is not passed on."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@staff_required(*RULERS)
def replace(request: StaffRequest, serial: str) -> HttpResponse:
    """Issue a successor with a reason."""
    certificate = _of_issuer(request, serial)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            successor = actions.replace(
                certificate=certificate, reason=reason, by=request.user, at=timezone.now()
            )
        except actions.NotMet:
            form.add_error(None, _not_met_words(certificate))
        else:
            messages.success(
                request, _("Replaced by the certificate %(serial)s.") % {"serial": successor.serial}
            )
            return redirect("certificates:replace", certificate.serial)
    return _ending(request, certificate, form, "replace")


@staff_required(*RULERS)
def revoke(request: StaffRequest, serial: str) -> HttpResponse:
    """Take a certificate out of force with a reason."""
    certificate = _of_issuer(request, serial)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.revoke(certificate=certificate, reason=reason, by=request.user, at=timezone.now())
        except actions.WasReplaced:
            form.add_error(None, _("This certificate was replaced; revoke the one that took its place."))
        else:
            messages.success(request, _("Revoked. The verify page says so from now on."))
            return redirect("certificates:revoke", certificate.serial)
    return _ending(request, certificate, form, "revoke")


def _of_issuer(request: StaffRequest, serial: str) -> Certificate:
    visible = Certificate.objects.visible_to(request.user, *RULERS).filter(serial=serial)
    return get_object_or_404(visible.select_related("person", "replaced_by", "ended_by"))


def _not_met_words(certificate: Certificate) -> str:
    if certificate.training_class_id is not None:
        return _("The ledger does not count the class as attended, so no new certificate can be issued.")
    return _("The obligation is not met now, so no new certificate can be issued.")


def _ending(request: StaffRequest, certificate: Certificate, form: ReasonForm, action: str) -> HttpResponse:
    context = {
        "certificate": certificate,
        "fields": fields_of(cast(Frozen, certificate.snapshot)),  # JSON written from one of them
        "form": form,
        "action": action,
        "is_contradicted": Certificate.objects.contradicted().filter(pk=certificate.pk).exists(),
        "can_act": _can(certificate, action),
    }
    status = 409 if form.non_field_errors() else 422 if form.errors else 200
    return render(request, "certificates/end.html", context, status=status)


def _can(certificate: Certificate, action: str) -> bool:
    if certificate.successor is not None:
        return False
    return action == "replace" or certificate.status == CertificateStatus.VALID


@staff_required()
@require_safe
def contradicted(request: StaffRequest) -> HttpResponse:
    """Valid certificates whose obligation is no longer met, for somebody to look at."""
    found = (
        Certificate.objects.visible_to(request.user)
        .contradicted()
        .select_related("person__unit", "obligation__requirement")
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    may_end = request.user.has_role(*RULERS)
    return render(request, "certificates/contradicted.html", {"page": page, "may_end": may_end})
