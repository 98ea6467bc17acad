"""Choosing a package while a lesson is written, or bringing one there."""

from django.db import transaction
from wagtail.admin.views.generic import chooser

from courses.choosing import LibraryChooserViewSet
from courses.packages.desk import PackageViewSet, ask_if_new
from courses.packages.forms import PackageForm
from courses.packages.models import Package


class BringPackage(chooser.CreateView):
    """A package brought while a lesson is being written."""

    @transaction.atomic
    def save_form(self, form: PackageForm) -> Package:
        """Keep it and have it unpacked."""
        package = form.save()
        ask_if_new(form, self.request.user)
        return package


class PackageChooserViewSet(LibraryChooserViewSet):
    """Choosing a package for a lesson, or bringing one."""

    told = (PackageViewSet.state, PackageViewSet.brought)
    create_view_class = BringPackage
