"""What every template knows."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.access import MANAGERS, may_enter, scope_unit
from accounts.models import StaffRole
from lms.hours.rules import platform_rule

ELDER_COOKIE = "elder"


def page(request: HttpRequest) -> dict[str, object]:
    """The elder switch, in a cookie so that it holds before sign-in; what staff may do; the rule of hours.

    What needs a query is asked only by a template that uses it.
    """
    return {
        "is_elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "platform_rule": SimpleLazyObject(lambda: platform_rule(timezone.localdate())),
        "may_read_desk": lambda: may_enter(request.user),
        "may_manage": lambda: may_enter(request.user, *MANAGERS),
        "keeps_station": lambda: may_enter(request.user, StaffRole.STATION),
        "own_unit": lambda: scope_unit(request.user),  # type: ignore[arg-type]  # only the desk's pages ask
    }
