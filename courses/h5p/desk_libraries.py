"""The libraries of interactive content in the publishing desk; only whoever may install them changes them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.access import PersonRequest
from courses.h5p.actions import LibraryInUse, remove_library, set_patch
from courses.h5p.actions.uploads import INSTALLING, ask_installing
from courses.h5p.forms import InstallForm
from courses.h5p.models import Dependency, DependencyKind, Library, LibraryPatch
from courses.h5p.rights import VIEW, may_install, policy
from courses.packages.desk import may_see
from courses.packages.uses import named
from lms.jobs.models import Job

ICON = "cogs"


def playing_needs() -> "QuerySet[Dependency]":
    """What the patches need that play now."""
    return Dependency.objects.filter(patch__library__current=F("patch"))


class NeededColumn(Column):
    """Which libraries need it."""

    cell_template_name = "h5p/admin/_needed_cell.html"


class LibraryIndex(generic.IndexView):
    """The list of libraries."""

    add_item_label = gettext_lazy("Install libraries")

    def get_base_queryset(self) -> "QuerySet[Library]":
        """With the patches that play now, and what needs each."""
        libraries: QuerySet[Library] = super().get_base_queryset()
        needs = playing_needs().exclude(kind=DependencyKind.EDITOR).select_related("patch__library")
        return (
            libraries.select_related("current")
            .defer("current__metadata", "current__semantics", "current__files")
            .annotate(used=Count("contents"))
            .prefetch_related(
                Prefetch("needed_by", needs.defer("patch__metadata", "patch__semantics", "patch__files"))
            )
        )

    def get_edit_url(self, instance: Library) -> str:
        """Everybody who sees the list may look closer; nothing is edited there."""
        return reverse("h5p_libraries:detail", args=[instance.pk])

    def get_list_more_buttons(self, instance: Library) -> list[Any]:
        """None: what can be done is on the library's own page."""
        return []


class RemoveLibrary(generic.DeleteView):
    """Removes a library that nothing needs, and names what needs it otherwise."""

    def form_valid(self, form: Any) -> HttpResponse:  # Wagtail's
        """Remove, or say why not."""
        try:
            answer: HttpResponse = super().form_valid(form)
        except LibraryInUse as used:
            messages.error(self.request, why_kept(self.object, used))
            return HttpResponseRedirect(reverse("h5p_libraries:detail", args=[self.object.pk]))
        return answer

    def get_usage_url(self) -> None:
        """None: what needs it is named on its own page, and in the refusal."""

    def delete_action(self) -> None:
        """With the files of all its patches."""
        remove_library(library=self.object)


def why_kept(library: Library, used: LibraryInUse) -> str:
    """What needs a library, in words."""
    contents, libraries = list(used.contents), list(used.libraries)
    told = [_("“%(library)s” stays.") % {"library": library}]
    if contents:
        line = ngettext(
            "%(count)s content needs it: %(names)s.", "%(count)s contents need it: %(names)s.", len(contents)
        )
        told.append(line % {"count": len(contents), "names": named(contents)})
    if libraries:
        line = ngettext(
            "%(count)s library needs it: %(names)s.",
            "%(count)s libraries need it: %(names)s.",
            len(libraries),
        )
        told.append(line % {"count": len(libraries), "names": named(libraries)})
    return " ".join(told)


def _must_install(request: PersonRequest) -> None:
    if not may_install(request.user):
        raise PermissionDenied


