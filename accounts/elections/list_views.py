"""A whole list of results: the file, the preview by township and village, the yes."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.audit import audit
from accounts.elections import actions
from accounts.elections.forms import ListForm
from accounts.elections.judging import judge
from accounts.elections.kept import Kept, unpack
from accounts.elections.models import Election, ResultSheet, ResultSheetQuerySet
from accounts.elections.plans import ResultPlan
from accounts.elections.views import visible_election
from accounts.elections.village_views import words_of_change
from accounts.elections.workbooks import held_up_rows, present_sheet
from accounts.models import COMMITTEE_ROLES, ImportStatus, Level, Post, Unit
from accounts.models.units import within_any
from accounts.roster import sheets
from accounts.roster.books import download
from accounts.roster.views import roster_words

SHOWN_LISTS = 10


@staff_required(*MANAGERS)
def bring(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose a file; it is judged at once, and nothing is written."""
    election = visible_election(request.user, pk)
    is_sent = request.method == "POST"
    form = ListForm(*([request.POST, request.FILES] if is_sent else []), election=election)
    if is_sent and not election.is_open:
        form.add_error(None, _("This election is closed; nothing was read."))
    elif is_sent and form.is_valid():
        try:
            brought = _judged(request, election, form)
        except sheets.SheetError as error:
            form.add_error("file", roster_words(error))
        else:
            return redirect("elections:preview", brought.pk)
    lists = ResultSheet.objects.visible_to(request.user).filter(election=election).defer("sheet_cipher")
    context = {"election": election, "form": form, "lists": lists[:SHOWN_LISTS]}
    return render(request, "elections/bring.html", context, status=422 if form.errors else 200)


def _judged(request: StaffRequest, election: Election, form: ListForm) -> ResultSheet:
    file = form.cleaned_data["file"]
    return actions.bring_results(
        election=election,
        sheet=sheets.read_rows(file),
        file_name=file.name,
        begins_on=form.cleaned_data["begins_on"],
        scope=election.reach(request.user),
        by=request.user,
        at=timezone.now(),
    )


@staff_required(*MANAGERS)
@require_GET
def present(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody who sits in a committee, as a list in which all carry on: correct it and bring it."""
    election = visible_election(request.user, pk)
    reach = election.reach(request.user)
    edge = election.term.starts_on - actions.DAY
    elected = Post.objects.filter(within_any(reach, "unit__code"), role__in=COMMITTEE_ROLES)
    # With those who came in since: a result may be written down long after the term began.
    since = elected.running().filter(from_on__lte=timezone.localdate())
    posts = (elected.held_on(edge) | since).filter(unit__level=Level.VILLAGE).select_related("unit", "person")
    named = Unit.objects.within(election.county).filter(level=Level.TOWNSHIP)
    townships = {unit.code[:9]: unit for unit in named}
    audit("election.present_sheet", by=request.user, at=timezone.now(), unit=election.county)
    content = present_sheet(posts.order_by("unit__code", "person", "pk"), townships)
    return download(content, _("results"))


@staff_required(*MANAGERS)
@require_GET
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """What the list would do, as things stand now; after the end, what became of it."""
    brought = _own(request, pk)
    if brought.status != ImportStatus.JUDGED:
        return render(request, "elections/list_done.html", {"brought": brought})
    return _preview(request, brought)


def _preview(request: StaffRequest, brought: ResultSheet, status: int = 200) -> HttpResponse:
    kept, plan = _plan(request, brought)
    chosen = next((each for each in plan.townships if each.code == request.GET.get("township")), None)
    if chosen is None and len(plan.townships) == 1:
        chosen = plan.townships[0]
    context = {
        "brought": brought,
        "election": brought.election,
        "kept": kept,
        "plan": plan,
        "chosen": chosen,
        "without": {
            code: sum(each.without[code] for each in plan.townships)
            for code in ("no_secretary", "no_director")
        },
    }
    return render(request, "elections/preview.html", context, status=status)


def _plan(request: StaffRequest, brought: ResultSheet) -> tuple[Kept, ResultPlan]:
    kept = unpack(brought.sheet_cipher)
    scope = brought.election.reach(request.user)
    return kept, judge(election=brought.election, ask=kept.ask, scope=scope, on=timezone.localdate())


@staff_required(*MANAGERS)
@require_POST
def write(request: StaffRequest, pk: int) -> HttpResponse:
    """The yes: every township that is right, whole or not at all."""
    brought = _own(request, pk)
    scope, now = brought.election.reach(request.user), timezone.now()
    try:
        actions.write_results(
            brought=brought,
            scope=scope,
            seen=request.POST.get("confirm", ""),
            leaves_out="leave_out" in request.POST,
            by=request.user,
            at=now,
        )
    except actions.ResultHasErrors:
        messages.error(
            request, _("Nothing was written: correct the wrong rows, or leave their townships out.")
        )
        return _preview(request, brought, status=HTTPStatus.CONFLICT)
    except actions.StaleResult:
        return _look_again(request, brought)
    except actions.ElectionClosed:
        messages.error(request, _("Nothing was written: the election is closed."))
    except actions.SheetFinished:
        messages.warning(request, _("This list was written or dropped before; nothing happened twice."))
    return redirect("elections:preview", pk)


def _look_again(request: StaffRequest, brought: ResultSheet) -> HttpResponse:
    """Name what changed since the list was last judged, and judge it anew."""
    kept, plan = _plan(request, brought)
    messages.warning(request, words_of_change(plan.differing(kept.lines)))
    scope = brought.election.reach(request.user)
    brought = actions.judge_results_again(brought=brought, scope=scope, on=timezone.localdate())
    return _preview(request, brought, status=HTTPStatus.CONFLICT)


@staff_required(*MANAGERS)
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a list."""
    brought = _own(request, pk)
    try:
        actions.drop_results(brought=brought, at=timezone.now())
    except actions.SheetFinished:
        messages.warning(request, _("This list was written or dropped before; nothing happened twice."))
    else:
        messages.success(request, _("The list has been dropped. Nothing was written."))
    return redirect("elections:bring", brought.election_id)


@staff_required(*MANAGERS)
@require_GET
def to_correct(request: StaffRequest, pk: int) -> HttpResponse:
    """All rows of the townships that wait, with what is wrong, to be corrected and brought again."""
    brought = get_object_or_404(_mine(request).waiting(), pk=pk)
    kept, plan = _plan(request, brought)
    audit("election.error_sheet", by=request.user, at=timezone.now(), sheet=brought.pk)
    return download(held_up_rows(plan, kept.columns), _("results-to-correct"))


def _mine(request: StaffRequest) -> ResultSheetQuerySet:
    """The staff member's own lists, of elections in which they still have a part."""
    elections = Election.objects.visible_to(request.user)
    lists: ResultSheetQuerySet = ResultSheet.objects.visible_to(request.user).filter(election__in=elections)
    return lists.select_related("election__county", "election__term")


def _own(request: StaffRequest, pk: int) -> ResultSheet:
    brought: ResultSheet = get_object_or_404(_mine(request), pk=pk)
    return brought
