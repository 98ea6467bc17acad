"""`manage.py load_demo`: the demo county, loaded once."""

import gc
from argparse import ArgumentParser
from time import perf_counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.demo.load import NotEmpty, load


class Command(BaseCommand):
    """Load the demo as of now; once loaded, say so and change nothing."""

    help = "Load the demo: a real county with invented people, courses that play, and a year's activity."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The switches."""
        parser.add_argument("--full", action="store_true", help="give every person a year (takes minutes)")

    def handle(self, *args: object, full: bool, **options: object) -> None:
        """Refuse outside the demo, since its passwords are public."""
        if not settings.DEMO:
            raise CommandError(_("The demo's passwords are public; set DEMO=1 to load it all the same."))
        began = perf_counter()
        # A short life: what it leaves behind is freed by its end, sooner than by walking through all of it.
        gc.disable()
        try:
            is_new = load(at=timezone.now(), is_full=full)
        except NotEmpty:
            raise CommandError(_("This database holds other people already; nothing was loaded.")) from None
        finally:
            gc.enable()
        if not is_new:
            self.stdout.write(_("The demo is there already."))
            return
        seconds = perf_counter() - began
        self.stdout.write(_("The demo is loaded (%(seconds).0f s).") % {"seconds": seconds})
