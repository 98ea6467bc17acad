"""意见建议 for everybody, and the desk that answers."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest, staff_required
from accounts.models import Cadre
from lms.feedback.actions import answer, suggest
from lms.feedback.forms import ReplyForm, SuggestionForm
from lms.feedback.models import Suggestion

PAGE_SIZE = 20


@login_not_required
def new(request: HttpRequest) -> HttpResponse:
    """Tell us something, signed in or not; below it what one told us before, with the answers."""
    person = request.user if isinstance(request.user, Cadre) else None
    form = SuggestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="suggest"):
            form.add_error(None, _("Too many at once. Please try again in a while."))
        else:
            return _keep(request, form, person)
    mine = person.suggestions.prefetch_related("replies__by") if person else Suggestion.objects.none()
    return render(request, "feedback/new.html", {"form": form, "suggestions": mine[:PAGE_SIZE]})


def _keep(request: HttpRequest, form: SuggestionForm, person: Cadre | None) -> HttpResponse:
    suggest(
        text=form.cleaned_data["text"],
        contact=form.cleaned_data["contact"],
        page=request.GET.get("from", "")[:200],
        person=None if form.cleaned_data["is_anonymous"] else person,
        at=timezone.now(),
    )
    messages.success(request, _("Thank you. We have kept it and answer within seven days."))
    return redirect("feedback:new")


@staff_required()
def desk(request: StaffRequest) -> HttpResponse:
    """What waits for an answer in the staff member's units."""
    is_closed = request.GET.get("closed") == "1"
    found = (
        Suggestion.objects.visible_to(request.user)
        .filter(closed_at__isnull=not is_closed)
        .select_related("person", "unit")
        .prefetch_related("replies__by")
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "feedback/desk.html", {"page": page, "is_closed": is_closed, "form": ReplyForm()})


@staff_required()
@require_POST
def reply(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer one suggestion."""
    suggestion = get_object_or_404(Suggestion.objects.visible_to(request.user), pk=pk)
    form = ReplyForm(request.POST)
    if form.is_valid():
        answer(
            suggestion=suggestion,
            text=form.cleaned_data["text"],
            closes="close" in request.POST,
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Your answer has been kept."))
    else:
        messages.error(request, _("Nothing was kept: please write an answer first."))
    return redirect("feedback:desk")
