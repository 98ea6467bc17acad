"""The form with which staff correct a ledger line."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.hours.actions import Worth
from lms.hours.figures import plain
from lms.hours.models import EntryKind, HoursEntry, Totals

# Kinds that are counted in days and times too.
CLASS_KINDS = (EntryKind.CLASS, EntryKind.ROTATION)


class CorrectionForm(forms.Form):
    """What the line should amount to from now on, and why."""

    hours = forms.DecimalField(
        label=_("Hours from now on"), min_value=Decimal(0), max_value=Decimal(1000), decimal_places=2
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

    def worth(self) -> Worth:
        """The new totals; what the form does not ask stays as it is."""
        values = self.cleaned_data
        return Worth(
            values["hours"],
            values.get("days", self.standing.days),
            values.get("times", self.standing.times),
        )
