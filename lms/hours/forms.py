"""Forms: the correction of a ledger line, the next version of a rule, the freeze of a year and its end."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import day_input
from lms.hours.actions import Worth
from lms.hours.defaults import RuleFields
from lms.hours.figures import plain
from lms.hours.kinds import CLASS_KINDS, MOST_YEARLY, EntryKind
from lms.hours.models import HoursEntry, HoursRule, Totals


class CorrectionForm(forms.Form):
    """What the line should amount to from now on, and why."""

    hours = forms.DecimalField(
        label=_("Hours from now on"), min_value=Decimal(0), max_digits=6, decimal_places=2
    )
    days = forms.DecimalField(
        label=_("Days from now on"), min_value=Decimal(0), max_value=Decimal(366), decimal_places=2
    )
    times = forms.IntegerField(
        label=_("Classes from now on"),
        min_value=0,
        max_value=1,
        help_text=_("1 if the class counts as attended, 0 if not."),
    )
    is_evidenced = forms.BooleanField(
        label=_("I have seen the evidence"),
        required=False,
        help_text=_("To be ticked where a figure becomes higher than it is now."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Everybody who sees the line sees the reason and your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, entry: HoursEntry, standing: Totals, **kwargs: Any
    ) -> None:  # a form's arguments are Django's
        """Begin with the totals as they stand; a lesson has no days to correct."""
        super().__init__(*args, **kwargs)
        self.initial = {
            "hours": plain(standing.hours),
            "days": plain(standing.days),
            "times": standing.times,
        }
        if entry.kind not in CLASS_KINDS:
            del self.fields["days"], self.fields["times"]
        self.standing = standing

    def clean(self) -> dict[str, Any]:  # Django's own type
        """Whoever raises a figure has seen why."""
        values = super().clean() or {}
        if not self.errors and not values["is_evidenced"] and self._raises(self.worth()):
            self.add_error("is_evidenced", _("This raises the line: please look at the evidence first."))
        return values

    def _raises(self, worth: Worth) -> bool:
        now = self.standing
        return worth.hours > now.hours or worth.days > now.days or worth.times > now.times

    def worth(self) -> Worth:
        """The new totals; what the form does not ask stays as it is."""
        values = self.cleaned_data
        return Worth(
            values["hours"],
            values.get("days", self.standing.days),
            values.get("times", self.standing.times),
        )


class RuleForm(forms.ModelForm[HoursRule]):
    """A region's next version; the online table is taken over from the rule in force."""

    class Meta:
        model = HoursRule
        fields: ClassVar[list[str]] = [
            "version",
            "valid_from",
            "quiz_hours",
            "online_daily_cap",
            "day_hours",
            "half_day_hours",
            "class_cap",
            "absence_divisor",
            "has_carry_over",
            "grants_again_each_year",
            "study_speed",
            "document",
        ]
        widgets = {"valid_from": day_input()}
        help_texts = {
            "study_speed": _("At 1 a lesson of 30 minutes takes at least 30 minutes, at 2 at least 15."),
            "class_cap": _("However long it is. Leave empty where there is no limit."),
        }

    POSITIVE = (
        "quiz_hours",
        "online_daily_cap",
        "day_hours",
        "half_day_hours",
        "class_cap",
        "absence_divisor",
        "study_speed",
    )
    CAP = "cap_"

    def __init__(self, *args: Any, **options: Any) -> None:  # a form's arguments are Django's
        """One more field for each kind of learning: its limit of a year."""
        super().__init__(*args, **options)
        kept = self.initial.get("yearly_caps", {})
        for kind in EntryKind:
            self.fields[f"{self.CAP}{kind}"] = forms.DecimalField(
                label=kind.label,
                required=False,
                min_value=Decimal("0.01"),
                max_value=MOST_YEARLY,
                decimal_places=2,
                initial=kept.get(kind.value),
            )

    @property
    def caps(self) -> list[forms.BoundField]:
        """The fields of the yearly limits."""
        return [self[f"{self.CAP}{kind}"] for kind in EntryKind]

    def clean(self) -> dict[str, Any]:  # Django's own type
        """Every figure is more than zero, and half a day is no more than a day."""
        cleaned = super().clean() or {}
        for name in self.POSITIVE:
            if cleaned.get(name) is not None and cleaned[name] <= 0:
                self.add_error(name, _("This is more than zero."))
        half, whole = cleaned.get("half_day_hours"), cleaned.get("day_hours")
        if half is not None and whole is not None and half > whole:
            self.add_error("half_day_hours", _("Half a day is no more than a day."))
        return cleaned

    def values(self, basis: HoursRule) -> RuleFields:
        """What the version says, with the online table of the rule in force."""
        cleaned = self.cleaned_data
        return {
            "online_steps": basis.online_steps,
            "quiz_hours": cleaned["quiz_hours"],
            "online_daily_cap": cleaned["online_daily_cap"],
            "day_hours": cleaned["day_hours"],
            "half_day_hours": cleaned["half_day_hours"],
            "class_cap": cleaned["class_cap"],
            "yearly_caps": {
                kind.value: plain(cap)
                for kind in EntryKind
                if (cap := cleaned[f"{self.CAP}{kind}"]) is not None
            },
            "absence_divisor": cleaned["absence_divisor"],
            "has_carry_over": cleaned["has_carry_over"],
            "grants_again_each_year": cleaned["grants_again_each_year"],
            "study_speed": cleaned["study_speed"],
        }


class FreezeForm(forms.Form):
    """Which of the years that can be frozen."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(
        self, *args: Any, years: Iterable[int], **kwargs: Any
    ) -> None:  # a form's arguments are Django's
        """Offer these years."""
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]  # a choice field


class ReopenForm(forms.Form):
    """Why the year's figures may change again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stays on record with your name; name no illness and no private matter."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
