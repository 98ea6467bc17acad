"""A learner's own classes: what one is called to, time, place, and leave in two taps."""

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import PersonRequest
from accounts.addresses import whole_number
from accounts.models import Cadre
from courses.models import LessonPage
from lms.hours.models import HoursEntry, Totals
from lms.hours.rules import find_rule
from lms.training.classes.actions.leave import ask_leave, withdraw_leave
from lms.training.classes.actions.notices import mark_seen
from lms.training.classes.half_days import halves_of
from lms.training.classes.models import (
    ClassState,
    Leave,
    Notice,
    Place,
    TrainingClass,
)
from lms.training.classes.views.typed import typed
from lms.training.classes.views.words import REFUSALS, words

PAST = 50
# What most people say; anything else can be typed.
REASONS = {
    "ill": gettext_lazy("I am ill"),
    "family": gettext_lazy("Family matter"),
    "village": gettext_lazy("Urgent work in the village"),
    "meeting": gettext_lazy("Called to a meeting"),
}


def index(request: PersonRequest) -> HttpResponse:
    """What I am called to, what was news about it, and the classes of the past."""
    person, today = request.user, timezone.localdate()
    mine = Place.objects.of(person.pk).accepted().select_related("training_class")
    ahead = mine.ahead(today)
    past = mine.exclude(pk__in=ahead.values("pk")).exclude(training_class__state=ClassState.CANCELLED)
    places = list(past.order_by("-training_class__ends_on", "-pk")[:PAST])
    lines = HoursEntry.objects.of(person.pk).filter(
        source__in=[each.training_class.source for each in places]
    )
    sums = lines.order_by().values_list("source").annotate(Sum("hours"), Sum("days"))
    totals = {source: (hours, days) for source, hours, days in sums}
    context = {
        "ahead": ahead,
        "past": [(place, totals.get(place.training_class.source)) for place in places],
        "notices": Notice.objects.of(person.pk).unseen().select_related("training_class"),
    }
    return render(request, "classes/mine.html", context)


def detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One class of mine: when and where, what goes with it, and leave."""
    person, now = request.user, timezone.now()
    mine = Place.objects.of(person.pk).filter(training_class=pk).select_related("training_class__unit")
    place = mine.accepted().exclude(training_class__state=ClassState.DRAFT).first()
    told = TrainingClass.objects.of_person(person.pk).select_related("unit")
    held = place.training_class if place else get_object_or_404(told, pk=pk)
    notices = list(Notice.objects.of(person.pk).filter(training_class=held)[:5])
    if any(notice.seen_at is None for notice in notices):
        mark_seen(person=person, training_class=held, at=now)
    halves = halves_of(held, place, at=now)
    can_leave = place is not None and held.state == ClassState.CALLING
    context = {
        "held": held,
        "place": place,
        "notices": notices,
        "halves": halves,
        "can_leave": can_leave,
        "ahead": [half for half in halves if half.can_be_left],
        "asked": next((half.leave for half in halves if half.is_asked), None),
        "rule": find_rule(held.unit, held.ends_on) if can_leave else None,
        "reasons": REASONS.items(),
        "material": held.material.select_related("document"),
        "lessons": LessonPage.objects.live().filter(pk__in=held.lessons.values("pk")),
        "total": _total(held, person) if held.state == ClassState.CLOSED else None,
    }
    return render(request, "classes/my_class.html", context)


def _total(held: TrainingClass, person: Cadre) -> Totals:
    """What somebody got from a class, with what was corrected since."""
    return HoursEntry.objects.of(person.pk).filter(source=held.source).total()


@require_POST
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for leave from what lies ahead, or from the half-days that are ticked."""
    mine = Place.objects.of(request.user.pk).accepted().select_related("training_class__unit")
    place = get_object_or_404(mine, training_class=pk)
    chosen = [number for sent in request.POST.getlist("half") if (number := whole_number(sent)) is not None]
    known = REASONS.get(request.POST.get("reason", ""))
    try:
        ask_leave(
            place=place,
            reason=str(known) if known else typed(request, "words"),
            half_days=chosen or None,
            by=request.user,
            at=timezone.now(),
        )
    except REFUSALS as refused:
        messages.error(request, words(refused))
    else:
        messages.success(request, _("Sent. The answer stands here as soon as there is one."))
    return redirect("my_classes:detail", pk)


@require_POST
def withdrawn(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a request for leave back."""
    mine = Leave.objects.filter(place__person=request.user).select_related("place")
    kept = get_object_or_404(mine, pk=pk)
    try:
        withdraw_leave(leave=kept, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
    else:
        messages.success(request, _("Your request is taken back."))
    return redirect("my_classes:detail", kept.place.training_class_id)
