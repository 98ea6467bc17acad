"""Forms of an election: the new term, the list to bring, and a village's result."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import RULERS
from accounts.elections.actions import TermFacts
from accounts.elections.models import Election
from accounts.fields import IdentityField, PhoneField
from accounts.forms import NAME, day_input
from accounts.models import COMMITTEE_ROLES, Cadre, Level, Role, Unit
from accounts.roster.columns import Column
from accounts.roster.facts import ROLE_NAMES
from accounts.roster.sheets import Row

ELECTED = [(role.value, role.label) for role in COMMITTEE_ROLES]
NEWCOMERS, MORE, MOST = 3, 3, 30


def roles_cell(roles: Iterable[str]) -> str:
    """Posts as a cell of a list says them."""
    return "、".join(ROLE_NAMES[Role(role)].split()[0] for role in roles)


class TermForm(forms.Form):
    """The new term of a county."""

    county = forms.ModelChoiceField(label=_("County"), queryset=Unit.objects.none())
    number = forms.IntegerField(
        label=_("Number of the term"),
        min_value=1,
        max_value=99,
        help_text=_("As the county counts: 13 for the thirteenth."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    starts_on = forms.DateField(
        label=_("The term starts"),
        widget=day_input(),
        help_text=_("The earliest day on which a new post begins."),
    )
    ends_on = forms.DateField(
        label=_("The term ends"), widget=day_input(), help_text=_("Five years as a rule.")
    )
    leaves_gap = forms.BooleanField(
        label=_("The old term ended as planned"),
        required=False,
        help_text=_(
            "Only where it was planned to end earlier: the days in between then belong to no term. "
            "Otherwise it ends the day before the new one starts."
        ),
    )

    def __init__(self, *args: Any, by: Cadre, **kwargs: Any) -> None:  # a form's arguments are Django's
        """Offer the counties for which the staff member decides."""
        super().__init__(*args, **kwargs)
        counties = Unit.objects.visible_to(by, *RULERS).filter(level=Level.COUNTY).order_by("code")
        self.fields["county"].queryset = counties  # type: ignore[attr-defined]  # a ModelChoiceField

    def facts(self) -> TermFacts:
        """The term that was asked for."""
        return TermFacts(**self.cleaned_data)


class ListForm(forms.Form):
    """A list of results."""

    file = forms.FileField(
        label=_("List of results (XLSX or CSV)"),
        help_text=_("Any order of columns; titles and merged cells may stay."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
    )
    begins_on = forms.DateField(
        label=_("Posts begin on"),
        widget=day_input(),
        help_text=_("Where the list gives no day of its own for a village."),
    )

    def __init__(
        self, *args: Any, election: Election, **kwargs: Any
    ) -> None:  # a form's arguments are Django's
        """Begin with the term's first day."""
        super().__init__(*args, **kwargs)
        self.election = election
        self.fields["begins_on"].initial = election.term.starts_on

    def clean_begins_on(self) -> Any:  # Any: a date, which django-stubs leaves open
        """A day within the term."""
        return within_term(self.election, self.cleaned_data["begins_on"])


class VillageForm(forms.Form):
    """A village's result: the posts of everybody who is known there, ticked as they are."""

    begins_on = forms.DateField(
        label=_("Posts begin on"),
        widget=day_input(),
        help_text=_("The day of this village's result; posts that end, end the day before."),
    )

    def __init__(
        self,
        *args: Any,
        election: Election,
        present: dict[Cadre, list[str]],
        others: list[Cadre],
        **kwargs: Any,
    ) -> None:  # a form's arguments are Django's
        """A row of ticks for each person, those who sit in the committees first."""
        super().__init__(*args, **kwargs)
        self.election, self.present, self.others = election, present, others
        self.fields["begins_on"].initial = election.term.starts_on
        for person, roles in present.items():
            self.fields[f"seat-{person.pk}"] = _ticks(person.name, roles)
        for person in others:
            self.fields[f"seat-{person.pk}"] = _ticks(person.name, [])
            self.fields[f"new-{person.pk}"] = forms.BooleanField(
                label=_("Newly elected"), required=False, initial=True
            )

    def clean_begins_on(self) -> Any:  # Any: a date, which django-stubs leaves open
        """A day within the term."""
        return within_term(self.election, self.cleaned_data["begins_on"])

    def seats(self) -> Iterator[tuple[Cadre, forms.BoundField]]:
        """Those who sit in the committees, with their ticks."""
        return ((person, self[f"seat-{person.pk}"]) for person in self.present)

    def candidates(self) -> Iterator[tuple[Cadre, forms.BoundField, forms.BoundField]]:
        """The others of the village, with their ticks."""
        return ((each, self[f"seat-{each.pk}"], self[f"new-{each.pk}"]) for each in self.others)

    def rows(self, unit: Unit) -> list[Row]:
        """The rows of a list that says the same."""
        said = self.cleaned_data
        chosen = [
            (person, roles, said.get(f"new-{person.pk}", False))
            for person in (*self.present, *self.others)
            if (roles := said.get(f"seat-{person.pk}"))
        ]
        return [
            Row(
                line,
                {
                    Column.NUMBER: person.number,
                    Column.NAME: person.name,
                    Column.UNIT_CODE: unit.code,
                    Column.ROLES: roles_cell(roles),
                    Column.NEWLY_ELECTED: "yes" if is_new else "no",
                },
            )
            for line, (person, roles, is_new) in enumerate(chosen, start=1)
        ]


class NewcomerForm(forms.Form):
    """Somebody who is not on the village's list: known elsewhere, or new."""

    name = forms.CharField(label=_("Name"), max_length=60, validators=[NAME])
    phone = PhoneField(required=False)
    identity_number = IdentityField(
        label=_("ID number"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    roles = forms.MultipleChoiceField(
        label=_("Elected as"), choices=ELECTED, widget=forms.CheckboxSelectMultiple
    )
    is_party_member = forms.BooleanField(label=_("Party member"), required=False)
    is_newly_elected = forms.BooleanField(label=_("Newly elected"), required=False, initial=True)

    def row(self, line: int, unit: Unit) -> Row:
        """The row of a list that says the same."""
        said = self.cleaned_data
        cells = {
            Column.NAME: said["name"],
            Column.PHONE: said["phone"],
            Column.IDENTITY: said["identity_number"],
            Column.UNIT_CODE: unit.code,
            Column.ROLES: roles_cell(said["roles"]),
            Column.PARTY: "yes" if said["is_party_member"] else "",
            Column.NEWLY_ELECTED: "yes" if said["is_newly_elected"] else "no",
        }
        return Row(line, {column: cell for column, cell in cells.items() if cell})


Newcomers = forms.formset_factory(NewcomerForm, extra=NEWCOMERS, max_num=MOST, absolute_max=MOST)


def _ticks(name: str, roles: list[str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=name, choices=ELECTED, required=False, initial=roles, widget=forms.CheckboxSelectMultiple
    )


def within_term(election: Election, day: Any) -> Any:  # Any: a date, which django-stubs leaves open
    """The day, where it lies in the term; a ValidationError where it does not."""
    if not election.term.starts_on <= day <= election.term.ends_on:
        raise forms.ValidationError(_("This day lies outside the term."))
    return day
