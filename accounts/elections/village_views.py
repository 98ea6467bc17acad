"""One village's result: ticks and newcomers, the preview, the yes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.elections import actions
from accounts.elections.forms import MORE, MOST, Newcomers, VillageForm
from accounts.elections.judging import Ask, judge
from accounts.elections.models import Election
from accounts.elections.plans import ResultPlan, VillagePlan
from accounts.elections.seats import is_present
from accounts.elections.views import visible_election
from accounts.models import COMMITTEE_ROLES, Cadre, Post, Unit


@staff_required(*MANAGERS)
def village(request: StaffRequest, pk: int, code: int) -> HttpResponse:
    """A village's page while its result is open; afterwards what was written."""
    election = visible_election(request.user, pk)
    villages = election.villages(election.reach(request.user), timezone.localdate())
    unit: Unit = get_object_or_404(villages.select_related("parent"), code=str(code))
    result = election.results.filter(unit=unit).select_related("by").first()
    if result is None and election.is_open:
        return _enter(request, election, unit)
    if request.method == "POST":
        messages.warning(
            request, _("This village's result is in, or the election closed; nothing was written.")
        )
    day = result.begins_on if result else election.term.starts_on
    posts = Post.objects.filter(unit=unit, role__in=COMMITTEE_ROLES).held_on(day).select_related("person")
    context = {"election": election, "unit": unit, "result": result, "posts": posts.order_by("person", "pk")}
    return render(request, "elections/village_done.html", context)


@dataclass(slots=True)
class _Page:
    """The page as it was sent: the village's ticks, the newcomers, and what was looked at before."""

    form: VillageForm
    newcomers: Newcomers  # type: ignore[valid-type]  # a class that Django makes
    lines: Collection[str] = ()

    def ask(self, unit: Unit) -> Ask | None:
        """What was brought, if every field can be read."""
        if not (self.form.is_valid() and self.newcomers.is_valid()):  # type: ignore[attr-defined]  # as above
            return None
        rows = self.form.rows(unit)
        said = [form for form in self.newcomers if form.has_changed()]  # type: ignore[attr-defined]  # as above
        rows += [form.row(len(rows) + number, unit) for number, form in enumerate(said, start=1)]
        day = self.form.cleaned_data["begins_on"]
        return Ask(tuple(rows), day, {unit.code: day})


def _enter(request: StaffRequest, election: Election, unit: Unit) -> HttpResponse:
    page = _page(request, election, unit)
    ask = page.ask(unit) if request.method == "POST" and "more" not in request.POST else None
    if ask is None:
        is_wrong = request.method == "POST" and "more" not in request.POST
        return _show(request, election, unit, page, status=422 if is_wrong else 200)
    if "confirm" in request.POST:
        return _confirm(request, election, unit, page, ask)
    scope = election.reach(request.user)
    return _show(request, election, unit, page, judge(election=election, ask=ask, scope=scope, on=_today()))


def _confirm(request: StaffRequest, election: Election, unit: Unit, page: _Page, ask: Ask) -> HttpResponse:
    """The yes to exactly what was looked at."""
    scope = election.reach(request.user)
    try:
        actions.write_result(
            election=election,
            ask=ask,
            scope=scope,
            seen=request.POST["confirm"],
            by=request.user,
            at=timezone.now(),
        )
    except actions.ElectionClosed:
        return redirect("elections:village", election.pk, int(unit.code))
    except (actions.StaleResult, actions.ResultHasErrors):
        plan = judge(election=election, ask=ask, scope=scope, on=_today())
        messages.warning(request, words_of_change(plan.differing(page.lines)))
        return _show(request, election, unit, page, plan, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The result of %(unit)s is written.") % {"unit": unit.short_name})
    township = f"{unit.code[:9]}000"
    return redirect(f"{reverse('elections:detail', args=[election.pk])}?township={township}")


def words_of_change(names: list[str]) -> str:
    """That something changed meanwhile, and where."""
    if not names:
        return _("Nothing was written: something has changed since you looked. Please look again.")
    words = _("Nothing was written: this has changed since you looked: %(names)s. Please look again.")
    return words % {"names": _(", ").join(names)}


def _show(
    request: StaffRequest,
    election: Election,
    unit: Unit,
    page: _Page,
    plan: ResultPlan | None = None,
    status: int = 200,
) -> HttpResponse:
    shown: VillagePlan | None = plan.townships[0].villages[0] if plan else None
    context = {
        "election": election,
        "unit": unit,
        "form": page.form,
        "newcomers": page.newcomers,
        "may_add_more": len(page.newcomers.forms) < MOST,  # type: ignore[attr-defined]  # a class that Django makes
        "plan": plan,
        "village": shown,
        "is_right": bool(plan and plan.to_write),
    }
    if plan and not plan.to_write and status == 200:
        status = 422
    return render(request, "elections/village.html", context, status=status)


def _page(request: StaffRequest, election: Election, unit: Unit) -> _Page:
    """The form with everybody known in the village, and the lines that the last look gave."""
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None and "more" in sent:
        _add_rows(sent)
    present = _present(election, unit)
    others = Cadre.objects.filter(unit=unit, is_active=True).exclude(pk__in=[each.pk for each in present])
    form = VillageForm(sent, election=election, present=present, others=list(others.order_by("pk")))
    lines = sent.get("lines", "").split(",") if sent else ()
    return _Page(form, Newcomers(sent, prefix="add"), lines)


def _add_rows(sent: QueryDict) -> None:
    """A few more rows for newcomers, on a page that needs no script for it."""
    name = "add-TOTAL_FORMS"
    total = sent.get(name, "")
    if total.isdecimal() and len(total) < 4:
        sent[name] = str(min(int(total) + MORE, MOST))


def _present(election: Election, unit: Unit) -> dict[Cadre, list[str]]:
    """Everybody who sits in the village's committees up to the new term, with their posts."""
    first: date = election.term.starts_on
    edge = first - timedelta(days=1)
    posts = Post.objects.filter(unit=unit, role__in=COMMITTEE_ROLES).select_related("person")
    reaching = (posts.running() | posts.filter(to_on__gte=edge)).order_by("person", "from_on")
    found: dict[Cadre, list[str]] = {}
    order = [role.value for role in COMMITTEE_ROLES]
    for post in reaching:
        if is_present(post, first, first) or (post.to_on is None and post.from_on <= _today()):
            found.setdefault(post.person, []).append(post.role)
    return dict(sorted(found.items(), key=lambda item: (order.index(item[1][0]), item[0].pk)))


def _today() -> date:
    return timezone.localdate()
