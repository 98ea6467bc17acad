"""How often one address may ask: enough for a clerk with a pile of papers, too little for trying numbers."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

VIEWS_A_MINUTE = 120
SEARCHES_A_MINUTE = 10
WINDOW_SECONDS = 60


def is_too_fast(request: HttpRequest, action: str, most: int) -> bool:
    """Count this request; whether the address has asked more than `most` times within a minute."""
    key = f"certificates:{action}:{get_adapter(request).get_client_ip(request)}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key) > most
    except ValueError:  # the minute ended between the two calls
        return False
