"""Attendance: the roll on a phone, the code on a screen, signing with it, and putting marks right."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import MANAGERS, PersonRequest, StaffRequest, staff_required
from accounts.models import Cadre
from accounts.signin import lockout
from lms.hours.actions import YearFrozen
from lms.phones.uploads import Refused
from lms.training.classes import actions, codes
from lms.training.classes.forms import MarkForm, SignForm
from lms.training.classes.models import (
    ClassState,
    Edge,
    HalfDay,
    Mark,
    MarkHow,
    Place,
    TrainingClass,
)
from lms.training.classes.results import Attendance
from lms.training.classes.rolls import STOPS, refused_words, sheet_of, stop_words, tick_slot, waiting_in
from lms.training.models import Presence
from lms.training.rolls import MOST_NAME, Guest, changes_in, opened_at

TAKEN = (ClassState.CALLING, ClassState.CLOSED)


def own_class(request: StaffRequest, pk: int) -> TrainingClass:
    """A class that the staff member organises, or 404."""
    found = TrainingClass.objects.visible_to(request.user, *MANAGERS).select_related("unit")
    return get_object_or_404(found, pk=pk)


# --- the roll ----------------------------------------------------------------------------------


@staff_required(*MANAGERS)
@never_cache
def roll(request: StaffRequest, pk: int) -> HttpResponse:
    """The roll of a class: with scripts it works without a network, and without them as a form."""
    held = own_class(request, pk)
    if held.state not in TAKEN or not held.half_days.exists():
        messages.error(request, _("The roll is taken once the class has a timetable and is announced."))
        return redirect("classes:detail", held.pk)
    if request.method == "POST":
        return _take(request, held)
    now, wanted = timezone.now(), request.GET.get("slot", "")
    sheet = sheet_of(held, by=request.user, at=now, wanted=wanted)
    return render(request, "roll/roll.html", {"sheet": sheet})


def _take(request: StaffRequest, held: TrainingClass) -> HttpResponseRedirect:
    """Take what the form changes against what it had shown, and a guest."""
    now = timezone.now()
    seen_at = opened_at(request.POST.get("token", "")) or now
    told = request.POST.getlist("there")
    sheet = sheet_of(held, by=request.user, at=now, seen_at=seen_at)
    shown = next((key.removesuffix(".0") for key in told if key.endswith(".0")), sheet.now.key)
    wanted: list[tuple[str, int | Guest, bool]] = list(changes_in(sheet, told))
    if guest := request.POST.get("guest", "").strip()[:MOST_NAME]:
        wanted.append((shown, Guest(guest), True))
    taken = 0
    for key, who, is_present in wanted:
        try:
            done = tick_slot(held, key, who, is_present=is_present, by=request.user, at=now)
        except Refused:
            continue
        if done.refused:
            messages.warning(request, f"{done.name}: {done.refused}" if done.person else done.refused)
        taken += not done.refused
    if taken:
        words = ngettext("%(n)d mark is saved.", "%(n)d marks are saved.", taken)
        messages.success(request, words % {"n": taken})
    return redirect(f"{reverse('roll:class', args=[held.pk])}?slot={shown}")


# --- the code ----------------------------------------------------------------------------------


@staff_required(*MANAGERS)
@never_cache
@require_safe
def code(request: StaffRequest, pk: int) -> HttpResponse:
    """The code that changes, large enough for a room."""
    held, now = own_class(request, pk), timezone.now()
    half_days = list(held.half_days.all())
    signings = codes.signings_at(half_days, now, has_sign_out=held.has_sign_out)
    if held.state != ClassState.CALLING:
        signings = []
    shown = codes.shown_at(signings, now, edge=request.GET.get("edge", "").upper())
    context: dict[str, object] = {
        "held": held,
        "shown": shown,
        "next": next((each for each in half_days if each.starts_at > now), None),
        "edges": Edge.choices if shown and held.has_sign_out else [],
        "door": request.build_absolute_uri(reverse("my_classes:sign")),
    }
    if shown is not None:
        digits = codes.code_of(shown.half_day, shown.edge, codes.step_at(now))
        context |= {
            "digits": digits,
            "drawing": mark_safe(codes.drawing(f"{context['door']}?code={digits}").decode()),  # noqa: S308  # drawn here
            "seconds": codes.seconds_left(now),
        }
    return render(request, "classes/code.html", context)


@never_cache
def sign(request: PersonRequest) -> HttpResponse:
    """Sign oneself in, or out, with the code that the organiser's screen shows."""
    is_sent = request.method == "POST"
    form = SignForm(request.POST if is_sent else None, initial={"code": request.GET.get("code", "")[:20]})
    now = timezone.now()
    open_now = _signings_of(request.user, now)
    if form.is_valid() and _sign(request, form, open_now, now):
        return redirect("my_classes:sign")
    context = {"form": form, "open": open_now, "marked": _marked(request.user, open_now)}
    return render(request, "classes/sign.html", context, status=422 if is_sent else 200)


def _signings_of(person: Cadre, now: datetime) -> list[codes.Signing]:
    """What somebody can sign now: half-days about now of the classes in which they have a place."""
    places = Place.objects.accepted().of(person.pk).filter(training_class__state=ClassState.CALLING)
    near = HalfDay.objects.filter(
        training_class__in=places.values("training_class"),
        starts_at__lte=now + codes.AROUND,
        ends_at__gte=now - codes.AROUND,
    ).select_related("training_class")
    return [
        signing
        for half_day in near
        for signing in codes.signings_at([half_day], now, has_sign_out=half_day.training_class.has_sign_out)
    ]


