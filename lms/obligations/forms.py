"""Forms: an exemption, its end, a requirement's new version."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.forms import day_input
from accounts.models import Cadre, Role
from accounts.models.people import CadreQuerySet
from lms.hours.models import Ledger
from lms.obligations.defaults import RequirementFields
from lms.obligations.models import Exemption, Period, Requirement

MOST_NAMESAKES = 5


def day(label: Any, **options: Any) -> forms.DateField:  # text now or later; what a DateField takes
    """A day, in the browser's own calendar."""
    return forms.DateField(label=label, widget=day_input(), **options)


class HelperField(forms.CharField):
    """Somebody of the township, by full name, phone or account number; nobody where it is empty."""

    def __init__(self, **options: Any) -> None:  # a field's options are Django's
        """Not required, with the people of the same place offered by the browser."""
        super().__init__(
            label=_("Helper"),
            required=False,
            max_length=60,
            help_text=_(
                "Who teaches at home: full name, phone or account number of somebody in the township."
            ),
            widget=forms.TextInput(attrs={"list": "near", "autocomplete": "off"}),
            **options,
        )
        self.people: CadreQuerySet = Cadre.objects.none()

    def clean(self, value: Any) -> Cadre | None:  # whatever a browser sent
        """The person; refused where nobody or more than one is meant."""
        text = " ".join(str(super().clean(value) or "").split())
        if not text:
            return None
        meant = Q(name=text) | Q(number=text) | Q(phone=phones.normal(text))
        found = list(self.people.filter(meant).select_related("unit").order_by("pk")[:MOST_NAMESAKES])
        if not found:
            raise forms.ValidationError(
                _("Nobody of the township has this name, phone or account number with an open account.")
            )
        if len(found) > 1:
            names = "、".join(f"{person.unit.short_name} {person.number}" for person in found)
            words = _("Several people have this name: %(names)s. Please enter the account number.")
            raise forms.ValidationError(words % {"names": names})
        return found[0]


class HelperForm(forms.Form):
    """Who teaches an exempt person at home from now on."""

    helper = HelperField()

    def __init__(
        self, *args: Any, people: CadreQuerySet, **options: Any
    ) -> None:  # a form's arguments are Django's
        """Find the helper among these people."""
        super().__init__(*args, **options)
        field = self.fields["helper"]
        assert isinstance(field, HelperField)
        field.people = people


class ExemptionForm(forms.ModelForm[Exemption]):
    """Why, from when to when, study is not a hard requirement, and who teaches at home meanwhile."""

    from_on = day(_("From"))
    to_on = day(_("To"), required=False, help_text=_("Leave empty when no end is in sight."))
    helper = HelperField()

    def __init__(
        self, *args: Any, people: CadreQuerySet, **options: Any
    ) -> None:  # a form's arguments are Django's
        """Find the helper among these people."""
        super().__init__(*args, **options)
        field = self.fields["helper"]
        assert isinstance(field, HelperField)
        field.people = people

    class Meta:
        model = Exemption
        fields: ClassVar[list[str]] = ["reason", "from_on", "to_on", "helper"]

    def clean(self) -> dict[str, Any]:  # Django's own type
        """The end is not before the beginning."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", _("The end is before the beginning."))
        return cleaned


class EndForm(forms.Form):
    """The last day of an exemption or requirement."""

    to_on = day(_("Last day"))


class RequirementForm(forms.ModelForm[Requirement]):
    """A requirement of one's own, a raise, or a new version; `basis` is the one it follows or raises."""

    roles = forms.MultipleChoiceField(
        label=_("Posts"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everybody who holds a post."),
    )
    ledgers = forms.MultipleChoiceField(
        label=_("Ledgers"), choices=Ledger.choices, widget=forms.CheckboxSelectMultiple
    )
    valid_from = day(_("Valid from"))

    class Meta:
        model = Requirement
        fields: ClassVar[list[str]] = [
            "name",
            "roles",
            "is_for_party_members",
            "is_for_newly_elected",
            "period",
            "months",
            "ledgers",
            "measure",
            "amount",
            "min_classes",
            "is_pro_rata",
            "is_rotation",
            "lead_days",
            "can_be_made_up",
            "has_certificate",
            "document",
            "valid_from",
        ]
        help_texts = {
            "is_pro_rata": _(
                "Who takes office in May owes 8 twelfths of the amount, rounded up to a half. "
                "Classes stay whole."
            ),
            "months": _("Only for what is asked once: how many months after taking office it is due."),
            "lead_days": _(
                "Not for yearly requirements: what was learned so many days before the start counts as well."
            ),
        }

    def __init__(self, *args: Any, basis: Requirement | None = None, **options: Any) -> None:
        """Start from the basis; what must stay as there is shown but not editable."""
        if basis is not None:
            names = [name for name in self.Meta.fields if name != "valid_from"]
            options["initial"] = {name: getattr(basis, name) for name in names} | options.get("initial", {})
        super().__init__(*args, **options)
        if basis is not None:
            for name in Requirement.SHARED:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:  # Django's own type
        """An amount above zero; months exactly for what is asked once."""
        cleaned = super().clean() or {}
        if cleaned.get("amount") is not None and cleaned["amount"] <= 0:
            self.add_error("amount", _("The amount is more than zero."))
        if cleaned.get("period") == Period.ONCE and not cleaned.get("months"):
            self.add_error("months", _("What is asked once needs a number of months."))
        if cleaned.get("is_pro_rata") and cleaned.get("period") != Period.YEAR:
            self.add_error("is_pro_rata", _("Only what is asked each year is shared by months."))
        if cleaned.get("period") != Period.ONCE:
            cleaned["months"] = None
        return cleaned

    def values(self) -> RequirementFields:
        """What the version says."""
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "period": cleaned["period"],
            "measure": cleaned["measure"],
            "amount": cleaned["amount"],
            "ledgers": list(cleaned["ledgers"]),
            "roles": list(cleaned["roles"]),
            "is_for_party_members": cleaned["is_for_party_members"],
            "is_for_newly_elected": cleaned["is_for_newly_elected"],
            "months": cleaned["months"],
            "min_classes": cleaned["min_classes"],
            "is_pro_rata": cleaned["is_pro_rata"],
            "is_rotation": cleaned["is_rotation"],
            "lead_days": cleaned["lead_days"],
            "can_be_made_up": cleaned["can_be_made_up"],
            "has_certificate": cleaned["has_certificate"],
            "document": cleaned["document"],
        }
