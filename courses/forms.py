"""Forms: the catalogue's filters, and what the editor asks of courses and lessons."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from accounts.codes import ancestors, subtree
from accounts.models import Cadre, Level, Role, Unit

Choices = Sequence[tuple[Any, Any]]  # Django's own shape: values and lazy words
WIDE_LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY)


class CatalogueForm(forms.Form):
    """The catalogue's search and filters as they stand in the address; what it does not know, it ignores."""

    q = forms.CharField(
        label=_("Search the courses"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "maxlength": 60,
                "placeholder": _("For example: homestead, floods, wheat"),
            }
        ),
    )
    topic = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("For whom"), required=False)
    need = forms.ChoiceField(label=_("Compulsory or elective"), required=False)
    kind = forms.ChoiceField(label=_("Kind of lesson"), required=False)

    def __init__(self, *args: Any, topics: Iterable[Any], kinds: Choices, **kwargs: Any) -> None:  # Django's
        super().__init__(*args, **kwargs)
        anything = ("", _("All"))
        needs = [("required", _("Compulsory")), ("elective", _("Elective"))]
        choices: dict[str, Choices] = {
            "topic": [anything, *((str(topic.pk), topic.name) for topic in topics)],
            "role": [anything, *Role.choices],
            "need": [anything, *needs],
            "kind": [anything, *kinds],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options

    def clean_q(self) -> str:
        """The words that were asked for, cut where nobody types any more."""
        return str(self.cleaned_data["q"])[:60].strip()

    def wanted(self) -> dict[str, str]:
        """The filters that are set and known."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def has_filters(self) -> bool:
        """Whether a filter of the folded part is set, so that the part opens."""
        return any(self.cleaned_data.get(name) for name in ("role", "need", "kind"))


class CourseForm(WagtailAdminPageForm):
    """A course in the editor: the audience as boxes, the provider from the places that may provide."""

    roles = forms.MultipleChoiceField(
        label=_("Audience"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked means everybody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Wagtail's
        super().__init__(*args, **kwargs)
        if "provider" in self.fields:
            present = Q(pk=self.instance.provider_id)
            self.fields["provider"].queryset = Unit.objects.filter(providers_for(self.for_user) | present)


def providers_for(user: Cadre | None) -> Q:
    """The units that a publisher may name: above and below the own scopes, counties and wider."""
    scopes = [] if user is None else user.scopes
    if not scopes:
        return Q(level__in=WIDE_LEVELS)
    reach = Q()
    for scope in scopes:
        code = scope.unit.code
        reach |= Q(code__in=ancestors(code)) | Q(code__range=subtree(code), level__in=WIDE_LEVELS)
    return reach


class LessonForm(WagtailAdminPageForm):
    """A lesson in the editor: a draft may be unfinished, what is submitted or published may not."""

    def _post_clean(self) -> None:
        if self.is_deferred_validation and self.instance.pk is None:
            self.instance.live = False  # a new page says that it is live until it is kept as a draft
        super()._post_clean()
        if self.is_deferred_validation or self.instance.live:
            return  # a draft may wait; a live page has been looked at by its own clean()
        try:
            self.instance.check_whole()
        except ValidationError as error:
            self.add_error(None, error)
