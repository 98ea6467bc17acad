"""The library of documents in the publishing desk: its list, its forms, and choosing one for a lesson."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.model import ModelViewSet

from courses.choosing import LibraryChooserViewSet
from courses.documents.actions import ask_conversion, drop_document
from courses.documents.forms import DocumentForm
from courses.documents.models import Document

ICON = "doc-full"


class StateColumn(Column):
    """Whether a document can be read already, how far it is, or why it was refused."""

    cell_template_name = "documents/admin/_state_cell.html"


def _ask(form: DocumentForm, user: Any) -> None:  # Wagtail's request.user
    if form.new_kind:
        ask_conversion(document=form.instance, by=user, at=timezone.now(), replaced=form.replaced)


class DocumentIndex(generic.IndexView):
    """The list of documents with their states."""

    def get_base_queryset(self) -> "QuerySet[Document]":
        """With the jobs, read along."""
        documents: QuerySet[Document] = super().get_base_queryset().select_related("job")
        return documents


class AddDocument(generic.CreateView):
    """A new document, which is made readable in the background."""

    @transaction.atomic
    def save_instance(self) -> Document:
        """Keep it and ask for its pieces."""
        document: Document = super().save_instance()
        _ask(self.form, self.request.user)
        return document


class EditDocument(generic.EditView):
    """Another title, or another file as long as no published lesson uses this one."""

    @transaction.atomic
    def save_instance(self) -> Document:
        """Keep it and ask for the pieces of a new file."""
        document: Document = super().save_instance()
        _ask(self.form, self.request.user)
        return document


class DeleteDocument(generic.DeleteView):
    """Deletes a document that no lesson uses, and names the lesson otherwise."""

    def form_valid(self, form: Any) -> HttpResponse:  # Wagtail's
        """Delete, or say why not."""
        lesson = self.object.lessons.first()
        try:
            if lesson is None:
                answer: HttpResponse = super().form_valid(form)
                return answer
        except ProtectedError as error:  # chosen for a lesson in this very moment
            lesson = next(iter(error.protected_objects))
        told = _("The lesson “%(lesson)s” uses this file, so it cannot be deleted.") % {"lesson": lesson}
        messages.error(self.request, told)
        return HttpResponseRedirect(self.get_success_url())

    def delete_action(self) -> None:
        """With its files."""
        drop_document(document=self.object)


class DocumentViewSet(ModelViewSet):
    """The library in the menu."""

    model = Document
    icon = ICON
    menu_label = gettext_lazy("Documents")
    menu_order = 350
    add_to_admin_menu = True
    name = "document_library"
    url_prefix = "library"  # "documents" is the framework's own, which is closed
    copy_view_enabled = False
    ordering = ["-created_at"]
    state = StateColumn("state", label=gettext_lazy("State"), accessor=lambda document: document)
    brought = DateColumn("created_at", label=gettext_lazy("Brought"))
    list_display = ["title", Column("get_kind_display", label=gettext_lazy("Kind")), state, brought]
    search_fields = ["title"]
    index_view_class = DocumentIndex
    add_view_class = AddDocument
    edit_view_class = EditDocument
    delete_view_class = DeleteDocument
    template_prefix = ""
    index_template_name = "documents/admin/index.html"

    def get_form_class(self, for_update: bool = False) -> type[DocumentForm]:
        """One form for both."""
        return DocumentForm


class BringDocument(chooser.CreateView):
    """A document brought while a lesson is being written."""

    @transaction.atomic
    def save_form(self, form: DocumentForm) -> Document:
        """Keep it and ask for its pieces."""
        document = form.save()
        _ask(form, self.request.user)
        return document


class DocumentChooserViewSet(LibraryChooserViewSet):
    """Choosing a document for a lesson, or bringing one."""

    model = Document
    icon = ICON
    told = (DocumentViewSet.state, DocumentViewSet.brought)
    choose_one_text = gettext_lazy("Choose a document")
    choose_another_text = gettext_lazy("Choose another document")
    edit_item_text = gettext_lazy("Edit this document")
    creation_form_class = DocumentForm
    create_view_class = BringDocument


library = DocumentViewSet()
choosing = DocumentChooserViewSet("document_chooser")
