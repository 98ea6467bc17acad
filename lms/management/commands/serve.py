"""`manage.py serve`: the web server of one box, by itself or behind a proxy on the same machine."""

from argparse import ArgumentParser
from typing import Any

import waitress
from django.conf import settings
from django.core.management.base import BaseCommand

from lms.wsgi import application

# What the proxy says of a visitor is believed, and from this machine alone.
PROXY: dict[str, Any] = {  # Any: arguments of waitress
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_count": 1,
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
}


class Command(BaseCommand):
    """Answers requests until told to stop."""

    # The job runner beside it checks everything; here it would only hold up the first answer.
    requires_system_checks = []
    help = "Answer requests with waitress, as run.py does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument(
            "--listen", required=True, action="append", help="address:port; once for each of several"
        )

    def handle(self, *, listen: list[str], **options: object) -> None:
        """Serve the site."""
        proxy = PROXY if settings.BEHIND_PROXY else {}
        waitress.serve(application, listen=" ".join(listen), threads=8, ident="", **proxy)
