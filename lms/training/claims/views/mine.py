"""A person's own claims, and the delivery of evidence to whoever may see it."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest
from courses.delivery import Sent, send
from lms.hours.models import HoursEntry
from lms.training.claims.actions import AlreadyDecided, withdraw
from lms.training.claims.forms import ClaimForm
from lms.training.claims.models import Claim, Evidence
from lms.training.claims.views.filing import filed

PAGE_SIZE = 20


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """My claims: where each stands, what was granted, why not."""
    found = Claim.objects.of(request.user.pk).select_related("batch").prefetch_related("evidence")
    page = Paginator(found.prefetch_related("batch__evidence"), PAGE_SIZE).get_page(request.GET.get("page"))
    sources = [claim.source for claim in page]
    lines = HoursEntry.objects.of(request.user.pk).filter(source__in=sources).grants().with_waiting()
    entries = {entry.source: entry for entry in lines}
    rows = [
        (
            claim,
            claim.batch.evidence.all() if claim.batch else claim.evidence.all(),
            entries.get(claim.source),
        )
        for claim in page
    ]
    return render(request, "claims/mine.html", {"page": page, "rows": rows})


def new(request: PersonRequest) -> HttpResponse:
    """File a claim of my own."""
    is_sent = request.method == "POST"
    form = ClaimForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, today=timezone.localdate()
    )
    status = HTTPStatus.OK
    if form.is_valid():
        if filed(form, person=request.user, by=request.user):
            messages.success(request, _("Your claim is filed. Your township decides about it."))
            return redirect("claims:mine")
        status = HTTPStatus.TOO_MANY_REQUESTS
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "claims/new.html", {"form": form}, status=status)


@require_POST
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Withdraw a claim that nobody has decided: the person's own, or one that the user filed."""
    claim = get_object_or_404(Claim.objects.filed_for_or_by(request.user), pk=pk)
    try:
        withdraw(claim=claim, by=request.user, at=timezone.now())
    except AlreadyDecided:
        messages.warning(request, _("This claim has been decided meanwhile: it stays as it is."))
    else:
        messages.success(request, _("The claim is withdrawn. It counts for nothing."))
    is_own = claim.person_id == request.user.pk
    return redirect("claims:mine") if is_own else redirect("claims:detail", claim.pk)


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that proves a claim, for its person and the staff who may see the person."""
    found = get_object_or_404(Evidence.objects.open_to(request.user), pk=pk)  # type: ignore[arg-type]  # everybody here is signed in
    answer = send(request, Sent(found.file, found.sha256, 0, found.content_type))
    # A picture was drawn by us; a document is opened by its reader's own program.
    answer["Content-Disposition"] = (
        content_disposition_header(not found.is_picture, found.name) or "attachment"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    # Whoever may see it today may not tomorrow, and phones are shared.
    answer["Cache-Control"] = "private, no-store"
    return answer
