"""Background work of the library of documents."""

from django.conf import settings
from django.utils import translation

from courses.documents.actions import make_readable
from courses.documents.models import Document
from courses.documents.refusals import Refused, in_words
from lms.jobs.registry import GiveUp, Work, job


@job("documents.convert", is_long=True)
def convert(work: Work) -> dict[str, object]:
    """Make the pieces of a document; one that was replaced, refused or deleted meanwhile is passed over."""
    document = Document.objects.filter(pk=work.args["document"], digest=work.args["digest"]).first()
    if document is None or document.is_ready:
        return {}
    try:
        make_readable(document=document, report=work.report)
    except Refused as refused:
        with translation.override(settings.LANGUAGE_CODE):
            raise GiveUp(in_words(refused)) from refused
    return {"document": document.pk}
