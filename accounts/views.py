"""The desk's pages about one person: the file, and the posts."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions
from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.forms import AppointForm, EndPostForm, PersonForm
from accounts.models import Cadre, Post


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
    """Give a person a post."""
    person = _managed(request.user, pk)
    today = timezone.localdate()
    form = AppointForm(_sent(request), initial={"unit": person.unit_id, "from_on": today})
    form.fields["unit"].offer(request.user, person.unit, today)  # type: ignore[attr-defined]  # a UnitField
    if request.method == "POST" and form.is_valid():
        try:
            actions.appoint(person=person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.AlreadyHeld:
            form.add_error("role", _("The person holds this post at this unit already."))
        except actions.UnitNotInForce:
            form.add_error("unit", _("This unit did not exist on that day."))
        else:
            messages.success(request, _("The post has been entered; what it asks for is worked out now."))
            return redirect("desk:person", person.pk)
    return _page(request, "accounts/appoint.html", person, form)


@staff_required(*MANAGERS)
def end_post(request: StaffRequest, pk: int) -> HttpResponse:
    """End a post with its last day; the record of study stays."""
    posts = Post.objects.visible_to(request.user, *MANAGERS).select_related("unit")
    post = get_object_or_404(posts, pk=pk)
    person = _managed(request.user, post.person_id)
    form = EndPostForm(_sent(request), initial={"to_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_post(post=post, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.EndsBeforeStart:
            form.add_error("to_on", _("The last day cannot lie before the first."))
        except actions.PostEnded:
            form.add_error(None, _("This post has ended already."))
        else:
            messages.success(request, _("The post has ended. What was learned stays in the record."))
            return redirect("desk:person", person.pk)
    return _page(request, "accounts/end_post.html", person, form, post=post)


def _managed(user: Cadre, pk: int) -> Cadre:
    """A person whose file the staff member keeps; whoever may do more than they is out of reach."""
    people = Cadre.objects.visible_to(user, *MANAGERS).select_related("unit")
    person: Cadre = get_object_or_404(people, pk=pk)
    if not user.has_rights_of(person):
        raise Http404
    return person


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


def _page(request: HttpRequest, template: str, person: Cadre, form: Form, **more: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, template, {"person": person, "form": form, **more}, status=status)
