"""The desk's pages about one person: the file, and the posts."""

from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.access import MANAGERS, StaffRequest, scope_unit, staff_required
from accounts.actions.one_time_codes import code_ends_at
from accounts.codes import is_code
from accounts.forms import AppointForm, CorrectEndForm, EndPostForm, NewPersonForm, PersonForm
from accounts.models import Cadre, Post, Unit
from accounts.roster.verdicts import because


@staff_required(*MANAGERS)
def add(request: StaffRequest) -> HttpResponse:
    """Bring in one person; the form is judged like a row of a roster."""
    asked, today = _asked_unit(request), timezone.localdate()
    near = asked or scope_unit(request.user, *MANAGERS)
    form = NewPersonForm(_sent(request), initial={"unit": asked and asked.pk})
    form.fields["unit"].offer(request.user, near, today)  # type: ignore[attr-defined]  # a UnitField
    known: Cadre | None = None
    if request.method == "POST" and form.is_valid():
        scope = request.user.reach_units(*MANAGERS)
        try:
            person = actions.add_person(
                row=form.row(), scope=scope, on=today, by=request.user, at=timezone.now()
            )
        except actions.NotNew as error:
            form.refuse(error.judged)
            known = error.judged.target.person if error.judged.target else None
        except actions.StalePlan:
            form.add_error(None, _("Nothing was written: the system has changed since. Please look again."))
        else:
            words = _("%(name)s has been added; what the post asks for is being worked out.")
            messages.success(request, words % {"name": person.name})
            return redirect("desk:person", person.pk)
    return _page(request, "accounts/add.html", known, form, near=near)


@staff_required(*MANAGERS)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a person's file; the whole ID number is never shown, only replaced."""
    person = _managed(request.user, pk)
    today = timezone.localdate()
    form = PersonForm(_sent(request), initial=_initial(person))
    form.fields["unit"].offer(request.user, person.unit, today)  # type: ignore[attr-defined]  # a UnitField
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["phone"] = values["phone"] or None
        try:
            actions.correct_person(person=person, on=today, by=request.user, at=timezone.now(), **values)
        except actions.PhoneTaken:
            form.add_error("phone", _("Another person has this phone number."))
        except actions.IdentityTaken:
            form.add_error("identity_number", _("Another person has this ID number."))
        except actions.OutOfReach as error:
            raise Http404 from error
        else:
            messages.success(request, _("The file has been corrected."))
            return redirect("desk:person", person.pk)
    return _page(request, "accounts/edit.html", person, form)


