"""`manage.py prepare`: what must be there before the site starts; safe at every start."""

from argparse import ArgumentParser
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Cadre


class Command(BaseCommand):
    """Migrates; in the demo loads the demo county once and tells its accounts, else collects static files."""

    # The processes that start next check everything; here it would only double the time of a start.
    requires_system_checks = []
    help = "Migrate; load the demo once and write down its accounts, or collect static files if DEMO is off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file that the caller shows when the site answers."""
        parser.add_argument("--accounts", type=Path, required=True, help="write the demo's accounts here")

    def handle(self, *, accounts: Path, **options: object) -> None:
        """Do what is still to do."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        told = StringIO()
        if settings.DEMO:
            if not Cadre.objects.exists():
                call_command("load_demo", stdout=self.stdout)
            call_command("demo_accounts", stdout=told)
        else:
            call_command("collectstatic", interactive=False, verbosity=0)
        accounts.write_text(told.getvalue(), encoding="utf-8")
