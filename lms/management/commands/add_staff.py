"""`manage.py add_staff`: the first people at a desk, before there is anybody who could let them in."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import phones
from accounts.actions import grant_scope
from accounts.models import Cadre, StaffRole, Unit
from accounts.numbers import new_numbers


class Command(BaseCommand):
    """Gives a person, found by phone or made anew, a staff role over a unit."""

    help = "Let somebody work at the desk of a unit; the person signs in with the phone and a code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, where, and what they may do."""
        parser.add_argument("--unit", required=True, help="the 12-digit code of the place")
        parser.add_argument("--name", required=True)
        parser.add_argument("--phone", required=True)
        parser.add_argument("--role", choices=StaffRole.values)
        parser.add_argument("--administrator", action="store_true", help="may do everything at /cms/")

    def handle(
        self, *, unit: str, name: str, phone: str, role: str | None, administrator: bool, **options: object
    ) -> None:
        """Judge, then write."""
        place = Unit.objects.filter(code=unit).first()
        number = phones.normal(phone)
        if place is None:
            raise CommandError(f"There is no unit {unit}; run import_units first.")
        if not phones.is_valid(number):
            raise CommandError(f"{phone} is not a mobile number of 11 digits.")
        if role is None and not administrator:
            raise CommandError("Give --role, --administrator, or both.")
        person = admit(place, name, number, role, administrator, at=timezone.now())
        self.stdout.write(f"{person.name} ({person.number}) signs in with {number}.")


@transaction.atomic
def admit(
    unit: Unit, name: str, phone: str, role: str | None, is_administrator: bool, *, at: datetime
) -> Cadre:
    """The same call again changes nothing; a phone that belongs to another name is refused."""
    person: Cadre | None = Cadre.objects.filter(phone=phone).first()
    if person is None:
        person = Cadre.objects.create_user(new_numbers(1)[0], name=name, phone=phone, unit=unit)
    if person.name != name:
        raise CommandError(f"The phone {phone} belongs to somebody of another name.")
    if role is not None:
        grant_scope(person=person, unit=unit, role=role, by=None, at=at)
    if is_administrator:
        Cadre.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    return person