@require_safe
def detail(request: PersonRequest, pk: int) -> HttpResponse:
    """A library: its patches, what it needs, and everything that needs it."""
    may_see(request, policy)
    library = get_object_or_404(Library.objects.select_related("current"), pk=pk)
    return render(
        request,
        "h5p/admin/library.html",
        {
            "library": library,
            "patches": library.patches.select_related("installed_by").defer("semantics", "files"),
            "needs": Dependency.objects.filter(patch=library.current).select_related("library"),
            "needed_by": playing_needs().filter(library=library).select_related("patch__library"),
            "contents": library.contents.only("title"),
            "may_install": may_install(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def put_patch(request: PersonRequest, pk: int, patch_pk: int) -> HttpResponse:
    """Roll a library back or forward, after having been asked."""
    _must_install(request)
    patch = get_object_or_404(LibraryPatch.objects.select_related("library"), pk=patch_pk, library=pk)
    library = patch.library
    if request.method == "POST":
        set_patch(library=library, patch=patch, by=request.user, at=timezone.now())
        messages.success(request, _("“%(library)s” plays now.") % {"library": patch})
        return redirect("h5p_libraries:detail", library.pk)
    used = library.contents.count()
    return render(request, "h5p/admin/put_patch.html", {"library": library, "patch": patch, "used": used})


@require_http_methods(["GET", "POST"])
def install(request: PersonRequest) -> HttpResponse:
    """Take a package whose libraries are installed in the background."""
    _must_install(request)
    form = InstallForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = ask_installing(
            upload=form.cleaned_data["upload"], digest=form.digest, by=request.user, at=timezone.now()
        )
        return redirect("h5p_libraries:installed", job.pk)
    return render(request, "h5p/admin/install.html", {"form": form})


@require_safe
@never_cache
def installed(request: PersonRequest, job: int) -> HttpResponse:
    """How far installing is, and what was installed; other people's jobs do not exist."""
    _must_install(request)
    work = get_object_or_404(Job, pk=job, kind=INSTALLING)
    if work.args.get("by") != request.user.pk:
        raise Http404
    return render(request, "h5p/admin/installed.html", {"job": work})


class LibraryMenuItem(MenuItem):
    """In the menu of whoever may install; others come here from the contents."""

    def is_shown(self, request: HttpRequest) -> bool:
        """By the one right."""
        return may_install(request.user)


class LibraryViewSet(ModelViewSet):
    """The libraries in the menu."""

    model = Library
    icon = ICON
    menu_label = gettext_lazy("Libraries of interactive content")
    menu_order = 356
    # Wagtail marks every entry whose name the present one begins with; the labels of both kinds do.
    menu_name = "libraries"
    add_to_admin_menu = True
    add_to_reference_index = False
    menu_item_class = LibraryMenuItem
    name = "h5p_libraries"
    url_prefix = "libraries"
    copy_view_enabled = False
    list_display = [
        "title",
        Column("__str__", label=gettext_lazy("Library")),
        Column(
            "patch",
            label=gettext_lazy("Patch"),
            accessor=lambda library: library.current and library.current.patch,
        ),
        Column(
            "is_runnable",
            label=gettext_lazy("What it is"),
            accessor=lambda library: _("A type of content") if library.is_runnable else _("A part of others"),
        ),
        Column("used", label=gettext_lazy("Contents")),
        NeededColumn("needed_by", label=gettext_lazy("Needed by"), accessor=lambda library: library),
    ]
    ordering = ["-is_runnable", "title"]
    list_filter = ["is_runnable"]
    search_fields = ["title", "machine_name"]
    index_view_class = LibraryIndex
    delete_view_class = RemoveLibrary
    exclude_form_fields = ["current"]

    def get_permissions_to_register(self) -> Any:  # Wagtail's
        """Looking only: installing is listed beside the rights to contents."""
        return (
            super()
            .get_permissions_to_register()
            .model.objects.filter(content_type__app_label="h5p", codename=VIEW)
        )

    def register_admin_url_finder(self) -> None:
        """None: there is no form of a library that lists could lead to."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list, a library, and what changes libraries."""
        ours = [
            each for each in super().get_urlpatterns() if each.name in ("index", "index_results", "delete")
        ]
        return [
            *ours,
            path("install/", install, name="add"),
            path("installed/<int:job>/", installed, name="installed"),
            path("<int:pk>/", detail, name="detail"),
            path("<int:pk>/patches/<int:patch_pk>/", put_patch, name="put_patch"),
        ]


libraries = LibraryViewSet()
