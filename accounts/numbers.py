"""Account numbers: eight digits that nobody can guess from another one."""

import secrets

from accounts.models import Cadre

LOWEST, HIGHEST = 20_000_000, 99_999_999
CHUNK = 2000


def new_numbers(count: int) -> list[str]:
    """So many account numbers that no account has; the unique constraint has the last word."""
    numbers: set[str] = set()
    while len(numbers) < count:
        wanted = min(CHUNK, count - len(numbers))
        drawn = {str(LOWEST + secrets.randbelow(HIGHEST - LOWEST + 1)) for _ in range(wanted)}
        taken = Cadre.objects.filter(number__in=drawn).values_list("number", flat=True)
        numbers |= drawn - set(taken)
    return list(numbers)
