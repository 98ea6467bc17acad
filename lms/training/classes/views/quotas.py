"""The places of each unit in a class."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import MANAGERS, StaffRequest, staff_required
from accounts.models import Unit
from lms.training.classes.actions.calling import set_quotas
from lms.training.classes.forms import QuotaForm
from lms.training.classes.models import TrainingClass
from lms.training.classes.views.words import REFUSALS, words


@staff_required(*MANAGERS)
def quotas(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the units below the one that holds the class their places."""
    held = get_object_or_404(TrainingClass.objects.run_by(request.user).select_related("unit"), pk=pk)
    given = list(held.quotas.with_taken().select_related("unit"))
    offered = Unit.objects.filter(parent=held.unit).in_force(held.starts_on)
    units = Unit.objects.filter(Q(pk__in=offered.values("pk")) | Q(quotas__training_class=held))
    sent = request.POST if request.method == "POST" else None
    form = QuotaForm(sent, units=list(units.distinct().order_by("code")), quotas=given)
    if form.is_valid():
        try:
            set_quotas(training_class=held, places=form.places(), by=request.user, at=timezone.now())
        except REFUSALS as refused:
            form.add_error(None, words(refused))
        else:
            messages.success(request, _("The places are given."))
            return redirect("classes:detail", pk)
    taken = {quota.unit_id: quota.taken for quota in given}
    rows = [(form[name], taken.get(unit.pk, 0)) for name, unit in form.units.items()]
    context = {"held": held, "form": form, "rows": rows}
    return render(request, "classes/quotas.html", context, status=422 if form.errors else 200)
