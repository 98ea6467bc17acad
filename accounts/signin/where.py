"""The page on which a person sees and ends their sessions."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest
from accounts.actions import end_own_sessions
from accounts.models import Session
from accounts.signin import devices


@dataclass(frozen=True)
class Place:
    """One device on which somebody is signed in."""

    mark: str
    device: str
    began_at: datetime | None
    last_used_at: datetime
    is_here: bool


@require_safe
def sessions(request: PersonRequest) -> HttpResponse:
    """Where I am signed in; this device first."""
    running = Session.objects.of(request.user.pk).running(timezone.now())
    places = [
        Place(
            mark=row.mark,
            device=devices.named(row.agent),
            began_at=row.began_at,
            last_used_at=row.last_used_at,
            is_here=row.pk == request.session.session_key,
        )
        for row in running.defer("session_data")
    ]
    places.sort(key=lambda place: not place.is_here)
    return render(request, "account/sessions.html", {"places": places, "others": len(places) - 1})


@require_POST
def end(request: PersonRequest) -> HttpResponse:
    """End one other session, or all of them; the device does not get a word in."""
    mark = None if "all" in request.POST else request.POST.get("session", "")
    ended = end_own_sessions(
        person=request.user, at=timezone.now(), but=request.session.session_key, mark=mark
    )
    words = _("Signed out there.") if ended else _("That device was signed out already.")
    messages.success(request, words)
    return redirect("account_sessions")
