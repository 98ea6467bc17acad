"""Forms of the desk's pages about people."""

from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.access import MANAGERS
from accounts.codes import prefix_of
from accounts.fields import IdentityField, PhoneField
from accounts.models import Cadre, Level, Role, Unit
from accounts.roster.columns import Column
from accounts.roster.facts import ROLE_NAMES
from accounts.roster.sheets import Row
from accounts.roster.verdicts import Judged

COUNTY, TOWNSHIP = Level.COUNTY.digits, Level.TOWNSHIP.digits
WIDE_LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY)
NAME = RegexValidator(r"^[^\W\d_]+(?:[ ·•・.‧][^\W\d_]+)*$", _("A name has letters only."))


def day_input() -> forms.DateInput:
    """A browser's own date field."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class UnitField(forms.ChoiceField):
    """A unit of the staff member's area, villages under their township."""

    def offer(
        self, user: Cadre, near: Unit, today: Any
    ) -> None:  # Any: a date, which django-stubs wants lazy
        """Offer the units in force in the county of `near` as far as the staff member's area goes.

        Of a place wider than a county, only the places down to its counties: its villages are too many.
        """
        county = Unit(code=near.code[:COUNTY].ljust(12, "0"))
        units = Unit.objects.visible_to(user, *MANAGERS).within(county).in_force(today)
        if len(near.prefix) < COUNTY:
            units = units.filter(level__in=WIDE_LEVELS)
        self._units = {str(unit.pk): unit for unit in units.only("pk", "code", "name").order_by("code")}
        township = groupby(self._units.items(), key=lambda item: item[1].code[:TOWNSHIP])
        self.choices = [("", "—"), *(self._group(list(items)) for _code, items in township)]

    @staticmethod
    def _group(items: list[tuple[str, Unit]]) -> tuple[str, list[tuple[str, str]]]:
        first = items[0][1]
        title = first.name if len(prefix_of(first.code)) <= TOWNSHIP else ""
        return title, [(pk, unit.name) for pk, unit in items]

    def clean(self, value: Any) -> Unit | None:  # Any: whatever a browser sent
        """The unit itself."""
        return self._units.get(str(super().clean(value)))


class PersonForm(forms.Form):
    """A person's file as the township keeps it."""

    name = forms.CharField(label=_("Name"), max_length=60, validators=[NAME])
    phone = PhoneField(
        required=False, help_text=_("The person signs in with it. A new number works straight away.")
    )
    unit = UnitField(
        label=_("Present unit"),
        help_text=_(
            "Whose list the person is on. Records of study go with the person; posts stay as they are here. "
            "For a move use “Move” on the person's page."
        ),
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    identity_number = IdentityField(
        label=_("ID number"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "aria-describedby": "identity-hint"}),
    )
    is_party_member = forms.BooleanField(label=_("Party member"), required=False)


class AppointForm(forms.Form):
    """A post that begins."""

    unit = UnitField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Post"), choices=[("", "—"), *Role.choices])
    from_on = forms.DateField(label=_("In post since"), widget=day_input())
    is_newly_elected = forms.BooleanField(
        label=_("Newly elected"),
        required=False,
        help_text=_("Brings the training for newly elected members within three months."),
    )


class NewPersonForm(PersonForm, AppointForm):
    """A person who is not in the system yet, with the first post."""

    # Where the reasons of a roster's row belong, by the word that their codes begin with.
    PLACES = {
        "name": "name",
        "phone": "phone",
        "identity": "identity_number",
        "place": "unit",
        "role": "role",
        "date": "from_on",
        "birth": "birth_year",
    }

    def row(self) -> Row:
        """The row of a roster that says the same."""
        said = self.cleaned_data
        cells = {
            Column.NAME: said["name"],
            Column.PHONE: said["phone"],
            Column.IDENTITY: said["identity_number"],
            Column.UNIT_CODE: said["unit"].code,
            Column.ROLES: ROLE_NAMES[Role(said["role"])].split()[0],
            Column.FROM_ON: said["from_on"].isoformat(),
            Column.BIRTH_YEAR: str(said["birth_year"] or ""),
            Column.PARTY: "yes" if said["is_party_member"] else "",
            Column.NEWLY_ELECTED: "yes" if said["is_newly_elected"] else "",
        }
        return Row(1, {column: cell for column, cell in cells.items() if cell})

    def refuse(self, judged: Judged) -> None:
        """Say at each field what is wrong with it; a row that nothing is wrong with means a known person."""
        for reason in judged.reasons:
            self.add_error(self.PLACES.get(reason.code.partition("_")[0]), str(reason))
        if not judged.reasons:
            self.add_error(None, _("This person is in the system already. Nothing was written."))


class EndPostForm(forms.Form):
    """A post that ends."""

    to_on = forms.DateField(label=_("Last day in post"), widget=day_input())
    reason = forms.CharField(label=_("Reason (not needed)"), required=False, max_length=200)


class CorrectEndForm(forms.Form):
    """Another last day for a post, or none."""

    to_on = forms.DateField(
        label=_("Last day in post"),
        required=False,
        widget=day_input(),
        help_text=_("Leave it empty where the post runs on."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
