"""One server for both sides: the site as it is, and the yardsticks with no middleware at all."""

import os
from collections.abc import Callable, Iterable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

site = get_wsgi_application()
with override_settings(MIDDLEWARE=[]):
    yardsticks = WSGIHandler()


def application(environ: dict[str, object], start: Callable[..., object]) -> Iterable[bytes]:
    """The site, or a yardstick."""
    handler = yardsticks if str(environ["PATH_INFO"]).startswith("/bench/") else site
    return handler(environ, start)
