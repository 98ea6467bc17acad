"""Words that somebody typed into a small form beside a button."""

from django.http import HttpRequest


def typed(request: HttpRequest, name: str) -> str:
    """The words of a field, without the NUL for which a database has no place; length is for the action."""
    return str(request.POST.get(name, "")).replace("\0", " ").strip()
