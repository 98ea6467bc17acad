"""Five wrong passwords or codes of the township lock an account for five minutes, however it was named."""

import hashlib

from django.core.cache import cache

from accounts.models import Cadre

LIMIT = 5
LOCK_SECONDS = 300


def _keys(who: str) -> tuple[str, str]:
    mark = hashlib.sha256(who.encode()).hexdigest()
    return f"accounts.wrong:{mark}", f"accounts.locked:{mark}"


def name_of(person: Cadre | None, login: str) -> str:
    """One name for one account, whether its phone or its number was typed; unknown ones lock alike."""
    return f"person:{person.pk}" if person else f"unknown:{login.lower()}"


def take_try(who: str) -> bool:
    """Pay for one try before the password is looked at, so that tries in parallel count too."""
    wrong, locked = _keys(who)
    if cache.get(locked):
        return False
    cache.add(wrong, 0, LOCK_SECONDS)
    try:
        taken = cache.incr(wrong)
    except ValueError:  # it ran out between the two lines
        cache.set(wrong, 1, LOCK_SECONDS)
        taken = 1
    return taken <= LIMIT


def tries_left(who: str) -> int:
    """How many wrong passwords are left after a wrong one; the last starts the lock."""
    wrong, locked = _keys(who)
    left = LIMIT - int(cache.get(wrong, 0))
    if left > 0:
        return left
    cache.set(locked, True, LOCK_SECONDS)
    cache.delete(wrong)
    return 0


def forgive(who: str) -> None:
    """The right password came: earlier wrong ones are forgotten."""
    cache.delete_many(_keys(who))
