"""Choosing what a lesson plays out of a library of the publishing desk, or bringing it there."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet


class TitleFilter(BaseFilterForm):
    """Finds things by a part of their title."""

    q = forms.CharField(label=gettext_lazy("Title"), required=False)

    def filter(self, objects: "QuerySet[Any]") -> "QuerySet[Any]":
        """Those that are looked for; all where nothing is."""
        wanted = self.cleaned_data["q"]
        if not wanted:
            return objects
        self.is_searching, self.search_query = True, wanted
        return objects.filter(title__icontains=wanted)


class Listed:
    """What tells things of one name apart: whether they can be studied, and when they came."""

    filter_form_class = TitleFilter
    told: Sequence[Column] = ()
    unread: Sequence[str] = ()

    def get_object_list(self) -> "QuerySet[Any]":
        """With the jobs, read along, and without what no list shows."""
        things: QuerySet[Any] = super().get_object_list()  # type: ignore[misc]  # Wagtail's view comes behind it
        return things.select_related("job").defer(*self.unread)

    @property
    def columns(self) -> list[Column]:
        """The name, and these."""
        return [*super().columns, *self.told]  # type: ignore[misc]  # Wagtail's view comes behind it


class Choose(Listed, chooser.ChooseView):
    """The list to choose from, and the form to bring something."""


class Found(Listed, chooser.ChooseResultsView):
    """The list alone, searched or on its next pages."""


class LibraryChooserViewSet(ChooserViewSet):
    """Choosing out of a library, or bringing something to it; `told` are its columns behind the title."""

    told: Sequence[Column] = ()
    # The fields that no list shows.
    unread: Sequence[str] = ()
    choose_view_class = Choose
    choose_results_view_class = Found
    search_tab_label = gettext_lazy("Choose one that is here")
    creation_tab_label = gettext_lazy("Bring a new one")
    create_action_label = gettext_lazy("Bring it")

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:  # Wagtail's
        """With what its lists tell and leave unread."""
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return {**common, "told": self.told, "unread": self.unread}
