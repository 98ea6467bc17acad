"""What every template knows."""

from django.http import HttpRequest

ELDER_COOKIE = "elder"


def page(request: HttpRequest) -> dict[str, object]:
    """The elder switch, remembered in a cookie so that it holds before anybody signs in."""
    return {"is_elder": request.COOKIES.get(ELDER_COOKIE) == "1"}
