"""The content origin: packages of others play on a host of their own, which knows nobody.

Its requests pass neither sessions nor cookies, sign-in or messages; signatures in the addresses are the
whole authority. On every other host its addresses do not exist, and through other ports of its host the site
is not met: cookies know no ports.
"""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, resolve

Answer = Callable[[HttpRequest], HttpResponseBase]

PORTS = {"http": 80, "https": 443}
CLOSED = "accelerometer camera display-capture geolocation gyroscope hid microphone midi payment serial usb"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
    # What a locked-in frame opens in a window of its own is an empty error under any other policy.
    "Cross-Origin-Opener-Policy": "unsafe-none",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in CLOSED.split()),
}


def content_door(get_response: Answer) -> Answer:
    """Middleware right behind the security headers: answers for the content origin, and for it alone."""

    def door(request: HttpRequest) -> HttpResponseBase:
        if is_content(request):
            return answered(request)
        return _home(request) if _is_beside(request) else get_response(request)

    return door


def is_content(request: HttpRequest) -> bool:
    """Whether a request came to the content origin."""
    own = urlsplit(settings.CONTENT_ORIGIN)
    # A scheme that differs is no other origin here: the proxy in front ends HTTPS.
    return _asked(request) == (own.hostname, _port(own.port, own.scheme))


def _is_beside(request: HttpRequest) -> bool:
    """Whether somebody looks for the site under the name of the packages, as a demo's `localhost`.

    Wagtail's previews are asked by nobody: their requests bear the name that its table of sites has.
    """
    if getattr(request, "is_dummy", False):
        return False
    site, content = urlsplit(settings.SITE_URL).hostname, urlsplit(settings.CONTENT_ORIGIN).hostname
    return bool(site != content == _asked(request)[0])


def _home(request: HttpRequest) -> HttpResponseBase:
    """The same page where the site is; what was being sent is not sent on."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=HTTPStatus.MISDIRECTED_REQUEST)
    return HttpResponseRedirect(f"{settings.SITE_URL.rstrip('/')}{request.get_full_path()}")


def _asked(request: HttpRequest) -> tuple[str | None, int]:
    """The host and port that were asked; no host where they are none of ours."""
    try:
        asked = urlsplit(f"//{request.get_host()}")
        return asked.hostname, _port(asked.port, request.scheme)
    except (DisallowedHost, ValueError):  # a port that is none
        return None, 0


def answered(request: HttpRequest) -> HttpResponseBase:
    """What a view of the content origin answers, with the headers that all answers there bear."""
    answer: HttpResponseBase
    try:
        view, args, kwargs = resolve(request.path_info, settings.CONTENT_URLCONF)
        answer = view(request, *args, **kwargs)
    except (Resolver404, Http404):
        answer = HttpResponse(status=HTTPStatus.NOT_FOUND)
    except SuspiciousOperation:
        answer = HttpResponse(status=HTTPStatus.BAD_REQUEST)
    for name, value in HEADERS.items():
        answer[name] = value
    answer.cookies.clear()
    return answer


def _port(given: int | None, scheme: str | None) -> int:
    return given or PORTS.get(scheme or "http", 0)
