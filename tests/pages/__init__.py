"""The one list of pages: who may see each, which are for eyes, and where their things are.

A file for each room. Used by the permission matrix, the axe journeys, the page budgets and `run.py shots`;
an address of the site without a row here fails tests/test_access.py.
"""

from collections.abc import Collection, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.pages.certificates import CERTIFICATES
from tests.pages.change import CHANGE
from tests.pages.claims import CLAIMS
from tests.pages.classes import CLASSES
from tests.pages.desk import DESK
from tests.pages.door import DOOR
from tests.pages.learner import LEARNER
from tests.pages.people import PEOPLE
from tests.pages.plans import PLANS
from tests.pages.rows import SEEN, SIGN_IN, Kind, Page
from tests.pages.viewings import VIEWINGS

__all__ = ["EXEMPT", "EXEMPT_PREFIXES", "PAGES", "SEEN", "SIGN_IN", "Kind", "Page", "addresses"]

PAGES = [
    *LEARNER,
    *DOOR,
    *CERTIFICATES,
    *DESK,
    *PEOPLE,
    *CHANGE,
    *PLANS,
    *CLASSES,
    *VIEWINGS,
    *CLAIMS,
]

# Addresses without a row, and why.
EXEMPT = {
    "films:poster": "a public picture, named by the film's digest (tests/courses/films)",
    "picture": "public pictures of courses, and nothing else below media/ (tests/courses/films)",
    "account_confirm_login_code": "exists only while a code is on its way (tests/accounts)",
    "mfa_authenticate": "exists only between the password and the second factor (tests/accounts)",
    "account_new_password": "exists only after a code was given back (tests/accounts)",
    "account_set_password": "leads to account_change_password for whoever has a password (tests/accounts)",
    "wagtail_serve": "the pages of the CMS tree: front, catalogue, course and lesson above",
    "wagtailcore_authenticate_with_password": "shared passwords are switched off",
    "wagtailcore_login": "leads to the one door",
}
# Wagtail asks for its own permissions inside; that nobody else comes in is a test of its own.
EXEMPT_PREFIXES = ("cms/",)


def addresses() -> Iterator[tuple[str, str]]:
    """Name and pattern of every address of the site."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(
    patterns: Collection[URLPattern | URLResolver], prefix: str, namespace: str
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or ""), where
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, where, namespace + inner)
