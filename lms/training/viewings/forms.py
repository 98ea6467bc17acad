"""Forms of stations, their programmes and their sample checks."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import MANAGERS
from accounts.forms import day_input
from accounts.models import Cadre, Level, Unit
from courses.models import LessonPage
from lms.training.viewings.actions import ProgrammeFacts
from lms.training.viewings.actions.running import PLAYED
from lms.training.viewings.actions.sampling import MOST_SAMPLES
from lms.training.viewings.models import Equipment, Finding, Platform, Sample, Station

MOST_MINUTES = 600
LONGEST_DAYS = 366
MOMENT = "%Y-%m-%dT%H:%M"


class StationForm(forms.Form):
    """A new station: in which village, under which name, since when."""

    unit = forms.ModelChoiceField(label=_("Village"), queryset=Unit.objects.none())
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        required=False,
        help_text=_("Left empty, it is called after the village."),
    )
    from_on = forms.DateField(label=_("Run since"), widget=day_input())

    def __init__(self, *args: Any, by: Cadre, today: date, **kwargs: Any) -> None:  # a form's arguments
        """Offer the villages of the staff member's area that have no station."""
        super().__init__(*args, **kwargs)
        villages = Unit.objects.visible_to(by, *MANAGERS).filter(level=Level.VILLAGE).in_force(today)
        without = villages.exclude(pk__in=Station.objects.filter(to_on=None).values("unit"))
        self.fields["unit"] = forms.ModelChoiceField(
            label=_("Village"), queryset=without.order_by("code"), empty_label="—"
        )
        self.fields["from_on"].initial = today


class KeeperForm(forms.Form):
    """Who keeps a station: somebody of the village, or anybody by phone or account number."""

    person = forms.ModelChoiceField(
        label=_("Somebody of the village"), queryset=Cadre.objects.none(), required=False
    )
    who = forms.CharField(label=_("Or phone or account number"), max_length=20, required=False)

    def __init__(self, *args: Any, station: Station, by: Cadre, **kwargs: Any) -> None:  # a form's
        """Offer the people of the village, and find others in the staff member's area."""
        super().__init__(*args, **kwargs)
        self.reach = Cadre.objects.visible_to(by, *MANAGERS).filter(is_active=True)
        ours: QuerySet[Cadre] = self.reach.filter(unit=station.unit_id).order_by("name", "pk")
        self.fields["person"] = forms.ModelChoiceField(
            label=_("Somebody of the village"), queryset=ours, required=False, empty_label="—"
        )

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """One person, chosen or found."""
        values = super().clean() or self.cleaned_data
        who = values.get("who", "")
        found = self.reach.signing_in_as(who).first() if who else values.get("person")
        if found is None and not self.errors:
            words = _("Nobody in your units has this number.") if who else _("Choose somebody.")
            self.add_error("who" if who else "person", words)
        values["keeper"] = found
        return values


class EquipmentForm(forms.ModelForm[Equipment]):
    """One line of the equipment book."""

    class Meta:
        model = Equipment
        fields = ("name", "count", "condition", "since_on", "note")
        widgets = {"since_on": day_input()}


EquipmentBook = forms.inlineformset_factory(Station, Equipment, form=EquipmentForm, extra=3, max_num=60)


class EndStationForm(forms.Form):
    """A station that is not run any longer."""

    to_on = forms.DateField(label=_("Last day"), widget=day_input())


class ReasonForm(forms.Form):
    """Why something that stood is undone."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class DiscussionForm(forms.Form):
    """What was said afterwards."""

    discussion = forms.CharField(
        label=_("Discussion"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What was discussed, in a few lines."),
    )


class ProgrammeForm(forms.Form):
    """A programme for stations: what, when and where."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title = forms.CharField(label=_("Title of the broadcast"), max_length=255)
    platform = forms.ChoiceField(label=_("Where it comes from"), choices=Platform.choices)
    minutes = forms.IntegerField(
        label=_("Planned minutes"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    planned_at = forms.DateTimeField(
        label=_("Day and time"),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
    )

    def __init__(
        self,
        *args: Any,
        lesson: LessonPage | None,
        offered: QuerySet[Station],
        areas: QuerySet[Unit],
        **kwargs: Any,
    ) -> None:  # a form's arguments are Django's
        """A lesson needs no words of its own; the only station needs no choice."""
        super().__init__(*args, **kwargs)
        self.lesson, self.areas = lesson, areas
        if lesson is not None:
            for name in ("title", "platform", "minutes"):
                del self.fields[name]
        self.only = offered[0] if offered.count() == 1 else None
        self.fields["stations"] = forms.ModelMultipleChoiceField(
            label=_("Stations"),
            queryset=offered,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["townships"] = forms.ModelMultipleChoiceField(
            label=_("All stations of"), queryset=areas, required=False, widget=forms.CheckboxSelectMultiple
        )

    @property
    def facts(self) -> ProgrammeFacts:
        """What is to be shown."""
        if self.lesson is not None:
            return ProgrammeFacts(lesson=self.lesson)
        said = self.cleaned_data
        return ProgrammeFacts(title=said["title"], platform=said["platform"], seconds=said["minutes"] * 60)

    def stations(self, by: Cadre, *roles: str) -> list[Station]:
        """The stations that were ticked, alone or with their whole area."""
        if self.only is not None:
            return [self.only]
        said, planned_at = self.cleaned_data, self.cleaned_data["planned_at"]
        wanted = {station.pk: station for station in said["stations"]}
        for area in said["townships"]:
            inside = Station.objects.visible_to(by, *roles).within(area)
            wanted.update({each.pk: each for each in inside.open(timezone.localdate(planned_at))})
        return list(wanted.values())


def playable(text: str) -> QuerySet[LessonPage]:
    """Lessons that a screen can play and whose title, or whose course's, holds the words; newest first."""
    found: QuerySet[LessonPage] = LessonPage.objects.open().filter(kind__in=PLAYED, title__icontains=text)
    return found.order_by("-first_published_at", "-pk")


class PeriodForm(forms.Form):
    """From a day to a day, a year at most."""

    from_on = forms.DateField(label=_("From"), widget=day_input())
    to_on = forms.DateField(label=_("Until"), widget=day_input())

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """The last day does not lie before the first, nor more than a year behind it."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("from_on"), values.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", _("The last day lies before the first."))
        if first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("to_on", _("A year at most, please."))
        return values


class DrawForm(PeriodForm):
    """How many viewings of a period are drawn."""

    wanted = forms.IntegerField(
        label=_("How many"),
        initial=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SAMPLES)],
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class FindingForm(forms.ModelForm[Sample]):
    """What a check found."""

    class Meta:
        model = Sample
        fields = ("found", "finding", "note")
        labels = {"found": _("People who were there"), "finding": _("Result"), "note": _("Note")}
        help_texts = {"note": _("What does not agree, and how you know.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # a form's arguments are Django's
        """A result has a number and a verdict."""
        super().__init__(*args, **kwargs)
        self.fields["found"].required = True
        self.fields["finding"] = forms.ChoiceField(label=_("Result"), choices=[("", "—"), *Finding.choices])

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """What does not agree is said in words."""
        values = super().clean() or self.cleaned_data
        if values.get("finding") == Finding.DIFFERS and not values.get("note"):
            self.add_error("note", _("Write down what does not agree."))
        return values


def moment_words(moment: datetime) -> str:
    """A moment as the browser's own field takes it."""
    return timezone.localtime(moment).strftime(MOMENT)
