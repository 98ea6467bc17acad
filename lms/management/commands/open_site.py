"""`manage.py open_site`: what a real site needs before its first person signs in; safe to run again."""

from argparse import ArgumentParser
from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Level, Term, Unit
from courses.actions import install_groups, install_site
from lms.hours.actions import install_default_rule
from lms.hours.models import HoursRule
from lms.obligations.actions import install_default_requirements
from lms.obligations.models import Requirement


class Command(BaseCommand):
    """Opens the catalogue, the shipped rules and requirements for the province, and a county's term."""

    help = "After import_units: make the catalogue, install the shipped rules, note a county's term."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The county whose term it is, the term, and the day from which the rules hold."""
        parser.add_argument("--county", required=True, help="its 12-digit code")
        parser.add_argument("--term", type=int, required=True, help="the term's number")
        parser.add_argument("--from", type=date.fromisoformat, required=True, dest="starts_on")
        parser.add_argument("--to", type=date.fromisoformat, required=True, dest="ends_on")

    def handle(self, *, county: str, term: int, starts_on: date, ends_on: date, **options: object) -> None:
        """Find the places, then write all or nothing."""
        unit = Unit.objects.filter(code=county, level=Level.COUNTY).first()
        province = Unit.objects.filter(code=county[:2] + "0" * 10).first()
        if unit is None or province is None:
            raise CommandError(f"The county {county} or its province is not there; run import_units first.")
        if ends_on <= starts_on:
            raise CommandError("The term must end after it starts.")
        open_county(unit, province, term, starts_on, ends_on, at=timezone.now())
        self.stdout.write(f"{unit.name}: term {term} from {starts_on} to {ends_on}.")


@transaction.atomic
def open_county(
    county: Unit, province: Unit, number: int, starts_on: date, ends_on: date, *, at: datetime
) -> None:
    """Everything that is there already stays as it is, but for the term's days."""
    install_site(at=at)
    install_groups()
    first_on = timezone.localdate(at).replace(month=1, day=1)
    if not HoursRule.objects.filter(unit=province).exists():
        install_default_rule(province, first_on)
    if not Requirement.objects.filter(unit=province).exists():
        install_default_requirements(province, first_on)
    Term.objects.update_or_create(
        county=county, number=number, defaults={"starts_on": starts_on, "ends_on": ends_on}
    )
