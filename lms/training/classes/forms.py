"""The form with which an organiser records a class that was held."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import MANAGERS, RULERS
from accounts.forms import day_input
from accounts.models import Cadre, Unit
from lms.hours.models import Ledger
from lms.training.classes.models import ClassKind, TrainingClass

LONGEST_DAYS = 366


class ClassForm(forms.ModelForm[TrainingClass]):
    """What was held, where it counts, and how long it took."""

    people = forms.CharField(
        label=_("Who came"),
        required=False,
        help_text=_(
            "One person a line: name, phone or account number; then, after a space, the half-days absent, "
            "if any."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    class Meta:
        model = TrainingClass
        fields = ("title", "organiser", "unit", "kind", "ledger", "starts_on", "ends_on", "days", "hours")
        widgets = {"starts_on": day_input(), "ends_on": day_input()}
        labels = {"unit": _("Recorded by")}
        help_texts = {
            "kind": _("A rotation class also covers the term of secretaries and directors."),
            "days": _("Half a day is 0.5; write 0 where the class counts hours only."),
            "hours": _("Hours of the whole class: 6 a day as a rule, 12 at most."),
        }

    def __init__(self, *args: Any, by: Cadre, **kwargs: Any) -> None:  # a form's arguments are Django's
        """Offer the organiser's own units, and kinds of class only to who may choose."""
        super().__init__(*args, **kwargs)
        own = by.scope_units(*MANAGERS)
        self.fields["unit"] = forms.ModelChoiceField(
            label=_("Recorded by"),
            queryset=Unit.objects.filter(pk__in=[unit.pk for unit in own]),
            initial=own[0].pk,
            empty_label=None,
        )
        if not by.has_role(*RULERS):
            self.fields["kind"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """A class has an order of days, some worth, and a rotation only on the concentrated ledger."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        if first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("ends_on", _("A class lasts a year at most."))
        if values.get("hours", 1) <= 0:
            self.add_error("hours", _("This is more than zero."))
        if values.get("days", 0) < 0:
            self.add_error("days", _("Not below zero, please."))
        if values.get("kind") == ClassKind.ROTATION and values.get("ledger") != Ledger.CONCENTRATED:
            self.add_error("ledger", _("A rotation class counts as concentrated training."))
        return values
