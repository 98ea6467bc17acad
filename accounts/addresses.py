"""What an address may hold: no NUL, which neither databases nor files take, and numbers of a sane size."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]

# What a bigint column holds, whatever the digits.
MOST_DIGITS = 18


def refuse_nul(get_response: Answer) -> Answer:
    """Middleware that answers 400 to an address with a NUL in its path or its query."""

    def refuse(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return HttpResponse(status=HTTPStatus.BAD_REQUEST)
        return get_response(request)

    return refuse


def whole_number(text: str | None) -> int | None:
    """The whole number that a part of an address is, if it is one."""
    return int(text) if text and text.isdecimal() and len(text) <= MOST_DIGITS else None