def _marked(person: Cadre, open_now: list[codes.Signing]) -> list[Mark]:
    """The person's own marks at these half-days."""
    half_days = {signing.half_day.pk for signing in open_now}
    mine = Mark.objects.filter(place__person=person, half_day__in=half_days)
    return list(mine.exclude(in_at=None, out_at=None).select_related("half_day__training_class"))


def _sign(request: PersonRequest, form: SignForm, open_now: list[codes.Signing], now: datetime) -> bool:
    person = request.user
    if not open_now:
        form.add_error("code", _("No class in which you have a place takes the roll now. Ask the organiser."))
        return False
    who = f"class-code:{person.pk}"
    if not lockout.take_try(who):
        form.add_error(
            "code", _("Five wrong codes: please wait 5 minutes, or let the organiser tick your name.")
        )
        return False
    typed = form.cleaned_data["code"]
    right = next((each for each in open_now if codes.is_right(typed, each.half_day, each.edge, now)), None)
    if right is None:
        lockout.tries_left(who)
        form.add_error(
            "code",
            _("That is not the code on the screen now: it changes every 30 seconds. Type the new one."),
        )
        return False
    lockout.forgive(who)
    return _mark_signed(request, form, right, now)


def _mark_signed(request: PersonRequest, form: SignForm, signing: codes.Signing, now: datetime) -> bool:
    person, half_day = request.user, signing.half_day
    try:
        actions.mark(
            half_day=half_day,
            person=person,
            edge=signing.edge,
            is_present=True,
            how=MarkHow.CODE,
            marked_at=now,
            by=person,
            at=now,
        )
    except STOPS as stop:
        form.add_error("code", stop_words(stop, person))
        return False
    seat = Presence.objects.of(person.pk).at_source(half_day.source).select_related("lost_to").first()
    if seat is not None and seat.lost_to is not None:
        messages.warning(request, refused_words(seat.lost_to))
        return True
    words = _("You are signed in.") if signing.edge == Edge.IN else _("You are signed out.")
    messages.success(request, words)
    return True


# --- putting right afterwards ------------------------------------------------------------------


@staff_required(*MANAGERS)
@require_safe
def marks(request: StaffRequest, pk: int) -> HttpResponse:
    """All marks of a class, people by half-days, to look at and to print (constant queries)."""
    held = own_class(request, pk)
    half_days = list(held.half_days.all())
    record = Attendance(held, half_days)
    places = held.places.accepted().select_related("person__unit").order_by("person__unit__code", "person")
    rows = [(place, [_cell(record, place, each, held) for each in half_days]) for place in places]
    return render(
        request,
        "classes/marks.html",
        {
            "held": held,
            "half_days": half_days,
            "rows": rows,
            "waiting": waiting_in(held),
            "now": timezone.now(),
        },
    )


def _cell(
    record: Attendance, place: Place, half_day: HalfDay, held: TrainingClass
) -> tuple[HalfDay, str, Presence | None]:
    """One mark in a word, and where the person was instead."""
    kept, seat = record.marks.get((place.pk, half_day.pk)), record.seat(place, half_day)
    if seat is not None and seat.lost_to is not None:
        return half_day, "refused", seat.lost_to
    if record.is_there(place, half_day, has_sign_out=held.has_sign_out):
        return half_day, "there", None
    if kept is not None and (kept.in_at or kept.out_at):
        return half_day, "in" if kept.in_at else "out", None
    if half_day.pk in record.leaves[place.pk]:
        return half_day, "leave", None
    return half_day, "absent" if kept else "none", None


@staff_required(*MANAGERS)
def mark(request: StaffRequest, pk: int, place: int, half_day: int) -> HttpResponse:
    """One mark with everything that was ever ticked about it, and its correction with a reason."""
    held = own_class(request, pk)
    about = get_object_or_404(held.places.accepted().select_related("person__unit"), pk=place)
    when = get_object_or_404(held.half_days.all(), pk=half_day)
    form = MarkForm(request.POST if request.method == "POST" else None, has_sign_out=held.has_sign_out)
    if form.is_valid() and _put_right(request, form, about, when):
        return redirect("classes:mark", held.pk, about.pk, when.pk)
    kept = Mark.objects.filter(place=about, half_day=when).first()
    seat = Presence.objects.of(about.person_id).at_source(when.source).select_related("lost_to").first()
    context = {
        "held": held,
        "place": about,
        "half_day": when,
        "kept": kept,
        "seat": seat,
        "changes": kept.changes.select_related("by").order_by("-marked_at", "-pk") if kept else [],
        "form": form,
        "may_change": held.state == ClassState.CALLING,
    }
    status = 409 if form.non_field_errors() else 422 if form.errors else 200
    return render(request, "classes/mark.html", context, status=status)


def _put_right(request: StaffRequest, form: MarkForm, about: Place, when: HalfDay) -> bool:
    told, now = form.cleaned_data, timezone.now()
    try:
        actions.mark(
            half_day=when,
            person=about.person,
            edge=Edge(told["edge"]),
            is_present=told["is_present"],
            how=MarkHow.CORRECTION,
            marked_at=now,
            by=request.user,
            at=now,
            reason=told["reason"],
        )
    except (actions.ClassClosed, actions.NotAnnounced, actions.NotYet, actions.NoPlace, YearFrozen) as stop:
        form.add_error(None, _put_right_words(stop, about.person))
        return False
    messages.success(request, _("The mark is put right; what stood before is kept below."))
    return True


def _put_right_words(stop: Exception, person: Cadre) -> str:
    if isinstance(stop, actions.ClassClosed):
        return _(
            "The class is closed and its hours are granted: nothing was changed. Reopen the class first."
        )
    return stop_words(stop, person)