@staff_required(*MANAGERS)
def appoint(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a person a post; a guest, one in the units where the guest is."""
    person = _seen(request.user, pk)
    today = timezone.localdate()
    form = AppointForm(_sent(request), initial={"unit": person.unit_id, "from_on": today})
    near = person.unit if request.user.keeps(person, *MANAGERS) else scope_unit(request.user, *MANAGERS)
    form.fields["unit"].offer(request.user, near, today)  # type: ignore[attr-defined]  # a UnitField
    if request.method == "POST" and form.is_valid():
        try:
            actions.appoint(person=person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.AlreadyHeld:
            form.add_error("role", _("The person holds this post at this unit already."))
        except actions.UnitNotInForce:
            form.add_error("unit", _("This unit did not exist on that day."))
        except actions.UnlikelyStart:
            form.add_error("from_on", str(because("date_range", value=form.cleaned_data["from_on"])))
        else:
            messages.success(request, _("The post has been entered; what it asks for is worked out now."))
            return redirect("desk:person", person.pk)
    return _page(request, "accounts/appoint.html", person, form)


@staff_required(*MANAGERS)
@never_cache
def one_time_code(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a code for somebody without a phone; it is shown in this one answer and nowhere again."""
    person = _managed(request.user, pk)
    context = {"person": person, "is_own": person.pk == request.user.pk}
    if request.method == "POST":
        at = timezone.now()
        try:
            code = actions.make_one_time_code(person=person, by=request.user, at=at)
        except (actions.OutOfReach, actions.AccountClosed):
            return render(request, "accounts/one_time_code.html", context, status=HTTPStatus.CONFLICT)
        context |= {"code": f"{code[:4]} {code[4:]}", "made_at": at, "expires_at": code_ends_at(at)}
    return render(request, "accounts/one_time_code.html", context)


@staff_required(*MANAGERS)
def end_post(request: StaffRequest, pk: int) -> HttpResponse:
    """End a post with its last day; the record of study stays."""
    post, today = _managed_post(request.user, pk), timezone.localdate()
    form = EndPostForm(_sent(request), initial={"to_on": max(post.from_on, today)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_post(post=post, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EndsBeforeStart:
            form.add_error("to_on", _("The last day cannot lie before the first."))
        except actions.PostEnded:
            form.add_error(None, _("This post has ended already."))
        else:
            messages.success(request, _words_of_end(form.cleaned_data["to_on"], today))
            return redirect("desk:person", post.person_id)
    ahead = post.from_on > today
    return _page(request, "accounts/end_post.html", post.person, form, post=post, is_ahead=ahead)


@staff_required(*MANAGERS)
def correct_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct the last day of a post that was ended, or let it run again."""
    post = _managed_post(request.user, pk)
    form = CorrectEndForm(_sent(request), initial={"to_on": post.to_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_end(post=post, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EndsBeforeStart:
            form.add_error("to_on", _("The last day cannot lie before the first."))
        except actions.AlreadyHeld:
            form.add_error("to_on", _("The person holds this post again later; the two would overlap."))
        except (actions.UnitNotInForce, actions.PostGoesOn):
            form.add_error("to_on", _("The unit was merged: a post there ends with it at the latest."))
        except actions.PostRuns:
            return redirect("accounts:end_post", post.pk)
        else:
            messages.success(request, _("The last day has been corrected."))
            return redirect("desk:person", post.person_id)
    return _page(request, "accounts/correct_end.html", post.person, form, post=post)


def _words_of_end(to_on: date, today: date) -> str:
    if to_on < today:
        return _("The post has ended. What was learned stays in the record.")
    words = _("The post ends with %(day)s; until then it is held. What was learned stays in the record.")
    return words % {"day": date_format(to_on)}


@staff_required(*MANAGERS)
@require_POST
def withdraw_post(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back a post that was entered by mistake and has not begun."""
    post = _managed_post(request.user, pk)
    try:
        actions.withdraw_post(post=post, by=request.user, at=timezone.now())
    except actions.PostBegun:
        messages.error(request, _("This post has begun. It can be ended, but no longer withdrawn."))
        return redirect("accounts:end_post", pk)
    messages.success(request, _("The post has been withdrawn."))
    return redirect("desk:person", post.person_id)


def _managed(user: Cadre, pk: int) -> Cadre:
    """A person whose file the staff member keeps; whoever may do more than they is out of reach."""
    people = Cadre.objects.kept_by(user, *MANAGERS).select_related("unit")
    return _within_rights(user, get_object_or_404(people, pk=pk))


def _seen(user: Cadre, pk: int) -> Cadre:
    """A person whom the staff member sees: somebody whose file they keep, or a guest."""
    people = Cadre.objects.visible_to(user, *MANAGERS).select_related("unit")
    return _within_rights(user, get_object_or_404(people, pk=pk))


def _within_rights(user: Cadre, person: Cadre) -> Cadre:
    if not user.has_rights_of(person):
        raise Http404
    return person


def _managed_post(user: Cadre, pk: int) -> Post:
    """A post of a person whose file the staff member keeps; of a guest, one in their own units."""
    post: Post = get_object_or_404(Post.objects.visible_to(user, *MANAGERS).select_related("unit"), pk=pk)
    post.person = _seen(user, post.person_id)
    is_ours = any(unit.contains(post.unit.code) for unit in user.scope_units(*MANAGERS))
    if not is_ours and not user.keeps(post.person, *MANAGERS):
        raise Http404
    return post


def _asked_unit(request: StaffRequest) -> Unit | None:
    """The unit that the address names, where it lies in the staff member's area."""
    code = request.GET.get("unit", "")
    units = Unit.objects.visible_to(request.user, *MANAGERS)
    return units.filter(code=code).first() if is_code(code) else None


def _sent(request: HttpRequest) -> QueryDict | None:
    """The form as it was sent, also when it was sent empty."""
    return request.POST if request.method == "POST" else None


def _initial(person: Cadre) -> dict[str, object]:
    return {
        "name": person.name,
        "phone": person.phone or "",
        "unit": person.unit_id,
        "birth_year": person.birth_year,
        "is_party_member": person.is_party_member,
    }


def _page(
    request: HttpRequest, template: str, person: Cadre | None, form: Form, **more: object
) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, template, {"person": person, "form": form, **more}, status=status)
