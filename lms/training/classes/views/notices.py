"""Who was told what about a class, and messages to those who have not opened it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, StaffRequest, staff_required
from lms.training.classes.actions.notices import ask_sending
from lms.training.classes.models import ClassState, Notice, TrainingClass
from lms.training.classes.views.words import REFUSALS, words
from lms.training.classes.words import message

PAGE_SIZE = 50


@staff_required(*MANAGERS)
def notices(request: StaffRequest, pk: int) -> HttpResponse:
    """Who was told, who opened it, the words to send or copy; one button sends what waits, once."""
    own = TrainingClass.objects.run_by(request.user).exclude(state=ClassState.DRAFT)
    held = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        return _send(request, held)
    found = Notice.objects.filter(training_class=held).select_related("person__unit", "training_class__unit")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "held": held,
        "page": page,
        "rows": [(notice, message(notice, today=today)) for notice in page],
        "waiting": Notice.objects.sendable().filter(training_class=held).count(),
    }
    return render(request, "classes/notices.html", context)


def _send(request: StaffRequest, held: TrainingClass) -> HttpResponse:
    try:
        ask_sending(training_class=held, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
    else:
        messages.success(request, _("The messages are on their way. Nobody gets one twice."))
    return redirect("classes:notices", held.pk)
