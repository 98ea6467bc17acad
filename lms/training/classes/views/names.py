"""Names at the desk: units propose and withdraw them, the organiser decides."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.addresses import whole_number
from accounts.models import Cadre, Unit
from lms.training.classes.actions import refusals
from lms.training.classes.actions.names import accept, add_people, propose, reject, withdraw
from lms.training.classes.models import ClassChange, ClassState, Place, PlaceStatus, Quota, TrainingClass
from lms.training.classes.names import Names, candidates, doubts, read_names
from lms.training.classes.views.typed import typed
from lms.training.classes.views.words import REFUSALS, words

PAGE_SIZE = 60


@dataclass
class Answer:
    """What became of a form with names: what forbids it, what speaks against it, what changed meanwhile."""

    chosen: Names = field(default_factory=Names)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    changes: Sequence[ClassChange] = ()
    is_done: bool = False

    @property
    def seen(self) -> str:
        """What a yes to the doubts says yes to: others need another look."""
        return sha256("\n".join(self.doubts).encode()).hexdigest()[:16] if self.doubts else ""

    @property
    def status(self) -> int:
        """The status of the page that says it."""
        return 422 if self.problems else 200


def _answer(request: StaffRequest, held: TrainingClass, unit: Unit, write: Callable[[Names], None]) -> Answer:
    """Write at once what nothing speaks against; otherwise say it and wait for the yes to exactly that."""
    ticked = request.POST.getlist("person")
    chosen = read_names(request.POST.get("people", ""), ticked=ticked, by=request.user, unit=unit)
    answer = Answer(chosen, list(chosen.problems))
    if not chosen.people and not answer.problems:
        answer.problems.append(_("Write down or tick at least one person."))
    if answer.problems:
        return answer
    answer.doubts = doubts(held, chosen.people)
    if answer.doubts and request.POST.get("confirm") != answer.seen:
        return answer
    try:
        write(chosen)
    except REFUSALS as refused:
        answer.problems.append(words(refused))
        answer.changes = refused.changes if isinstance(refused, refusals.ChangedSince) else ()
    else:
        answer.is_done = True
    return answer


@staff_required(*MANAGERS)
def names(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose people of one's units for the places that they have; doubts about a name are said first."""
    open_quotas = Quota.objects.open_to(request.user, *MANAGERS).with_taken()
    announced = open_quotas.filter(training_class=pk).exclude(training_class__state=ClassState.DRAFT)
    mine = list(announced.select_related("unit", "training_class__unit"))
    if not mine:
        raise Http404
    wanted = whole_number(request.GET.get("quota"))
    quota = next((each for each in mine if each.pk == wanted), mine[0])
    answer = Answer()
    if request.method == "POST":
        answer = _answer(request, quota.training_class, quota.unit, partial(_propose, request, quota))
    if answer.is_done:
        return redirect(request.get_full_path())
    context = {"quota": quota, "quotas": mine, "answer": answer, **_choosable(request, quota, answer)}
    return render(request, "classes/names.html", context, status=answer.status)


def _propose(request: StaffRequest, quota: Quota, chosen: Names) -> None:
    seen = whole_number(request.POST.get("seen"))
    places = propose(quota=quota, people=chosen.people, by=request.user, at=timezone.now(), seen=seen)
    done = ngettext("%(n)d name is on the list.", "%(n)d names are on the list.", len(places))
    messages.success(request, done % {"n": len(places)})


def _choosable(request: StaffRequest, quota: Quota, answer: Answer) -> dict[str, object]:
    """The page of people to choose from, and the names that stand already."""
    held, today = quota.training_class, timezone.localdate()
    q = request.GET.get("q", "").strip()[:40]
    found = candidates(held, by=request.user, unit=quota.unit, q=q).prefetch_related("posts")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {person.pk for person in page}
    return {
        "held": held,
        "left": quota.places - quota.taken,
        "q": q,
        "page": page,
        "ticked": {person.pk for person in answer.chosen.people},
        # Whom this page of the list does not show stays chosen.
        "hidden": [person for person in answer.chosen.people if person.pk not in shown],
        "places": _listed(held, quota, request.user),
        "seen": _newest(held),
        "is_over": today > held.names_until or not held.is_open,
        "today": today,
    }


