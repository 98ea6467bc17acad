"""Forms of moves and of offers."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import UnitField, day_input
from accounts.models import Cadre, Post, Role, Unit
from accounts.transfers.search import find_units, in_words

ROLES = [("", _("None for now")), *((role.value, role.label) for role in Role if role != Role.MOBILE_MEMBER)]


class TransferForm(forms.Form):
    """Where somebody goes, from which day, and which posts end with that."""

    on = forms.DateField(label=_("First day in the new unit"), widget=day_input())
    unit = UnitField(label=_("New unit, in your area"), required=False)
    elsewhere = forms.CharField(
        label=_("Or a unit outside your area"),
        required=False,
        max_length=80,
        help_text=_("Its name or its 12-digit code. The staff there are asked whether they accept."),
    )
    is_shared = forms.BooleanField(
        label=_("The file stays with us; the new unit shares the person as a party member on the move"),
        required=False,
        help_text=_("No post ends then."),
    )
    ending = forms.MultipleChoiceField(
        label=_("Posts that end on the day before"), required=False, widget=forms.CheckboxSelectMultiple
    )
    role = forms.ChoiceField(
        label=_("Post that begins there"),
        required=False,
        choices=ROLES,
        help_text=_("Where the other staff are asked, they enter it themselves."),
    )

    def __init__(self, *args: Any, person: Cadre, posts: list[Post], today: date, **kwargs: Any) -> None:
        """Offer the posts that run or have not ended yet."""  # Any: a form's arguments are Django's
        super().__init__(*args, **kwargs)
        self._near, self._today = person.unit, today
        choices = [(str(post.pk), _in_words(post)) for post in posts]
        self.fields["ending"].choices = choices  # type: ignore[attr-defined]  # a choice field
        here = [str(post.pk) for post in posts if post.unit_id == person.unit_id and post.from_on < today]
        self.initial.setdefault("ending", here)

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """Exactly one place, and for one outside the area exactly one of that name."""
        values = super().clean() or self.cleaned_data
        text = values.get("elsewhere", "")
        if bool(values.get("unit")) == bool(text) and "unit" not in self.errors:
            self.add_error("unit", _("Name one unit: in your area, or outside it."))
        elif text:
            values["unit"] = self._elsewhere(text)
        return values

    def _elsewhere(self, text: str) -> Unit | None:
        found = find_units(text, self._near, self._today)
        if len(found) == 1:
            return found[0]
        if not found:
            self.add_error("elsewhere", _("No unit in force is called so. Try its 12-digit code."))
        else:
            names = "; ".join(map(in_words, found))
            words = gettext("Several are called so. Write the code of the one that you mean: %(names)s")
            self.add_error("elsewhere", words % {"names": names})
        return None


def _in_words(post: Post) -> str:
    words = {"unit": post.unit.short_name, "post": post.get_role_display(), "day": date_format(post.from_on)}
    return gettext("%(unit)s, %(post)s, since %(day)s") % words


class AcceptForm(forms.Form):
    """Where an offered person comes to, and in which post."""

    unit = UnitField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Post that begins there"), required=False, choices=ROLES)


class DeclineForm(forms.Form):
    """Why an offered person is not accepted."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
