"""The sessions of people who signed in."""

from datetime import datetime

from django.contrib.sessions.models import Session


def clear_sessions(*, at: datetime) -> int:
    """Forget the sessions that have run out; gives how many."""
    ended, _rows = Session.objects.filter(expire_date__lt=at).delete()
    return ended
