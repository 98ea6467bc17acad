"""Interactive content in the publishing desk: its list, its forms, and choosing one for a lesson."""

import tempfile
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import BaseButton, Button, HeaderButton

from accounts.access import PersonRequest
from courses.h5p.addresses import frame_address
from courses.h5p.choosing import ANOTHER, CHOOSE, CHOOSER, EDIT, ICON
from courses.h5p.credits import credits_of, license_of
from courses.h5p.export import export
from courses.h5p.forms import ContentForm
from courses.h5p.models import Content
from courses.packages.choosing import PackageChooserViewSet
from courses.packages.desk import (
    EditPackage,
    PackageIndex,
    PackageViewSet,
    ready,
)


class ContentIndex(PackageIndex):
    """The list of interactive contents."""

    page_title = gettext_lazy("Interactive content")
    also = ("main",)
    preview_name = "h5p_contents:preview"

    @cached_property
    def header_buttons(self) -> list[BaseButton]:
        """Add one, and lead to the libraries."""
        libraries = HeaderButton(_("Libraries"), url=reverse("h5p_libraries:index"), icon_name="cogs")
        return [*super().header_buttons, libraries]

    def get_list_more_buttons(self, instance: Content) -> list[Any]:
        """And the package again."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.is_ready:
            bring = reverse("h5p_contents:download", args=[instance.pk])
            buttons.append(Button(_("Download as .h5p"), url=bring, icon_name="download"))
        return buttons


class EditContent(EditPackage):
    """Its form, with license, findings and size beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Wagtail's
        """With whose work it is."""
        return {**super().get_context_data(**kwargs), "credits": credits_of(self.object)}


class ContentViewSet(PackageViewSet):
    """Interactive contents in the menu."""

    model = Content
    icon = ICON
    menu_label = gettext_lazy("Interactive content")
    menu_order = 352
    name = "h5p_contents"
    url_prefix = "h5p"
    list_display = [
        "name",
        Column(
            "main", label=gettext_lazy("Type"), accessor=lambda content: content.main and content.main.title
        ),
        PackageViewSet.state,
        Column("license", label=gettext_lazy("License"), accessor=license_of),
        PackageViewSet.uses,
        PackageViewSet.brought,
    ]
    index_view_class = ContentIndex
    edit_view_class = EditContent
    edit_template_name = "h5p/admin/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[ContentForm]:
        """One form for both."""
        return ContentForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """And its look, and the package again."""
        return [
            *super().get_urlpatterns(),
            path("preview/<int:pk>/", preview, name="preview"),
            path("download/<int:pk>/", download, name="download"),
        ]


@require_safe
@never_cache
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    """A content as learners play it; nothing of it is recorded."""
    content = ready(request, Content, pk)
    address = frame_address(content_id=content.pk, person_id=request.user.pk, now=timezone.now().timestamp())
    return render(request, "h5p/admin/preview.html", {"package": content, "address": address})


@require_safe
def download(request: PersonRequest, pk: int) -> FileResponse:
    """The content with its libraries as one .h5p file."""
    content = ready(request, Content, pk)
    made = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
    export(content, made)
    made.seek(0)
    return FileResponse(
        made, as_attachment=True, filename=f"{content.title}.h5p", content_type="application/zip"
    )


class ContentChooserViewSet(PackageChooserViewSet):
    """Choosing a content for a lesson, or bringing one."""

    model = Content
    unread = Content.long
    icon = ICON
    choose_one_text = CHOOSE
    choose_another_text = ANOTHER
    edit_item_text = EDIT
    creation_form_class = ContentForm


contents = ContentViewSet()
choosing = ContentChooserViewSet(CHOOSER)
