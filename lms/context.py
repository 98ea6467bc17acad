"""What every template knows."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from lms.hours.rules import platform_rule

ELDER_COOKIE = "elder"


def page(request: HttpRequest) -> dict[str, object]:
    """The elder switch, in a cookie so that it holds before anybody signs in; the rule that pages promise.

    The rule is read once a page, and only by a page that asks for it.
    """
    return {
        "is_elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "platform_rule": SimpleLazyObject(lambda: platform_rule(timezone.localdate())),
    }