def _newest(held: TrainingClass) -> int:
    """The last change of time or place, which the proposer now sees."""
    return held.changes.telling().order_by("-pk").values_list("pk", flat=True).first() or 0


def _listed(held: TrainingClass, quota: Quota, user: Cadre) -> list[Place]:
    places = held.places.filter(
        quota_unit=quota.unit_id, person__in=Cadre.objects.visible_to(user, *MANAGERS)
    )
    return list(places.select_related("person__unit").prefetch_related("steps__by"))


@require_POST
@staff_required(*MANAGERS)
def withdrawn(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a name back."""
    mine = Place.objects.visible_to(request.user, *MANAGERS).select_related("quota_unit", "person")
    place = get_object_or_404(mine, pk=pk)
    try:
        withdraw(place=place, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
    else:
        messages.success(request, _("%(name)s is withdrawn.") % {"name": place.person.name})
    return redirect("classes:names", place.training_class_id)


@staff_required(*MANAGERS)
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody on the list of a class, unit by unit, and a form with which the organiser adds people."""
    own = TrainingClass.objects.run_by(request.user).exclude(state=ClassState.DRAFT)
    held = get_object_or_404(own.select_related("unit"), pk=pk)
    answer = Answer()
    if request.method == "POST":
        answer = _answer(request, held, held.unit, partial(_add, request, held))
    if answer.is_done:
        return redirect("classes:review", pk)
    places = held.places.select_related("person__unit", "quota_unit").prefetch_related("steps__by")
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        groups[place.status].append(place)
    context = {
        "held": held,
        "answer": answer,
        "proposed": groups[PlaceStatus.PROPOSED],
        "accepted": groups[PlaceStatus.ACCEPTED],
        "others": [*groups[PlaceStatus.REJECTED], *groups[PlaceStatus.WITHDRAWN]],
        "quotas": held.quotas.with_taken().select_related("unit"),
    }
    return render(request, "classes/review.html", context, status=answer.status)


def _add(request: StaffRequest, held: TrainingClass, chosen: Names) -> None:
    given = add_people(training_class=held, people=chosen.people, by=request.user, at=timezone.now())
    done = ngettext("%(n)d person is called.", "%(n)d people are called.", len(given)) % {"n": len(given)}
    messages.success(request, done)


@require_POST
@staff_required(*MANAGERS)
def decided(request: StaffRequest, pk: int) -> HttpResponse:
    """Accept one name or all that are proposed, or reject one with a reason."""
    held = get_object_or_404(TrainingClass.objects.run_by(request.user), pk=pk)
    if "all" in request.POST:
        _accept(request, list(held.places.filter(status=PlaceStatus.PROPOSED)))
    elif (wanted := whole_number(request.POST.get("accept"))) is not None:
        _accept(request, [get_object_or_404(held.places.all(), pk=wanted)])
    elif (wanted := whole_number(request.POST.get("reject"))) is not None:
        _reject(request, get_object_or_404(held.places.select_related("person"), pk=wanted))
    return redirect("classes:review", pk)


def _accept(request: StaffRequest, places: list[Place]) -> None:
    try:
        given, elsewhere = accept(places=places, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
        return
    people = {person.pk: person for person in Cadre.objects.filter(pk__in=elsewhere)}
    for person, clash in elsewhere.items():
        messages.error(request, words(refusals.Elsewhere(people[person], clash.half_day)))
    done = ngettext("%(n)d person has a place now.", "%(n)d people have a place now.", len(given))
    messages.success(request, done % {"n": len(given)})


def _reject(request: StaffRequest, place: Place) -> None:
    try:
        reject(place=place, reason=typed(request, "reason"), by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
        return
    messages.success(request, _("%(name)s has no place; the unit reads why.") % {"name": place.person.name})
