"""Deciding claims at the desk: what waits, one claim with its evidence, the claims of a sheet together."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MANAGERS, StaffRequest, scope_unit, staff_required
from accounts.addresses import whole_number
from accounts.models import Cadre
from lms.hours.models import STUDY_KINDS, HoursEntry
from lms.hours.rules import NoRule
from lms.training.claims.actions import (
    AlreadyDecided,
    Impossible,
    MoreThanAsked,
    NotSecond,
    Outcome,
    OutOfScope,
    ReasonMissing,
    approve,
    approve_sheet,
    refuse,
    refuse_sheet,
)
from lms.training.claims.filters import ALL, read_asked
from lms.training.claims.forms import ApprovalForm, ClaimForForm, RefusalForm
from lms.training.claims.models import Claim, ClaimBatch, ClaimStatus, Evidence
from lms.training.claims.views.filing import filed

PAGE_SIZE = 30


@staff_required()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """The claims of the staff member's units: first those that wait."""
    asked = read_asked(request.GET, request.user)
    visible = Claim.objects.visible_to(request.user)
    found = asked.of(visible).select_related("person__unit", "filed_by", "batch")
    counts = asked.of_place(visible).by_status()
    context = {
        "asked": asked,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "views": [
            *((status.value, status.label, counts.get(status, 0)) for status in ClaimStatus),
            (ALL, _("All"), sum(counts.values())),
        ],
        "places": asked.places(scope_unit(request.user), timezone.localdate()),
        "years": sorted({day.year for day in visible.dates("ends_on", "year")}, reverse=True),
    }
    return render(request, "claims/index.html", context)


@staff_required(*MANAGERS)
def new(request: StaffRequest) -> HttpResponse:
    """File a claim of somebody in the own units."""
    is_sent = request.method == "POST"
    form = ClaimForForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        today=timezone.localdate(),
        by=request.user,
        initial={"who": _asked_person(request)},
    )
    if form.is_valid() and (claim := filed(form, person=form.cleaned_data["who"], by=request.user)):
        messages.success(request, _("The claim is filed. Somebody else than you decides about it."))
        return redirect("claims:detail", claim.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "claims/file.html", {"form": form}, status=status)


def _asked_person(request: StaffRequest) -> str:
    """The account number of the person whom an address names, for pages that lead here."""
    pk = whole_number(request.GET.get("person"))
    person = Cadre.objects.visible_to(request.user, *MANAGERS).filter(pk=pk).first() if pk else None
    return person.number if person else ""


