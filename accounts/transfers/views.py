"""The desk's pages about moves: a person who goes elsewhere, and offers to and from other units."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.models import Cadre, Post, Role, Unit
from accounts.transfers.actions import (
    MovedMeanwhile,
    NotTheirs,
    OfferDecided,
    OfferedAlready,
    accept_offer,
    decline_offer,
    offer_person,
    withdraw_offer,
)
from accounts.transfers.forms import AcceptForm, DeclineForm, TransferForm
from accounts.transfers.models import OfferStatus, TransferOffer

PAGE_SIZE = 50


@staff_required(*MANAGERS)
def transfer(request: StaffRequest, pk: int) -> HttpResponse:
    """Move a person at once within one's area, or offer them to a unit outside it."""
    people = Cadre.objects.kept_by(request.user, *MANAGERS).select_related("unit")
    person: Cadre = get_object_or_404(people, pk=pk)
    if not request.user.has_rights_of(person):
        raise Http404
    today = timezone.localdate()
    posts = list(Post.objects.of(person.pk).touching(today).select_related("unit"))
    sent = request.POST if request.method == "POST" else None
    form = TransferForm(sent, person=person, posts=posts, today=today, initial={"on": today})
    form.fields["unit"].offer(request.user, person.unit, today)  # type: ignore[attr-defined]  # a UnitField
    if request.method == "POST" and form.is_valid() and _done(request, person, form):
        return redirect("desk:person", person.pk)
    waiting = TransferOffer.objects.open().filter(person=person).select_related("to_unit").first()
    context = {"person": person, "form": form, "waiting": waiting}
    return render(request, "accounts/transfer.html", context, status=_status(form))


def _done(request: StaffRequest, person: Cadre, form: TransferForm) -> bool:
    """Move, share or offer as the form says; whether nothing spoke against it."""
    unit: Unit = form.cleaned_data["unit"]
    try:
        words = _carry_out(request, person, unit, form)
    except actions.NotYet:
        form.add_error("on", _("The day lies ahead. Record the move on its day or afterwards."))
    except actions.UnlikelyStart:
        form.add_error("on", _("This day cannot be meant."))
    except actions.UnitNotInForce:
        form.add_error("unit", _("This unit did not exist on that day."))
    except actions.AlreadyHeld:
        form.add_error("role", _("The person holds this post at this unit already."))
    except actions.EndsBeforeStart:
        form.add_error("ending", _("One of these posts begins on that day or later; it cannot end before."))
    except actions.PostEnded:
        form.add_error("ending", _("One of these posts has ended meanwhile. Please look again."))
    except MovedMeanwhile:
        form.add_error("unit", _("The person is there already."))
    except OfferedAlready:
        form.add_error(None, _("The person is offered to a unit already. Withdraw that offer first."))
    else:
        messages.success(request, words % {"name": person.name, "unit": unit.short_name})
        return True
    return False


def _carry_out(request: StaffRequest, person: Cadre, unit: Unit, form: TransferForm) -> str:
    said, by, at = form.cleaned_data, request.user, timezone.now()
    is_shared, ending = said["is_shared"], [int(pk) for pk in said["ending"]]
    if not any(own.contains(unit.code) for own in by.scope_units(*MANAGERS)):
        posts = [] if is_shared else ending
        offer_person(person=person, unit=unit, on=said["on"], is_shared=is_shared, ending=posts, by=by, at=at)
        return _("%(name)s has been offered to %(unit)s. Until the answer everything stays as it is.")
    if unit.pk == person.unit_id:
        raise MovedMeanwhile
    if is_shared:
        actions.appoint(person=person, unit=unit, role=Role.MOBILE_MEMBER, from_on=said["on"], by=by, at=at)
        return _("%(unit)s now shares %(name)s; the file stays.")
    actions.move_person(
        person=person, unit=unit, on=said["on"], ending=ending, role=said["role"], by=by, at=at
    )
    return _("%(name)s has moved to %(unit)s. The records stay where they were earned.")


