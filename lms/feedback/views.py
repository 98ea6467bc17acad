"""意见建议 for everybody, and the desk that answers."""

from http import HTTPStatus

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.models import Cadre
from lms.feedback.actions import answer, suggest
from lms.feedback.forms import ReplyForm, SuggestionForm
from lms.feedback.models import Suggestion

PAGE_SIZE = 20
# First lines for those who come from a page that asks something for them.
FIRST_LINES = {"class": gettext_lazy("When is the next training class in our township?")}


@login_not_required
def new(request: HttpRequest) -> HttpResponse:
    """Tell us something, signed in or not; below it what one told us before, with the answers."""
    person = request.user if isinstance(request.user, Cadre) else None
    first_line = FIRST_LINES.get(request.GET.get("about", ""), "")
    form = SuggestionForm(request.POST if request.method == "POST" else None, initial={"text": first_line})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if form.is_valid():
        if ratelimit.consume(request, action="suggest"):
            return _keep(request, form, person)
        form.add_error(None, _("Too many at once. Please try again in a while."))
        status = HTTPStatus.TOO_MANY_REQUESTS
    mine = person.suggestions.prefetch_related("replies__by") if person else Suggestion.objects.none()
    context = {"form": form, "suggestions": mine[:PAGE_SIZE]}
    return render(request, "feedback/new.html", context, status=status)


def _keep(request: HttpRequest, form: SuggestionForm, person: Cadre | None) -> HttpResponse:
    suggestion = suggest(
        text=form.cleaned_data["text"],
        contact=form.cleaned_data["contact"],
        page=request.GET.get("from", "")[:200],
        person=None if form.cleaned_data["is_anonymous"] else person,
        at=timezone.now(),
    )
    thanks = _("Thank you. We have kept it and answer within seven days.")
    nameless = _("Thank you. We have kept it. Without a name or a contact we cannot answer you.")
    messages.success(request, thanks if suggestion.can_be_answered else nameless)
    return redirect("feedback:new")


@staff_required()
def desk(request: StaffRequest) -> HttpResponse:
    """What waits for an answer in the staff member's units."""
    is_closed = request.GET.get("closed") == "1"
    visible = Suggestion.objects.visible_to(request.user)
    return _list(request, visible.filter(closed_at__isnull=not is_closed), is_closed=is_closed)


def _list(
    request: StaffRequest,
    found: QuerySet[Suggestion],
    *,
    is_closed: bool,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    found = found.select_related("person", "unit").prefetch_related("replies__by")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "feedback/desk.html", {"page": page, "is_closed": is_closed}, status=status)


@staff_required(*MANAGERS)
@require_POST
def reply(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer one suggestion."""
    found = Suggestion.objects.visible_to(request.user, *MANAGERS).filter(pk=pk)
    suggestion = get_object_or_404(found)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was kept: please write an answer first."))
        is_closed = suggestion.closed_at is not None
        return _list(request, found, is_closed=is_closed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    answer(
        suggestion=suggestion,
        text=form.cleaned_data["text"],
        closes="close" in request.POST,
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Your answer has been kept."))
    return redirect("feedback:desk")
