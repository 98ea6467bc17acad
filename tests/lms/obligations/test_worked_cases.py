"""Worked cases 5, 6, 7, 8, 11 and 12 of the domain, each from its action to the figure shown."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import appoint, edit_person
from accounts.models import Cadre, StaffRole
from lms.certificates.actions import issue
from lms.desk.figures import by_unit, total
from lms.desk.filters import Filters
from lms.hours.actions import set_rule
from lms.hours.defaults import DEFAULT_RULE
from lms.hours.models import HoursEntry, Ledger
from lms.obligations.actions import exempt, refresh_changed
from lms.obligations.models import Obligation
from lms.obligations.standing import Status, status_of
from lms.training.classes.actions import ClassFacts, record_class
from lms.training.classes.models import ClassKind
from tests.factories import CadreFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, TODAY, earn, under_the_defaults

pytestmark = pytest.mark.django_db
CONCENTRATED, COLLECTIVE = Ledger.CONCENTRATED, Ledger.COLLECTIVE


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


@pytest.fixture
def county(tree: CountyTree) -> Cadre:
    person: Cadre = StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person
    return person


def holding(tree: CountyTree, by: Cadre, *roles: str, since: date = date(2026, 1, 5)) -> Cadre:
    """Somebody of the village, appointed."""
    person: Cadre = CadreFactory(unit=tree.village)
    for role in roles:
        appoint(person=person, unit=tree.village, role=role, from_on=since, by=by, at=AT)
    return person


def record(
    tree: CountyTree,
    by: Cadre,
    absent: dict[Cadre, int],
    *,
    days: int,
    hours: int,
    ends_on: date,
    kind: ClassKind = ClassKind.ORDINARY,
) -> None:
    facts = ClassFacts(
        title="春季培训班",
        organiser="县委党校",
        unit=tree.county,
        kind=kind,
        ledger=CONCENTRATED,
        starts_on=date(ends_on.year, ends_on.month, ends_on.day - days + 1),
        ends_on=ends_on,
        days=Decimal(days),
        hours=Decimal(hours),
    )
    record_class(facts=facts, absent=absent, by=by, at=AT)


def shown(person: Cadre, slug: str) -> Obligation:
    """The row that pages show once the marks have been read."""
    refresh_changed(at=AT)
    return Obligation.objects.select_related("requirement").get(person=person, slug=slug)


def test_case_5_one_half_day_absent_of_five_days(tree: CountyTree, county: Cadre) -> None:
    person = holding(tree, county, "COMMITTEE_MEMBER")
    record(tree, county, {person: 1}, days=5, hours=30, ends_on=date(2026, 5, 22))
    line = HoursEntry.objects.get()
    assert (line.hours, line.days, line.times, line.withheld) == (27, Decimal("4.5"), 1, 0)
    row = shown(person, "concentrated")
    assert (row.earned, row.required, row.short, row.is_met) == (Decimal("4.5"), 5, Decimal("0.5"), False)


def test_case_6_absent_for_more_than_a_seventh_is_out(tree: CountyTree, county: Cadre) -> None:
    person = holding(tree, county, "COMMITTEE_MEMBER")
    record(tree, county, {person: 2}, days=5, hours=40, ends_on=date(2026, 5, 22))
    line = HoursEntry.objects.get()
    assert (line.hours, line.days, line.times, line.withheld) == (0, 0, 0, 40)
    assert (shown(person, "concentrated").earned, shown(person, "committee").classes) == (0, 0)
    assert not Obligation.objects.certifiable().exists()


def test_case_7_ledgers_apart_and_a_class_beside_the_amount(tree: CountyTree, county: Cadre) -> None:
    person = holding(tree, county, "SECRETARY", "DIRECTOR")
    edit_person(person=person, by=county, at=AT, is_party_member=True)
    record(tree, county, {person: 0}, days=5, hours=30, ends_on=date(2026, 5, 22))
    earn(person, 52)
    earn(person, 12, ledger=COLLECTIVE)
    figures = {
        slug: (row.earned, row.required, row.short, row.is_met)
        for slug in ("online", "concentrated", "party", "committee")
        for row in [shown(person, slug)]
    }
    assert figures == {
        "online": (52, 50, 0, True),
        "concentrated": (5, 5, 0, True),
        "party": (42, 32, 0, True),
        "committee": (42, 56, 14, False),
    }
    committee = shown(person, "committee")
    assert committee.classes >= committee.requirement.min_classes == 1


@pytest.mark.parametrize(("elected", "is_covered"), [(date(2026, 2, 10), True), (date(2026, 3, 21), False)])
def test_case_8_rotation_class_covers_from_the_election_on(
    tree: CountyTree, county: Cadre, elected: date, is_covered: bool
) -> None:
    person = holding(tree, county, "SECRETARY", since=elected)
    record(tree, county, {person: 0}, days=5, hours=30, ends_on=date(2026, 3, 20), kind=ClassKind.ROTATION)
    row = shown(person, "rotation")
    assert (row.is_met, row.starts_on, row.due_on) == (is_covered, elected, date(2030, 11, 30))


def test_case_11_exempt_is_shown_as_exempt_and_counted_in_no_rate(
    tree: CountyTree, county: Cadre, client: Client
) -> None:
    person = holding(tree, county, "COMMITTEE_MEMBER")
    edit_person(person=person, by=county, at=AT, birth_year=1948)
    other = holding(tree, county, "COMMITTEE_MEMBER")
    exempt(person=person, reason="年事已高", from_on=TODAY, to_on=None, by=county, at=AT)
    row = shown(person, "online")
    assert status_of(row, TODAY) == Status.EXEMPT
    assert set(Obligation.objects.short().values_list("person", flat=True)) == {other.pk}
    filters = Filters(unit=tree.township)
    figures = total(tree.township, by_unit(filters.obligations(county, TODAY), filters))
    assert (figures.due, figures.short, figures.exempt) == (1, 1, 1)
    client.force_login(county)
    assert person.name not in client.get(reverse("desk:calls")).content.decode()


def test_case_12_new_rule_leaves_lines_alone_and_the_year_names_both(tree: CountyTree, county: Cadre) -> None:
    person = holding(tree, county, "COMMITTEE_MEMBER")
    before = earn(person, 30, on=date(2026, 5, 30))
    fields = {**DEFAULT_RULE, "online_daily_cap": Decimal(8), "yearly_caps": {"VIEWING": "52"}}
    new = set_rule(
        unit=tree.county,
        version="2026-7",
        valid_from=date(2026, 7, 1),
        document="",
        by=county,
        at=AT,
        **fields,
    )
    after = earn(person, 25, on=date(2026, 7, 1))
    assert (before.hours, before.rule.version != new.version) == (30, True)
    assert (after.rule, after.hours, after.withheld) == (new, 22, 3)
    assert HoursEntry.objects.get(pk=before.pk).rule == before.rule
    certificate = issue(obligation=shown(person, "online"), at=datetime(2026, 7, 2, tzinfo=UTC))
    assert certificate.snapshot["earned"] == "52"
    assert certificate.snapshot["rule_versions"] == [f"山西省 {before.rule.version}", "平遥县 2026-7"]