@staff_required(*MANAGERS)
def offers(request: StaffRequest) -> HttpResponse:
    """Offers to and from one's units, those that wait first."""
    found = TransferOffer.objects.visible_to(request.user, *MANAGERS)
    found = found.select_related("person", "from_unit", "to_unit", "by", "decided_by")
    waits = Case(When(status=OfferStatus.OPEN, then=Value(0)), default=Value(1))
    page = Paginator(found.order_by(waits, "-at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    own = request.user.scope_units(*MANAGERS)
    rows = [(each, any(unit.contains(each.to_unit.code) for unit in own)) for each in page]
    return render(request, "accounts/transfers.html", {"page": page, "rows": rows})


@staff_required(*MANAGERS)
def offer(request: StaffRequest, pk: int) -> HttpResponse:
    """One offer: the receiving unit accepts or declines it, the sending one may withdraw it."""
    return _offer_page(request, _visible(request, pk))


def _offer_page(
    request: StaffRequest, found: TransferOffer, declining: DeclineForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    is_answer = request.method == "POST" and declining is None
    form = AcceptForm(request.POST if is_answer else None, initial={"unit": found.to_unit_id})
    form.fields["unit"].offer(request.user, found.to_unit, today)  # type: ignore[attr-defined]  # a UnitField
    if is_answer and form.is_valid() and _accepted(request, found, form):
        return redirect("desk:person", found.person_id)
    own = request.user.scope_units(*MANAGERS)
    context = {
        "offer": found,
        "posts": Post.objects.of(found.person_id).touching(found.on).select_related("unit"),
        "form": form,
        "declining": declining or DeclineForm(),
        "may_answer": found.is_open and any(unit.contains(found.to_unit.code) for unit in own),
        "may_withdraw": found.is_open and any(unit.contains(found.from_unit.code) for unit in own),
    }
    status = _status(form) if declining is None else _status(declining)
    return render(request, "accounts/offer.html", context, status=status)


def _accepted(request: StaffRequest, found: TransferOffer, form: AcceptForm) -> bool:
    said = form.cleaned_data
    try:
        accept_offer(offer=found, unit=said["unit"], role=said["role"], by=request.user, at=timezone.now())
    except NotTheirs as error:
        raise Http404 from error
    except OfferDecided:
        form.add_error(None, _("This offer was answered or withdrawn before."))
    except MovedMeanwhile:
        form.add_error(None, _("The person has gone elsewhere meanwhile. Decline the offer, please."))
    except actions.UnitNotInForce:
        form.add_error("unit", _("This unit did not exist on that day."))
    except actions.AlreadyHeld:
        form.add_error("role", _("The person holds this post at this unit already."))
    else:
        messages.success(request, _("%(name)s is on your list now.") % {"name": found.person.name})
        return True
    return False


@staff_required(*MANAGERS)
@require_POST
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    """Refuse an offered person, with a reason."""
    found, form = _visible(request, pk), DeclineForm(request.POST)
    if not form.is_valid():
        return _offer_page(request, found, form)
    try:
        decline_offer(offer=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except NotTheirs as error:
        raise Http404 from error
    except OfferDecided:
        messages.warning(request, _("This offer was answered or withdrawn before."))
    else:
        messages.success(request, _("Declined; the unit that offered sees your reason."))
    return redirect("accounts:transfers")


@staff_required(*MANAGERS)
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an offer back."""
    try:
        withdraw_offer(offer=_visible(request, pk), by=request.user, at=timezone.now())
    except NotTheirs as error:
        raise Http404 from error
    except OfferDecided:
        messages.warning(request, _("This offer was answered or withdrawn before."))
    else:
        messages.success(request, _("The offer has been withdrawn; everything stays as it is."))
    return redirect("accounts:transfers")


def _visible(request: StaffRequest, pk: int) -> TransferOffer:
    found = TransferOffer.objects.visible_to(request.user, *MANAGERS)
    found = found.select_related("person__unit", "from_unit", "to_unit", "by", "decided_by")
    return get_object_or_404(found, pk=pk)


def _status(form: AcceptForm | DeclineForm | TransferForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
