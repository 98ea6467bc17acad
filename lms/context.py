"""What every template knows."""

from django.http import HttpRequest

from accounts.access import MANAGERS, may_enter, scope_unit

ELDER_COOKIE = "elder"


def page(request: HttpRequest) -> dict[str, object]:
    """The elder switch, kept in a cookie so that it holds before sign-in, and what staff may do.

    What needs the staff scopes is asked only by a template that uses it.
    """
    return {
        "is_elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "may_read_desk": lambda: may_enter(request.user),
        "may_manage": lambda: may_enter(request.user, *MANAGERS),
        "own_unit": lambda: scope_unit(request.user),  # type: ignore[arg-type]  # only the desk's pages ask
    }
