"""Sample checks: drawing some closed viewings at random, and writing down what was found."""

import secrets
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, StaffRequest, scope_unit, staff_required
from lms.training.viewings.actions import CheckedBefore, NothingToDraw, draw_samples, record_finding
from lms.training.viewings.forms import DrawForm, FindingForm
from lms.training.viewings.models import Finding, Sample
from lms.training.viewings.words import day_and_span

PAGE_SIZE = 50
MOST_SEED = 2**31


@staff_required()
def index(request: StaffRequest) -> HttpResponse:
    """What was drawn and found, with the share that agrees; and a new draw."""
    today = timezone.localdate()
    may_decide = request.user.has_role(*MANAGERS)
    form = DrawForm(
        request.POST if request.method == "POST" and may_decide else None,
        initial={"from_on": date(today.year, today.month, 1), "to_on": today},
    )
    if form.is_valid() and _draw(request, form):
        return redirect("viewings:samples")
    found = Sample.objects.visible_to(request.user)
    page = found.select_related("draw__by", "viewing__programme", "viewing__station__unit", "checked_by")
    context = {
        "form": form if may_decide else None,
        "page": Paginator(page.order_by("-draw", "pk"), PAGE_SIZE).get_page(request.GET.get("page")),
        "sums": found.aggregate(
            drawn=Count("pk"),
            checked=Count("pk", filter=~Q(finding="")),
            agrees=Count("pk", filter=Q(finding=Finding.AGREES)),
        ),
    }
    return render(request, "viewings/samples.html", context, status=422 if form.errors else 200)


def _draw(request: StaffRequest, form: DrawForm) -> bool:
    said = form.cleaned_data
    try:
        draw = draw_samples(
            unit=scope_unit(request.user, *MANAGERS),
            from_on=said["from_on"],
            to_on=said["to_on"],
            wanted=said["wanted"],
            seed=secrets.randbelow(MOST_SEED),
            by=request.user,
            at=timezone.now(),
        )
    except NothingToDraw:
        form.add_error(None, _("No closed viewing of these days is left that was not drawn before."))
        return False
    words = _("Drawn: %(n)d of %(of)d closed viewings.")
    messages.success(request, words % {"n": draw.samples.count(), "of": len(draw.among)})
    return True


@staff_required(*MANAGERS)
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down what a check of one viewing found."""
    visible = Sample.objects.visible_to(request.user, *MANAGERS)
    sample = get_object_or_404(
        visible.select_related("draw__by", "viewing__programme", "viewing__station__unit"), pk=pk
    )
    form = FindingForm(request.POST if request.method == "POST" else None, instance=sample)
    if form.is_valid():
        said = form.cleaned_data
        try:
            record_finding(
                sample=sample,
                found=said["found"],
                finding=Finding(said["finding"]),
                note=said["note"],
                by=request.user,
                at=timezone.now(),
            )
        except CheckedBefore:
            form.add_error(None, _("This sample has a result already. Nothing was changed."))
        else:
            messages.success(request, _("The result is on record."))
            is_off = said["finding"] == Finding.DIFFERS
            return redirect("viewings:detail", sample.viewing_id) if is_off else redirect("viewings:samples")
    viewing = sample.viewing
    context = {"sample": sample, "form": form, "when": day_and_span(viewing.begins_at, viewing.ends_at)}
    return render(request, "viewings/sample.html", context, status=422 if form.errors else 200)
