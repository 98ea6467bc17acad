"""Forms: a class that was held or that people are called to, its half-days, signing, marks and reopening."""

import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import MANAGERS, RULERS
from accounts.forms import day_input
from accounts.models import Cadre, Role, Unit
from lms.hours.models import Ledger
from lms.training.classes.actions.calling import MOST_PLACES, CallingFacts
from lms.training.classes.models import ClassKind, Edge, HalfDay, Part, Quota, TrainingClass
from lms.training.classes.timetable import Line
from lms.training.plans.models import Plan, PlanItem

LONGEST_DAYS = 366
MOST_FILLED = 60
MOST_REASON = 300
NOT_OF_PLAN = _(
    "The item of the yearly plan is struck out or gone, or it is another place's. "
    "Open the plan again and make the class from there."
)


def time_input() -> forms.TimeInput:
    """A browser's own time field."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class _Basics(forms.ModelForm[TrainingClass]):
    """What every class has: units of one's own, an order of days, and where rotation counts."""

    def __init__(self, *args: Any, by: Cadre, **kwargs: Any) -> None:  # a form's arguments are Django's
        """Offer the organiser's own units, and kinds of class only to who may choose."""
        super().__init__(*args, **kwargs)
        own = by.scope_units(*MANAGERS)
        self.fields["unit"] = forms.ModelChoiceField(
            label=self.fields["unit"].label,
            queryset=Unit.objects.filter(pk__in=[unit.pk for unit in own]),
            initial=own[0].pk,
            empty_label=None,
        )
        if not by.has_role(*RULERS):
            self.fields["kind"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """The last day follows the first within a year, and a rotation is concentrated training."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        if first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("ends_on", _("A class lasts a year at most."))
        if values.get("kind") == ClassKind.ROTATION and values.get("ledger") != Ledger.CONCENTRATED:
            self.add_error("ledger", _("A rotation class counts as concentrated training."))
        return values


class ClassForm(_Basics):
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

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """What was held took some time."""
        values = super().clean()
        if values.get("hours", 1) <= 0:
            self.add_error("hours", _("This is more than zero."))
        if values.get("days", 0) < 0:
            self.add_error("days", _("Not below zero, please."))
        return values


class CallingForm(_Basics):
    """A class that people are called to."""

    hours = forms.DecimalField(
        label=_("Hours of the whole class"),
        required=False,
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(0.25)],
        help_text=_("Leave it empty: the half-days of the timetable say it."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Whom it is for"), required=False, choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    class Meta:
        model = TrainingClass
        fields = (
            "title", "organiser", "unit", "kind", "ledger", "starts_on", "ends_on", "purpose", "venue",
            "contact", "names_due_on", "has_sign_out", "plan_item",
        )  # fmt: skip
        widgets = {
            "starts_on": day_input(),
            "ends_on": day_input(),
            "names_due_on": day_input(),
            "plan_item": forms.HiddenInput,
        }
        labels = {"unit": _("Held by")}
        help_texts = {
            "kind": _("A rotation class also covers the term of secretaries and directors."),
            "names_due_on": _("The last day on which units propose names; without one, the first day."),
            "contact": _("Name and phone of whom people call."),
        }

    def __init__(self, *args: Any, by: Cadre, **kwargs: Any) -> None:  # a form's arguments are Django's
        """Of a class that there is already, the unit stays."""
        super().__init__(*args, by=by, **kwargs)
        held = self.instance
        items = PlanItem.objects.filter(plan__in=Plan.objects.open_to(by))
        self.fields["plan_item"] = forms.ModelChoiceField(
            PlanItem.objects.all() if held.pk else items,
            required=False,
            disabled=bool(held.pk),
            widget=forms.HiddenInput,
        )
        if held.pk:
            self.fields["unit"] = forms.ModelChoiceField(
                label=_("Held by"),
                queryset=Unit.objects.filter(pk=held.unit_id),
                disabled=True,
                empty_label=None,
            )
            self.initial["unit"] = held.unit_id
            self.initial["roles"] = held.roles
            self.initial["hours"] = held.hours if held.has_own_hours else None

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """Names are asked for before the class is over."""
        values = super().clean()
        if "plan_item" in self.errors:
            # Nobody sees the words beside a hidden field.
            self.add_error(None, NOT_OF_PLAN)
        due, last = values.get("names_due_on"), values.get("ends_on")
        if due and last and due > last:
            self.add_error("names_due_on", _("The class is over by then."))
        return values

    def facts(self) -> CallingFacts:
        """What the form says."""
        told = {**self.cleaned_data, "roles": tuple(self.cleaned_data["roles"])}
        return CallingFacts(**{field.name: told[field.name] for field in fields(CallingFacts)})


class HalfDayForm(forms.Form):
    """One line of a timetable."""

    on = forms.DateField(label=_("Day"), widget=day_input())
    part = forms.ChoiceField(label=_("Part of the day"), choices=Part.choices)
    starts = forms.TimeField(label=_("Starts"), widget=time_input())
    ends = forms.TimeField(label=_("Ends"), widget=time_input())
    topic = forms.CharField(label=_("Topic"), max_length=120)
    teacher = forms.CharField(label=_("Teacher"), max_length=60, required=False)
    venue = forms.CharField(
        label=_("Venue"), max_length=120, required=False, help_text=_("Only if it is another one.")
    )

    @staticmethod
    def filled(half_day: HalfDay) -> dict[str, object]:
        """A line as the form shows it."""
        return {
            "on": half_day.on,
            "part": half_day.part,
            "starts": timezone.localtime(half_day.starts_at).time(),
            "ends": timezone.localtime(half_day.ends_at).time(),
            "topic": half_day.topic,
            "teacher": half_day.teacher,
            "venue": half_day.venue,
        }

    def line(self) -> Line:
        """What the form says."""
        return Line(**{**self.cleaned_data, "part": Part(self.cleaned_data["part"])})


class FillForm(forms.Form):
    """Mornings and afternoons for several days at once."""

    first = forms.DateField(label=_("First day"), widget=day_input())
    days = forms.IntegerField(
        label=_("Number of days"), validators=[MinValueValidator(1), MaxValueValidator(MOST_FILLED)]
    )
    topic = forms.CharField(label=_("Topic"), max_length=120)
    with_weekends = forms.BooleanField(label=_("Saturdays and Sundays too"), required=False)


class QuotaForm(forms.Form):
    """How many places each unit below the one that holds the class has."""

    def __init__(
        self, *args: Any, units: Sequence[Unit], quotas: Sequence[Quota], **kwargs: Any
    ) -> None:  # a form's arguments are Django's
        super().__init__(*args, **kwargs)
        given = {quota.unit_id: quota.places for quota in quotas}
        self.units = {f"unit-{unit.pk}": unit for unit in units}
        for name, unit in self.units.items():
            self.fields[name] = forms.IntegerField(
                label=unit.short_name,
                required=False,
                initial=given.get(unit.pk),
                validators=[MinValueValidator(0), MaxValueValidator(MOST_PLACES)],
                widget=forms.NumberInput(attrs={"min": 0, "max": MOST_PLACES, "inputmode": "numeric"}),
            )

    def places(self) -> dict[Unit, int]:
        """The places of each unit; an empty field is none."""
        return {unit: self.cleaned_data[name] or 0 for name, unit in self.units.items()}


class MaterialForm(forms.Form):
    """A document that goes with a class."""

    title = forms.CharField(label=_("Title"), max_length=120)
    file = forms.FileField(
        label=_("File"), help_text=_("A PDF, or a file of Word (.docx), PowerPoint (.pptx) or Excel (.xlsx).")
    )


class ReasonForm(forms.Form):
    """A reason, which somebody else will read."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class SignForm(forms.Form):
    """The six digits on the organiser's screen."""

    code = forms.CharField(
        label=_("The six digits on the screen"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """As people type it: full-width digits and spaces are forgiven."""
        return "".join(unicodedata.normalize("NFKC", self.cleaned_data["code"]).split())


class MarkForm(forms.Form):
    """What a mark should have been, and why it was not."""

    edge = forms.ChoiceField(label=_("Which end"), choices=Edge.choices)
    is_present = forms.TypedChoiceField(
        label=_("Was there"),
        choices=[("1", _("Yes")), ("0", _("No"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MOST_REASON,
        help_text=_("It stays on record with your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, has_sign_out: bool, **kwargs: Any
    ) -> None:  # a form's arguments are Django's
        """Ask for the end only where both are taken."""
        super().__init__(*args, **kwargs)
        if not has_sign_out:
            self.fields["edge"] = forms.ChoiceField(
                choices=[(Edge.IN, Edge.IN.label)], widget=forms.HiddenInput, initial=Edge.IN
            )


class ReopenClassForm(forms.Form):
    """Why a closed class may change again."""

    reason = forms.CharField(
        label=_("Reason"),
        # Lines of the ledger name it, after some words of their own.
        max_length=250,
        help_text=_("It stands beside every line that changes, with your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
