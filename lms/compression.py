"""Smaller pages where no proxy compresses them: the demo, and a box that serves its village by itself."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = {
    "application/javascript",
    "application/json",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/vtt",
    "application/vnd.apple.mpegurl",
}


class TextCompression(GZipMiddleware):
    """Compresses texts and leaves films, pictures and ranges as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django pads what it compresses, so that its length tells nothing of what it holds."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.status_code == 206 or kind not in TEXTS:
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
