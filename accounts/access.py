"""Who may open a page of the desk, and over which units."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.models import READERS, Cadre, StaffRole, Unit

Rest = ParamSpec("Rest")

# The roles that keep a place's roster: they bring people in, appoint, correct and transfer.
MANAGERS = (StaffRole.TOWNSHIP, StaffRole.COUNTY, StaffRole.CITY, StaffRole.PROVINCE)
# The roles that decide for a region: they set its requirements and rules and issue its certificates.
RULERS = (StaffRole.COUNTY, StaffRole.CITY, StaffRole.PROVINCE)


class PersonRequest(HttpRequest):
    """A request of somebody who has signed in; the middleware has made sure of it."""

    user: Cadre


class StaffRequest(PersonRequest):
    """A request of somebody with a staff role; `staff_required` has made sure of it."""


View = Callable[Concatenate[StaffRequest, Rest], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def staff_required(*roles: str) -> Callable[[View[Rest]], Guarded[Rest]]:
    """Only for people with a staff scope in one of the roles (READERS when none is named), else 403."""

    def decorate(view: View[Rest]) -> Guarded[Rest]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if not may_enter(request.user, *roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the check above makes it a StaffRequest

        return guarded

    return decorate


def may_enter(user: object, *roles: str) -> bool:
    """Whether somebody holds a staff scope in one of the roles, or of a reader when none is named."""
    return isinstance(user, Cadre) and user.has_role(*(roles or READERS))


def scope_unit(user: Cadre, *roles: str) -> Unit:
    """The widest unit over which a staff member has a say (in some roles, when named); 403 without one."""
    units = user.scope_units(*roles)
    if not units:
        raise PermissionDenied
    return min(units, key=lambda unit: (len(unit.prefix), unit.code))
