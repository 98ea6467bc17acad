"""Loading the demo: the county, its people, the courses and what happened since."""

import csv
from datetime import datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import identity
from accounts.actions import grant_scope, import_units
from accounts.actions.units import UnitRow
from accounts.models import Cadre, Level, Post, Term, Unit
from lms.demo.accounts import PASSWORD
from lms.demo.activity import live
from lms.demo.changes import TERM_NUMBER, begin_term
from lms.demo.county import County
from lms.demo.dates import Calendar
from lms.demo.index import indexed_once
from lms.demo.library import open_site, write_library
from lms.demo.people import plan_people
from lms.demo.shapes import PersonPlan
from lms.demo.staff import COUNTY, PROVINCE, STAFF, StaffPlan
from lms.hours.actions import install_default_rule
from lms.obligations.actions import install_default_requirements

UNITS = Path(__file__).with_name("units.csv")


class NotEmpty(Exception):
    """The database holds people who are not the demo's; nothing was written."""


def is_loaded() -> bool:
    """Whether the demo is there already."""
    found: bool = Cadre.objects.filter(number=STAFF[0].number, name=STAFF[0].name).exists()
    return found


@transaction.atomic
def load(*, at: datetime, is_full: bool = False) -> bool:
    """Load the demo as of a moment, whole or not at all; False when it is there already.

    Raises NotEmpty. `is_full` gives every person a year of study instead of a few.
    """
    if is_loaded():
        return False
    if Cadre.objects.exists():
        raise NotEmpty
    calendar = Calendar(at)
    units = _write_units()
    install_default_rule(units[PROVINCE], calendar.first_on)
    install_default_requirements(units[PROVINCE], calendar.first_on)
    _write_terms(units[COUNTY], calendar)
    villages = [unit.code for unit in units.values() if unit.level == Level.VILLAGE]
    secret = make_password(PASSWORD)
    cast = _write_people(plan_people(villages, calendar), units, secret, at)
    catalogue = open_site(calendar)
    staff = _write_staff(units, secret, calendar)
    with indexed_once():
        write_library(catalogue, units=units, calendar=calendar, by=staff["administrator"])
    begin_term(units[COUNTY], calendar, staff["county"])
    live(County(calendar, units, cast, staff), is_full=is_full)
    return True


def _write_units() -> dict[str, Unit]:
    """The county's real units from the file beside this module, with the city and province above it."""
    with UNITS.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        import_units(rows=[UnitRow(lines.line_num, row["code"], row["name"], row["level"]) for row in lines])
    return {unit.code: unit for unit in Unit.objects.order_by("code")}


def _write_terms(county: Unit, calendar: Calendar) -> None:
    """The term before this one; this one begins with its election."""
    span = calendar.previous_term
    Term.objects.create(county=county, number=TERM_NUMBER - 1, starts_on=span.starts_on, ends_on=span.ends_on)


def _write_people(
    plans: list[PersonPlan], units: dict[str, Unit], secret: str, at: datetime
) -> dict[str, Cadre]:
    """Everybody with their posts in a few statements; gives those who have a part to play."""
    people = {plan.number: _person(plan, units, secret) for plan in plans}
    Cadre.objects.bulk_create(people.values(), batch_size=500)
    Post.objects.bulk_create(
        (
            Post(
                person=people[plan.number],
                unit=units[post.unit],
                role=post.role,
                from_on=post.from_on,
                to_on=post.to_on,
                is_newly_elected=post.is_newly_elected,
            )
            for plan in plans
            for post in plan.posts
        ),
        batch_size=500,
    )
    return {plan.key: people[plan.number] for plan in plans if plan.key}


def _person(plan: PersonPlan, units: dict[str, Unit], secret: str) -> Cadre:
    person = Cadre(
        number=plan.number,
        name=plan.name,
        phone=plan.phone,
        is_phone_verified=plan.phone is not None,
        unit=units[plan.unit],
        birth_year=plan.birth_year,
        is_party_member=plan.is_party_member,
        password=secret if plan.has_password else make_password(None),
    )
    if plan.identity:
        person.identity_cipher = identity.encrypt(plan.identity)
        person.identity_hash = identity.fingerprint(plan.identity)
        person.identity_last4 = identity.last_four(plan.identity)
    return person


def _write_staff(units: dict[str, Unit], secret: str, calendar: Calendar) -> dict[str, Cadre]:
    return {plan.key: _staff_member(plan, units, secret, calendar) for plan in STAFF}


def _staff_member(plan: StaffPlan, units: dict[str, Unit], secret: str, calendar: Calendar) -> Cadre:
    is_administrator = plan.role is None
    person: Cadre = Cadre.objects.create(
        number=plan.number,
        name=plan.name,
        phone=plan.phone,
        is_phone_verified=True,
        unit=units[plan.unit],
        is_staff=is_administrator,
        is_superuser=is_administrator,
        password=secret,
    )
    if plan.role:
        at = calendar.moment(calendar.opening, 8)
        grant_scope(person=person, unit=units[plan.unit], role=plan.role, by=None, at=at)
    return person
