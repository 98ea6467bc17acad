"""Who may show packages, and in which language they are asked for."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def site_origin() -> str:
    """The site's origin: only its pages may have packages in frames."""
    site = urlsplit(settings.SITE_URL)
    return f"{site.scheme}://{site.netloc}"


def asked_language(request: HttpRequest) -> str:
    """The language of the page around, as a frame's address says it."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