@staff_required()
@require_GET
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One claim with its evidence and what is alike, and the two answers to it."""
    claim = _visible(request, pk)
    return _detail(request, claim)


def _visible(request: StaffRequest, pk: int, *roles: str) -> Claim:
    visible = Claim.objects.visible_to(request.user, *roles)
    found: Claim = get_object_or_404(
        visible.select_related("person__unit", "filed_by", "decided_by", "batch"), pk=pk
    )
    return found


def _detail(
    request: StaffRequest,
    claim: Claim,
    *,
    approval: ApprovalForm | None = None,
    refusal: RefusalForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    alike, lines = _alike(claim)
    entry = HoursEntry.objects.of(claim.person_id).grants().filter(source=claim.source).with_waiting().first()
    context = {
        "claim": claim,
        "evidence": Evidence.objects.for_claim(claim),
        "alike": alike,
        "lines": lines,
        "entry": entry,
        "standing": HoursEntry.objects.about(entry).total() if entry else None,
        "is_second": request.user.pk not in {claim.person_id, claim.filed_by_id},
        "approval": approval or ApprovalForm(claim=claim, is_alike=bool(alike or lines)),
        "refusal": refusal or RefusalForm(),
    }
    return render(request, "claims/detail.html", context, status=status)


def _alike(claim: Claim) -> tuple[list[Claim], list[HoursEntry]]:
    """What could be the same: other claims of the person, and what staff entered of these days."""
    lines = HoursEntry.objects.of(claim.person_id).grants().exclude(source__startswith="claim:")
    in_these_days = lines.filter(earned_on__range=(claim.starts_on, claim.ends_on)).exclude(
        kind__in=STUDY_KINDS
    )
    return list(Claim.objects.like(claim)), list(in_these_days)


@staff_required(*MANAGERS)
@require_POST
def say_yes(request: StaffRequest, pk: int) -> HttpResponse:
    """Approve a claim, as asked or with less."""
    claim = _visible(request, pk, *MANAGERS)
    form = ApprovalForm(request.POST, claim=claim, is_alike=any(_alike(claim)))
    if form.is_valid() and _approved(request, claim, form):
        return redirect("claims:detail", claim.pk)
    return _detail(request, claim, approval=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _approved(request: StaffRequest, claim: Claim, form: ApprovalForm) -> bool:
    told = form.cleaned_data
    try:
        approve(
            claim=claim,
            hours=told["hours"],
            days=told["days"],
            reason=told["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except MoreThanAsked:
        form.add_error(None, _("Nothing was decided: less than asked can be granted, more cannot."))
    except ReasonMissing:
        form.add_error("reason", _("Say why less is granted than asked."))
    except Impossible as impossible:
        for problem in impossible.problems:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    except (AlreadyDecided, NoRule, NotSecond, OutOfScope) as refused:
        form.add_error(None, in_words(refused))
    else:
        messages.success(request, _("Approved. The hours stand in the ledger."))
        return True
    return False


def in_words(refused: Exception) -> str:
    """Why a decision was not taken."""
    if isinstance(refused, AlreadyDecided):
        words = _("Nothing was changed: this claim was settled before (%(status)s).")
        return words % {"status": refused.claim.get_status_display()}
    if isinstance(refused, NotSecond):
        return _("Nothing was decided: you filed this claim or it is yours. Ask a colleague or the county.")
    if isinstance(refused, NoRule):
        return _("Nothing was decided: no rule of hours holds in the region on that day. Ask the county.")
    if isinstance(refused, Impossible):
        return " ".join(map(str, refused.problems))
    if isinstance(refused, OutOfScope):
        return _("Nothing was decided: the person has moved out of your units.")
    return _("The person has another claim of the same days or title: look at both, then decide this one.")


@staff_required(*MANAGERS)
@require_POST
def say_no(request: StaffRequest, pk: int) -> HttpResponse:
    """Refuse a claim with the reason."""
    claim = _visible(request, pk, *MANAGERS)
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            refuse(claim=claim, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except (AlreadyDecided, NotSecond, OutOfScope) as refused:
            form.add_error(None, in_words(refused))
        else:
            messages.success(request, _("Refused. The person reads the reason."))
            return redirect("claims:detail", claim.pk)
    return _detail(request, claim, refusal=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@staff_required()
@require_GET
def together(request: StaffRequest, pk: int) -> HttpResponse:
    """The claims of one sheet with the evidence that they share."""
    return _together(request, _batch(request, pk))


def _batch(request: StaffRequest, pk: int, *roles: str) -> ClaimBatch:
    visible = ClaimBatch.objects.visible_to(request.user, *roles).select_related("by")
    found: ClaimBatch = get_object_or_404(visible, pk=pk)
    return found


def _together(
    request: StaffRequest,
    batch: ClaimBatch,
    *,
    left: Outcome | None = None,
    refusal: RefusalForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    claims = list(
        Claim.objects.visible_to(request.user)
        .filter(batch=batch)
        .select_related("person__unit")
        .order_by("pk")
    )
    context = {
        "batch": batch,
        "claims": claims,
        "waiting": sum(claim.is_waiting for claim in claims),
        "elsewhere": batch.written - len(claims),
        "evidence": batch.evidence.all(),
        "left": [(claim, in_words(reason)) for claim, reason in left.left] if left else [],
        "is_second": batch.by != request.user,
        "refusal": refusal or RefusalForm(),
    }
    return render(request, "claims/together.html", context, status=status)


@staff_required(*MANAGERS)
@require_POST
def approve_together(request: StaffRequest, pk: int) -> HttpResponse:
    """Approve all claims of a sheet that wait; what needs a look of its own is left and named."""
    batch = _batch(request, pk, *MANAGERS)
    outcome = approve_sheet(batch=batch, by=request.user, at=timezone.now())
    return _outcome(request, batch, outcome)


@staff_required(*MANAGERS)
@require_POST
def refuse_together(request: StaffRequest, pk: int) -> HttpResponse:
    """Refuse all claims of a sheet that wait, with one reason."""
    batch = _batch(request, pk, *MANAGERS)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _together(request, batch, refusal=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    outcome = refuse_sheet(
        batch=batch, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )
    return _outcome(request, batch, outcome)


def _outcome(request: StaffRequest, batch: ClaimBatch, outcome: Outcome) -> HttpResponse:
    count = len(outcome.decided)
    if count:
        words = ngettext("%(n)s claim is decided.", "%(n)s claims are decided.", count)
        messages.success(request, words % {"n": count})
    elif not outcome.left:
        messages.warning(request, _("No claim of this sheet waits any more; nothing happened twice."))
    if not outcome.left:
        return redirect("claims:together", batch.pk)
    return _together(request, batch, left=outcome, status=HTTPStatus.CONFLICT)
