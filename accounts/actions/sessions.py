"""The sessions of people who signed in."""

from datetime import datetime

from django.db import transaction

from accounts.audit import audit
from accounts.models import Cadre, Session


def clear_sessions(*, at: datetime) -> int:
    """Forget the sessions that have run out; gives how many."""
    ended, _rows = Session.objects.filter(expire_date__lt=at).delete()
    return ended


def end_sessions(*, person: Cadre, but: str | None = None) -> int:
    """End a person's sessions, all or all but one key: the next request is a stranger's. Gives how many."""
    ended, _rows = Session.objects.of(person.pk).exclude(pk=but).delete()
    return ended


@transaction.atomic
def end_own_sessions(*, person: Cadre, at: datetime, but: str | None, mark: str | None = None) -> int:
    """End those sessions that a person sees on other devices: one by its mark, or all; gives how many."""
    others = Session.objects.of(person.pk).exclude(pk=but)
    keys = [session.pk for session in others if mark in {None, session.mark}]
    ended, _rows = Session.objects.filter(pk__in=keys).delete()
    if ended:
        audit("account.sessions_ended", by=person, at=at, person=person, count=ended)
    return ended
