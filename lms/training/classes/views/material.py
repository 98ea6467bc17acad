"""What goes with a class: documents and online lessons."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.addresses import whole_number
from courses.models import LessonPage
from lms.training.classes.actions.material import add_material, drop_material, set_lesson
from lms.training.classes.forms import MaterialForm
from lms.training.classes.models import Material, TrainingClass
from lms.training.classes.views.words import REFUSALS, words

FOUND = 20


@staff_required(*MANAGERS)
def material(request: StaffRequest, pk: int) -> HttpResponse:
    """The documents and lessons of a class, with a form for one more and a search."""
    held = get_object_or_404(TrainingClass.objects.run_by(request.user), pk=pk)
    is_sent = request.method == "POST"
    form = MaterialForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        try:
            add_material(training_class=held, by=request.user, at=timezone.now(), **form.cleaned_data)
        except REFUSALS as refused:
            form.add_error("file", words(refused))
        else:
            messages.success(request, _("The file goes with the class now."))
            return redirect("classes:material", pk)
    attached = held.lessons.all()
    q = request.GET.get("q", "").strip()[:40]
    found = LessonPage.objects.live().filter(title__contains=q).exclude(pk__in=attached.values("pk"))
    context = {
        "held": held,
        "form": form,
        "material": held.material.select_related("document"),
        "lessons": attached,
        "q": q,
        "found": found.order_by("title")[:FOUND] if q else [],
    }
    return render(request, "classes/material.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required(*MANAGERS)
def lesson(request: StaffRequest, pk: int) -> HttpResponse:
    """Attach a lesson, or take it off."""
    held = get_object_or_404(TrainingClass.objects.run_by(request.user), pk=pk)
    is_wanted = "add" in request.POST
    wanted = whole_number(request.POST.get("add" if is_wanted else "drop"))
    offered = LessonPage.objects.live() if is_wanted else LessonPage.objects.all()
    page = get_object_or_404(offered, pk=wanted or 0)
    try:
        set_lesson(training_class=held, lesson=page, is_wanted=is_wanted, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
    return redirect("classes:material", pk)


@require_POST
@staff_required(*MANAGERS)
def dropped(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a document away."""
    mine = TrainingClass.objects.run_by(request.user)
    found = Material.objects.filter(training_class__in=mine).select_related("training_class")
    kept = get_object_or_404(found, pk=pk)
    try:
        drop_material(material=kept, by=request.user, at=timezone.now())
    except REFUSALS as refused:
        messages.error(request, words(refused))
    return redirect("classes:material", kept.training_class_id)
