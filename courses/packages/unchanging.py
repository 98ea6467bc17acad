"""Answers that never change: what they hold is named in their address, so browsers keep them for good."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

YEAR_SECONDS = 365 * 24 * 3600


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the browser unpacks what comes packed."""
    return "gzip" in request.headers.get("Accept-Encoding", "")


def unchanging(
    request: HttpRequest, body: bytes, content_type: str, *, tag: str, is_packed: bool
) -> HttpResponse:
    """A body as it is or packed with gzip; nothing but its tag for a browser that has it."""
    etag = f'"{tag}{"-gzip" if is_packed else ""}"'
    is_kept = etag in request.headers.get("If-None-Match", "")
    answer = HttpResponse(status=304) if is_kept else HttpResponse(body, content_type=content_type)
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    patch_vary_headers(answer, ["Accept-Encoding"])
    if is_packed and not is_kept:
        answer["Content-Encoding"] = "gzip"
    return answer
