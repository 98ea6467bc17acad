"""Choosing a package while a lesson is written, or bringing one there."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from courses.packages.desk import PackageViewSet, ask_if_new
from courses.packages.forms import PackageForm
from courses.packages.models import Package


class TitleFilter(BaseFilterForm):
    """Finds packages by a part of their title."""

    q = forms.CharField(label=gettext_lazy("Title"), required=False)

    def filter(self, objects: "QuerySet[Any]") -> "QuerySet[Any]":
        """Those that are looked for; all where nothing is."""
        wanted = self.cleaned_data["q"]
        if not wanted:
            return objects
        self.is_searching, self.search_query = True, wanted
        return objects.filter(title__icontains=wanted)


class BringPackage(chooser.CreateView):
    """A package brought while a lesson is being written."""

    @transaction.atomic
    def save_form(self, form: PackageForm) -> Package:
        """Keep it and have it unpacked."""
        package = form.save()
        ask_if_new(form, self.request.user)
        return package


class ListedPackages:
    """What tells packages of one name apart: whether they can be studied, and when they came."""

    filter_form_class = TitleFilter

    def get_object_list(self) -> "QuerySet[Any]":
        """With the jobs, read along, and without what a package is made of."""
        packages: QuerySet[Any] = super().get_object_list()  # type: ignore[misc]  # Wagtail's view comes behind it
        return packages.select_related("job").defer(*packages.model.long)

    @property
    def columns(self) -> list[Column]:
        """The name, and these."""
        return [*super().columns, PackageViewSet.state, PackageViewSet.brought]  # type: ignore[misc]


class ChoosePackage(ListedPackages, chooser.ChooseView):
    """The list of packages to choose from, and the form to bring one."""


class FoundPackages(ListedPackages, chooser.ChooseResultsView):
    """The list alone, on its next pages."""


class PackageChooserViewSet(ChooserViewSet):
    """Choosing a package for a lesson, or bringing one."""

    choose_view_class = ChoosePackage
    choose_results_view_class = FoundPackages

    search_tab_label = gettext_lazy("Choose one that is here")
    creation_tab_label = gettext_lazy("Bring a new one")
    create_action_label = gettext_lazy("Bring it")
    create_view_class = BringPackage
