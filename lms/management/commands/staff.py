"""`manage.py staff`: who works at a desk, kept by whoever keeps the server."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import actions, phones
from accounts.models import Cadre, StaffRole, StaffScope, Unit


class Command(BaseCommand):
    """Gives staff roles and takes them back, closes and opens accounts; each change leaves an audit line."""

    help = "Let somebody work at the desk of a unit, take that back, close an account, correct its phone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb, and whom it is about."""
        verbs = parser.add_subparsers(required=True)

        def verb(act: Callable[..., Cadre], name: str, does: str) -> ArgumentParser:
            added = verbs.add_parser(name, help=does)
            added.set_defaults(act=act)
            return added

        new = verb(add, "add", "admit somebody, found by phone or made anew; the same again changes nothing")
        old = verb(remove, "remove", "take back what `add` gave")
        shut = verb(close, "close", "let somebody sign in no more; the record of study stays")
        back = verb(reopen, "open", "let somebody sign in again, with the roles of before")
        other = verb(correct_phone, "phone", "correct the phone that somebody signs in with")
        lost = verb(forget_second_factor, "second-factor-off", "somebody lost the app and the codes on paper")
        new.add_argument("phone")
        new.add_argument("--name", required=True)
        for known in (old, shut, back, other, lost):
            known.add_argument("person", help="phone or account number")
        other.add_argument("phone", help="the new one")
        for rights in (new, old):
            rights.add_argument("--unit", required=rights is new, help="the 12-digit code of the place")
            rights.add_argument("--role", choices=StaffRole.values)
            rights.add_argument("--administrator", action="store_true", help="may do everything at /cms/")

    def handle(self, *, act: Callable[..., Cadre], **options: Any) -> None:  # Any: as argparse read them
        """Judge, then write all or nothing."""
        with transaction.atomic():
            person = act(**options, at=timezone.now())
        self.stdout.write(f"{person.name} ({person.number}): done.")


def add(
    *, phone: str, name: str, unit: str, role: str | None, administrator: bool, at: datetime, **_: object
) -> Cadre:
    """Admit somebody; a phone that belongs to another name is refused."""
    place = Unit.objects.filter(code=unit).first()
    if place is None:
        raise CommandError(f"There is no unit {unit}; run import_units first.")
    if role is None and not administrator:
        raise CommandError("Give --role, --administrator, or both.")
    try:
        person = actions.admit(phone=_mobile(phone), name=name, unit=place, by=None, at=at)
    except actions.PhoneTaken as error:
        raise CommandError(f"The phone {phone} belongs to somebody of another name.") from error
    if role is not None:
        actions.grant_scope(person=person, unit=place, role=role, by=None, at=at)
    if administrator:
        actions.set_administrator(person=person, is_administrator=True, by=None, at=at)
    return person


def remove(
    *, person: str, unit: str | None, role: str | None, administrator: bool, at: datetime, **_: object
) -> Cadre:
    """Take a role over a place, an administrator's rights, or both back."""
    found = _person(person)
    scope = StaffScope.objects.filter(person=found, unit__code=unit, role=role).first()
    if scope is not None:
        actions.remove_scope(scope=scope, by=None, at=at)
    elif role or not administrator:
        raise CommandError(f"{found.name} has no such role: give --role and --unit, or --administrator.")
    if administrator:
        actions.set_administrator(person=found, is_administrator=False, by=None, at=at)
    return found


def close(*, person: str, at: datetime, **_: object) -> Cadre:
    """Let somebody sign in no more."""
    return actions.set_open(person=_person(person), is_open=False, by=None, at=at)


def reopen(*, person: str, at: datetime, **_: object) -> Cadre:
    """Let somebody sign in again."""
    return actions.set_open(person=_person(person), is_open=True, by=None, at=at)


def forget_second_factor(*, person: str, at: datetime, **_: object) -> Cadre:
    """Ask for none at the next sign-in; an administrator is then led to set up another."""
    return actions.drop_second_factor(person=_person(person), by=None, at=at)


def correct_phone(*, person: str, phone: str, at: datetime, **_: object) -> Cadre:
    """The only way to the phone of an administrator, and of whoever may do more than their desk."""
    try:
        return actions.edit_person(person=_person(person), phone=_mobile(phone), by=None, at=at)
    except actions.PhoneTaken as error:
        raise CommandError(f"The phone {phone} belongs to somebody else.") from error


def _mobile(phone: str) -> str:
    number = phones.normal(phone)
    if not phones.is_valid(number):
        raise CommandError(f"{phone} is not a mobile number of 11 digits.")
    return number


def _person(phone_or_number: str) -> Cadre:
    who = phones.normal(phone_or_number)
    found: Cadre | None = Cadre.objects.filter(Q(phone=who) | Q(number=who)).first()
    if found is None:
        raise CommandError(f"Nobody has the phone or account number {phone_or_number}.")
    return found
