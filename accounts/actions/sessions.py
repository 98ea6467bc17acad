"""The sessions of people who signed in."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction


@transaction.atomic
def clear_sessions(*, at: datetime) -> int:
    """Forget the sessions that have run out, with the devices noted beside them; gives how many."""
    ended, _rows = Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return ended
