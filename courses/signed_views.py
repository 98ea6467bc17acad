"""Views that a signed address opens, and nothing else."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.signing import BadAddress, read_signature

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, int, int, P], HttpResponseBase]
Opened = Callable[Concatenate[HttpRequest, str, str, P], HttpResponseBase]


def signed(purpose: bytes) -> Callable[[View[P]], Opened[P]]:
    """Opens a view to whoever has a signature of the thing that has not expired; others are told 403.

    The view gets the thing's number and the seconds that are left, for which its answer may be kept.
    """

    def opening(view: View[P]) -> Opened[P]:
        @login_not_required
        @require_safe
        @wraps(view)
        def opened(
            request: HttpRequest, /, signature: str, pk: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            now = timezone.now().timestamp()
            try:
                expires = read_signature(signature, purpose=purpose, thing_id=int(pk), now=now)
            except BadAddress:
                return HttpResponse(status=HTTPStatus.FORBIDDEN, headers={"Cache-Control": "no-store"})
            return view(request, int(pk), max(1, int(expires - now)), *args, **kwargs)

        return opened  # type: ignore[return-value]  # positional here, by name in the address

    return opening
