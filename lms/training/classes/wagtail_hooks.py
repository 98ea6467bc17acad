"""What this room tells the others by Wagtail's hooks."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.mergers.plan import OPEN_THINGS, OpenThing
from accounts.models import Unit
from lms.training.classes.models import ClassState, TrainingClass


@hooks.register(OPEN_THINGS)
def classes_of_units(retired: Sequence[Unit], *, on: date) -> list[OpenThing]:
    """Classes that are prepared or running, and are held by a unit or have places for one."""
    running = TrainingClass.objects.filter(state__in=(ClassState.DRAFT, ClassState.CALLING))
    found = running.filter(Q(unit__in=retired) | Q(quotas__unit__in=retired)).distinct()
    words = _("The class “%(title)s” is not closed yet")
    return [
        OpenThing(words % {"title": held.title}, reverse("classes:detail", args=[held.pk]))
        for held in found.order_by("starts_on", "pk")
    ]
