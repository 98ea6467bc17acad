"""Forms of the merger wizard."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import day_input
from accounts.mergers.columns import plain_code
from accounts.mergers.lines import Line
from accounts.models import Unit


class ChooseForm(forms.Form):
    """Which units merge, on which day, and what takes their place."""

    units = forms.MultipleChoiceField(label=_("Units that merge"), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(
        label=_("First day of the new unit"),
        widget=day_input(),
        help_text=_("Today or a past day of this year. The old units end on the day before."),
    )
    successor = forms.ChoiceField(label=_("What takes their place"), required=False)
    code = forms.CharField(
        label=_("Code of the new unit"),
        required=False,
        max_length=20,
        help_text=_("12 digits from the official list. Not needed where one of the units goes on."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name of the new unit"), required=False, max_length=80)

    def __init__(self, *args: Any, offered: Sequence[Unit], **kwargs: Any) -> None:
        """Offer the units, and each of them as the one that goes on."""  # Any: a form's arguments
        super().__init__(*args, **kwargs)
        choices = [(unit.code, f"{unit.name} {unit.code}") for unit in offered]
        self.fields["units"].choices = choices  # type: ignore[attr-defined]  # a choice field
        goes_on = [(unit.code, unit.name) for unit in offered]
        new = ("", _("A new unit"))
        self.fields["successor"].choices = [new, *goes_on]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """A new unit has a code and a name; one that goes on is not retired, and something else is."""
        values = super().clean() or self.cleaned_data
        values["code"] = plain_code(values.get("code", ""))
        if not values.get("successor"):
            for field in ("code", "name"):
                if not values.get(field) and field not in self.errors:
                    self.add_error(field, _("A new unit needs this."))
        elif not set(values.get("units", [])) - {values["successor"]} and "units" not in self.errors:
            self.add_error("units", _("Tick the units that are merged into it."))
        return values

    def lines(self) -> list[Line]:
        """The table that the form says, without what lies below the units."""
        said = self.cleaned_data
        new = said["successor"] or said["code"]
        name = "" if said["successor"] else said["name"].strip()
        return [Line(old, new, name) for old in said["units"] if old != said["successor"]]


class SheetForm(forms.Form):
    """A sheet of codes."""

    file = forms.FileField(
        label=_("Or bring the table (XLSX or CSV)"),
        required=False,
        help_text=_("Columns: old code, new code, new name."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
    )
