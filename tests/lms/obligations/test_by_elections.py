"""Elected in mid-term: the rotation of the running term from that day, taking office within three months."""

from datetime import UTC, date, datetime

import pytest

from accounts.actions import appoint, end_post
from accounts.models import Cadre
from lms.hours.models import EntryKind, Ledger
from lms.obligations.actions import refresh, refresh_changed, set_requirement
from lms.obligations.models import Obligation, Requirement
from lms.obligations.standing import Status, status_of
from tests.factories import CadreFactory, StaffFactory, TermFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, earn, under_the_defaults

pytestmark = pytest.mark.django_db
ELECTED = date(2028, 4, 10)
THEN = datetime(2028, 4, 10, 4, tzinfo=UTC)
END = date(2030, 11, 30)
CLASS, ROTATION, CONCENTRATED = EntryKind.CLASS, EntryKind.ROTATION, Ledger.CONCENTRATED


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


def elected(tree: CountyTree, role: str = "DIRECTOR", from_on: date = ELECTED) -> Cadre:
    person: Cadre = CadreFactory(unit=tree.village)
    staff = StaffFactory(unit=tree.township).person
    appoint(
        person=person, unit=tree.village, role=role, from_on=from_on, by=staff, at=THEN, is_newly_elected=True
    )
    refresh_changed(at=THEN)
    return person


def row(person: Cadre, slug: str, at: datetime = THEN) -> Obligation:
    refresh([person.pk], at=at)
    return Obligation.objects.get(person=person, slug=slug, released_on=None)


def test_by_election_joins_the_running_term_from_its_day(tree: CountyTree) -> None:
    person = elected(tree)
    rotation, office = row(person, "rotation"), row(person, "newly-elected")
    assert (rotation.starts_on, rotation.due_on, rotation.term.number) == (ELECTED, END, 12)
    assert (office.starts_on, office.due_on) == (ELECTED, date(2028, 7, 10))


def test_class_before_the_by_election_covers_only_by_the_switch(tree: CountyTree) -> None:
    person = elected(tree)
    earn(person, 30, ledger=CONCENTRATED, kind=ROTATION, days=5, on=date(2028, 3, 30))
    assert not row(person, "rotation").is_met
    Requirement.objects.filter(slug="rotation").update(lead_days=11)
    assert row(person, "rotation").is_met
    Requirement.objects.filter(slug="rotation").update(lead_days=10)
    assert not row(person, "rotation").is_met


def test_switch_is_turned_by_a_new_version_of_the_region_that_set_it(tree: CountyTree) -> None:
    person = elected(tree)
    earn(person, 30, ledger=CONCENTRATED, kind=ROTATION, days=5, on=date(2028, 3, 30))
    old = Requirement.objects.get(slug="rotation")
    names = [
        field.name
        for field in Requirement._meta.fields
        if field.name not in {"id", "slug", "unit", "valid_from", "valid_to", "position"}
    ]
    values = {name: getattr(old, name) for name in names}
    staff = StaffFactory(unit=tree.province, role="PROVINCE").person
    set_requirement(
        slug="rotation",
        unit=tree.province,
        valid_from=ELECTED,
        by=staff,
        at=THEN,
        **{**values, "lead_days": 60},
    )
    assert row(person, "rotation").is_met


def test_missed_training_on_taking_office_is_made_up(tree: CountyTree) -> None:
    person = elected(tree)
    earn(person, 12, ledger=CONCENTRATED, kind=CLASS, days=2, on=date(2028, 5, 8))
    late = datetime(2028, 9, 1, 4, tzinfo=UTC)
    office = row(person, "newly-elected", late)
    assert (status_of(office, late.date()), office.short) == (Status.OVERDUE, 1)
    assert Obligation.objects.running(late.date()).filter(pk=office.pk).exists()
    earn(person, 6, ledger=CONCENTRATED, kind=CLASS, days=1, on=date(2028, 9, 5))
    refresh_changed(at=datetime(2028, 9, 6, tzinfo=UTC))
    office.refresh_from_db()
    assert (office.is_met, office.met_on) == (True, date(2028, 9, 5))


def test_predecessors_rotation_covers_nobody_else(tree: CountyTree) -> None:
    before = CadreFactory(unit=tree.village)
    staff = StaffFactory(unit=tree.township).person
    post = appoint(
        person=before, unit=tree.village, role="DIRECTOR", from_on=date(2025, 12, 1), by=staff, at=AT
    )
    earn(before, 30, ledger=CONCENTRATED, kind=ROTATION, days=5, on=date(2027, 3, 1))
    end_post(post=post, to_on=date(2028, 4, 9), by=staff, at=THEN)
    person = elected(tree)
    assert not row(person, "rotation").is_met
    assert Obligation.objects.filter(person=before, slug="rotation", released_on=None).count() == 0


def test_next_term_asks_anew_and_keeps_what_the_last_one_was(tree: CountyTree) -> None:
    person = elected(tree)
    earn(person, 30, ledger=CONCENTRATED, kind=ROTATION, days=5, on=date(2029, 3, 1))
    assert row(person, "rotation").is_met
    TermFactory(county=tree.county, number=13, starts_on=date(2030, 12, 1), ends_on=date(2035, 11, 30))
    refresh([person.pk], at=datetime(2030, 12, 2, tzinfo=UTC))
    rows = Obligation.objects.filter(person=person, slug="rotation").order_by("starts_on")
    assert [(item.period_key, item.is_met, item.starts_on) for item in rows] == [
        ("140728-12", True, ELECTED),
        ("140728-13", False, date(2030, 12, 1)),
    ]


def test_two_posts_of_one_by_election_ask_once(tree: CountyTree) -> None:
    person = elected(tree)
    staff = StaffFactory(unit=tree.township).person
    appoint(
        person=person,
        unit=tree.village,
        role="SECRETARY",
        from_on=date(2028, 5, 2),
        by=staff,
        at=datetime(2028, 5, 2, tzinfo=UTC),
        is_newly_elected=True,
    )
    refresh([person.pk], at=datetime(2028, 5, 3, tzinfo=UTC))
    for slug in ("rotation", "newly-elected"):
        assert Obligation.objects.filter(person=person, slug=slug).count() == 1
