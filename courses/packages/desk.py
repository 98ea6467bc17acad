"""What the libraries of packages have in common in the publishing desk: their lists and forms."""

from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import policy_registry

from courses.packages.actions import ask_unpacking, drop_package
from courses.packages.forms import PackageForm
from courses.packages.models import Package
from courses.packages.uses import named, pages_using, published_with, records_of

Brought = TypeVar("Brought", bound=Package)


class StateColumn(Column):
    """Whether a package can be studied already, how far it is, or why it was refused."""

    cell_template_name = "packages/admin/_state_cell.html"


class UsesColumn(Column):
    """The lessons that play it, which the list has read along."""

    cell_template_name = "packages/admin/_uses_cell.html"


class PackageIndex(generic.IndexView):
    """A list of packages with their states and their lessons."""

    also: tuple[str, ...] = ()
    # The address at which one is played without a record.
    preview_name = ""

    def get_base_queryset(self) -> "QuerySet[Any]":
        """With the jobs, read along, and without what a package is made of."""
        packages: QuerySet[Any] = super().get_base_queryset().select_related("job", *self.also)
        return packages.defer(*self.model.long)

    def get_list_more_buttons(self, instance: Any) -> list[Any]:  # Wagtail's
        """And what it looks like."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.is_ready:
            look = reverse(self.preview_name, args=[instance.pk])
            buttons.append(Button(_("Preview"), url=look, icon_name="view"))
        return buttons

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # Wagtail's
        """With the lessons of the packages on this page."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        uses = pages_using(context["object_list"])
        for package in context["object_list"]:
            package.uses = uses[package.pk]
        return context


def ask_if_new(form: PackageForm, by: Any) -> None:  # Wagtail's request.user
    """Have the file that a form brought unpacked; one that waited in its place is not needed any more."""
    if form.is_brought:
        ask_unpacking(package=form.instance, by=by, at=timezone.now())
    if form.replaced:
        transaction.on_commit(partial(default_storage.delete, form.replaced))


class AddPackage(generic.CreateView):
    """A new package."""

    @transaction.atomic
    def save_instance(self) -> Package:
        """Keep it and have it unpacked."""
        package: Package = super().save_instance()
        ask_if_new(self.form, self.request.user)
        return package


class EditPackage(generic.EditView):
    """Another title or another gate; another file as long as nothing published or learned names this one."""

    @transaction.atomic
    def save_instance(self) -> Package:
        """Keep it and have a new file unpacked."""
        package: Package = super().save_instance()
        ask_if_new(self.form, self.request.user)
        return package

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Wagtail's
        """With what is known of the package and what uses it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        pages = pages_using([self.object])[self.object.pk]
        return {**context, "package": self.object, "uses": pages, "records": records_of(self.object)}


class DeletePackage(generic.DeleteView):
    """Deletes a package that nothing names, and says what names it otherwise."""

    def get_usage_url(self) -> None:
        """None: what names it is said on the page itself."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Wagtail's
        """With what names it, before anybody says yes."""
        return {**super().get_context_data(**kwargs), "why_kept": self.why_kept()}

    def why_kept(self) -> str | None:
        """What names it, in words; None if nothing does."""
        pages, records = pages_using([self.object])[self.object.pk], records_of(self.object)
        before = [page for page in published_with(self.object) if page not in pages]
        told = []
        if pages:
            line = ngettext(
                "The lesson %(lessons)s uses this file.", "The lessons %(lessons)s use this file.", len(pages)
            )
            told.append(line % {"lessons": named(page.title for page in pages)})
        if before:
            line = ngettext(
                "The lesson %(lessons)s was published with this file.",
                "The lessons %(lessons)s were published with this file.",
                len(before),
            )
            told.append(line % {"lessons": named(page.title for page in before)})
        if records:
            line = ngettext(
                "%(count)s attempt of a learner names it.", "%(count)s attempts of learners name it.", records
            )
            told.append(line % {"count": records})
        return " ".join([*told, _("So it cannot be deleted.")]) if told else None

    def form_valid(self, form: Any) -> HttpResponse:  # Wagtail's
        """Delete, or say why not."""
        refusal = self.why_kept()
        try:
            if refusal is None:
                answer: HttpResponse = super().form_valid(form)
                return answer
        except ProtectedError:  # chosen or begun in this very moment
            refusal = self.why_kept()
        messages.error(self.request, refusal or _("It is in use, so it cannot be deleted."))
        return HttpResponseRedirect(self.get_success_url())

    def delete_action(self) -> None:
        """With its files."""
        drop_package(package=self.object)


class PackageViewSet(ModelViewSet):
    """A library of packages in the menu."""

    add_to_admin_menu = True
    add_to_reference_index = False  # it is named by pages and names none
    copy_view_enabled = False
    add_view_class = AddPackage
    delete_view_class = DeletePackage
    ordering = ["-created_at"]
    search_fields = ["title"]
    template_prefix = ""
    index_template_name = "packages/admin/index.html"
    delete_template_name = "packages/admin/confirm_delete.html"
    state = StateColumn("state", label=gettext_lazy("State"), accessor=lambda package: package)
    uses = UsesColumn("uses", label=gettext_lazy("Used by"), accessor=lambda package: package.uses)
    brought = DateColumn("created_at", label=gettext_lazy("Brought"))


def may_see(request: HttpRequest, policy: BasePermissionPolicy) -> None:
    """Raise PermissionDenied, which the desk answers kindly, for whoever has nothing to do with a library."""
    if not policy.user_has_any_permission(request.user, ["add", "change", "delete", "view"]):
        raise PermissionDenied


def ready(request: HttpRequest, kind: type[Brought], pk: int) -> Brought:
    """A package that is unpacked, for whoever may see it; raises PermissionDenied and Http404."""
    may_see(request, policy_registry.get_by_type(kind))
    package: Brought = get_object_or_404(kind, pk=pk)
    if not package.is_ready:
        raise Http404
    return package
