"""Delivery of documents and of the pictures of their pages, to signed-in people only."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from courses.delivery import Sent, send
from courses.documents.models import Document

YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def file(request: HttpRequest, pk: int, digest: str) -> HttpResponseBase:
    """The file as it was uploaded, to keep; the address names the content."""
    document = get_object_or_404(Document.objects.exclude(digest=""), pk=pk, digest=digest)
    sent = Sent(str(document.file.name), document.digest, YEAR_SECONDS, document.content_type)
    answer = send(request, sent)
    disposition = content_disposition_header(True, document.file_name)
    if disposition:
        answer["Content-Disposition"] = disposition
    return answer


@require_safe
def picture(request: HttpRequest, pk: int, digest: str, number: int) -> HttpResponseBase:
    """The picture of a piece; the address names the content."""
    document = get_object_or_404(Document.objects.exclude(digest=""), pk=pk, digest=digest)
    piece = get_object_or_404(document.pieces.exclude(picture=""), number=number)
    return send(request, Sent(piece.picture, f"{digest}-{number}", YEAR_SECONDS, "image/webp"))
