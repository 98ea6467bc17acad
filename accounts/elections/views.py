"""Elections at the desk: which there are, a new one, how far one is, and its close."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import Substr
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, RULERS, StaffRequest, staff_required
from accounts.codes import is_code
from accounts.elections import actions
from accounts.elections.forms import TermForm
from accounts.elections.models import Election, VillageResult
from accounts.elections.plans import digest_of
from accounts.models import Cadre, Level, Term, Unit
from accounts.models.units import UnitQuerySet

PAGE_SIZE = 50
YEARS = 5
TOWNSHIP = Level.TOWNSHIP.digits
REFUSALS = (
    actions.ElectionOpen,
    actions.NumberTaken,
    actions.StartsTooEarly,
    actions.TermsOverlap,
    actions.UnlikelyTerm,
)


@staff_required(*MANAGERS)
def index(request: StaffRequest) -> HttpResponse:
    """The elections of the staff member's counties, the newest first."""
    found = Election.objects.visible_to(request.user).select_related("county", "term")
    counted = found.annotate(done=Count("results")).order_by("-term__starts_on", "county__code")
    page = Paginator(counted, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "elections/list.html", {"page": page, "may_open": request.user.has_role(*RULERS)})


@staff_required(*RULERS)
def new(request: StaffRequest) -> HttpResponse:
    """Fill in the term, look at what it changes, say yes to exactly that: one page, written once."""
    is_sent = request.method == "POST"
    form = TermForm(request.POST, by=request.user) if is_sent else _blank(request)
    plan = None
    if is_sent and form.is_valid():
        try:
            plan = actions.plan_term(facts=form.facts(), on=timezone.localdate())
            seen = digest_of([repr(form.facts()), repr(plan.before_ends_on)])
            if request.POST.get("confirm") == seen:
                return _opened(request, form)
        except REFUSALS as refused:
            plan = None
            form.add_error(*_words(refused))
    context = {"form": form, "plan": plan, "seen": seen if plan else ""}
    return render(request, "elections/new.html", context, status=422 if form.errors else 200)


def _opened(request: StaffRequest, form: TermForm) -> HttpResponse:
    election = actions.open_election(facts=form.facts(), by=request.user, at=timezone.now())
    messages.success(request, _("The term is entered and its election is open. Now bring in the results."))
    return redirect("elections:detail", election.pk)


def _blank(request: StaffRequest) -> TermForm:
    """The form with what follows from the county's last term, where only one county can be meant."""
    code = request.GET.get("county", "")
    counties = Unit.objects.visible_to(request.user, *RULERS).filter(level=Level.COUNTY)
    offered = list(counties.filter(code=code) if is_code(code) else counties[:2])
    if len(offered) != 1:
        return TermForm(by=request.user)
    initial: dict[str, object] = {"county": offered[0].pk}
    last = Term.objects.filter(county=offered[0]).order_by("starts_on").last()
    if last is not None:
        starts_on = last.ends_on + actions.DAY
        ends_on = starts_on.replace(year=starts_on.year + YEARS, day=min(starts_on.day, 28)) - actions.DAY
        initial |= {"number": last.number + 1, "starts_on": starts_on, "ends_on": ends_on}
    return TermForm(by=request.user, initial=initial)


def _words(refused: Exception) -> tuple[str | None, str]:
    """The field, if one is to blame, and why no term begins so."""
    match refused:
        case actions.NumberTaken():
            return "number", _("The county has a term with this number already.")
        case actions.StartsTooEarly():
            return "starts_on", _("The term before began later than this or just then.")
        case actions.TermsOverlap(other=other):
            return "ends_on", _(
                "The term %(term)s has some of these days already: it runs from %(first)s."
            ) % {
                "term": other.number,
                "first": date_format(other.starts_on),
            }
        case actions.UnlikelyTerm():
            return "ends_on", _(
                "A term ends after it starts, lasts ten years at most, and starts by next year."
            )
    return "county", _("This county has an election that is open. Close that one first.")


@dataclass(frozen=True, slots=True)
class Progress:
    """A township of the election: how many of its villages have their result."""

    code: str
    name: str
    done: int
    villages: int


@staff_required(*MANAGERS)
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the election is, township by township; the villages of one township."""
    election = visible_election(request.user, pk)
    villages = election.villages(election.reach(request.user), timezone.localdate())
    townships = _progress(election, villages)
    chosen = next((each for each in townships if each.code == request.GET.get("township")), None)
    if chosen is None and len(townships) == 1:
        chosen = townships[0]
    context = {
        "election": election,
        "townships": townships,
        "chosen": chosen,
        "villages": _with_results(election, villages, chosen) if chosen else [],
        "done": sum(each.done for each in townships),
        "total": sum(each.villages for each in townships),
        "may_close": election.is_open and may_close(request.user, election),
    }
    return render(request, "elections/detail.html", context)


def _progress(election: Election, villages: UnitQuerySet) -> list[Progress]:
    """The townships in the order of their codes, with three queries."""
    results = VillageResult.objects.filter(election=election, unit__in=villages)
    done = results.by_township()
    rows = villages.annotate(township=Substr("code", 1, TOWNSHIP)).order_by()
    counts = dict(rows.values("township").annotate(n=Count("pk")).values_list("township", "n"))
    codes = [township.ljust(12, "0") for township in counts]
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        Progress(code, names.get(code, code), done.get(code[:TOWNSHIP], 0), counts[code[:TOWNSHIP]])
        for code in sorted(codes)
    ]


def _with_results(
    election: Election, villages: UnitQuerySet, chosen: Progress
) -> list[tuple[Unit, VillageResult | None]]:
    """The villages of a township, each with its result where it is in."""
    units = list(villages.within(Unit(code=chosen.code)).order_by("code"))
    results = {each.unit_id: each for each in election.results.filter(unit__in=units).select_related("by")}
    return [(unit, results.get(unit.pk)) for unit in units]


@staff_required(*RULERS)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the villages without a result, and close the election on a yes."""
    election = visible_election(request.user, pk)
    ruled = get_object_or_404(Election.objects.ruled_by(request.user), pk=election.pk)
    if request.method == "POST" and "confirm" in request.POST:
        actions.close_election(election=ruled, by=request.user, at=timezone.now())
        messages.success(
            request, _("The election is closed. By-elections are entered on the persons' pages.")
        )
        return redirect("elections:detail", pk)
    villages = election.villages([election.county], timezone.localdate())
    without = villages.exclude(election_results__election=election).select_related("parent").order_by("code")
    page = Paginator(without, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "elections/close.html", {"election": election, "page": page})


def visible_election(user: Cadre, pk: int) -> Election:
    """An election of which the staff member keeps a part; 404 for any other."""
    found = Election.objects.visible_to(user).select_related("county", "term")
    election: Election = get_object_or_404(found, pk=pk)
    return election


def may_close(user: Cadre, election: Election) -> bool:
    """Whether the staff member decides for the whole county."""
    return any(unit.contains(election.county.code) for unit in user.scope_units(*RULERS))
