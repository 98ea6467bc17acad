"""A region may add or raise, never lower; versions follow each other; exemptions are kept honestly."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditLine, CadreChange
from lms.jobs.models import Job
from lms.jobs.registry import Work
from lms.obligations import actions
from lms.obligations.models import Obligation, Requirement
from lms.obligations.tasks import open_day, refresh_unit
from tests.factories import CadreFactory, PostFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, TODAY, secretary, standing, under_the_defaults
from tests.lms.obligations.test_rebuild import REQUIREMENT

pytestmark = pytest.mark.django_db


def set_online(tree: CountyTree, amount: int, *, unit: object = None, **fields: Any) -> Requirement:
    values = {**REQUIREMENT, "amount": Decimal(amount), "slug": "online", "valid_from": TODAY, **fields}
    staff = StaffFactory(unit=tree.county, role="COUNTY").person
    return actions.set_requirement(unit=unit or tree.county, by=staff, at=AT, **values)


def repeat(tree: CountyTree, slug: str, **changes: Any) -> Requirement:
    """The county sets again what the province has set, with some changes."""
    above = Requirement.objects.get(slug=slug)
    values = {name: getattr(above, name) for name in (*REQUIREMENT, "amount")}
    staff = StaffFactory(unit=tree.county, role="COUNTY").person
    return actions.set_requirement(
        slug=slug, unit=tree.county, valid_from=TODAY, by=staff, at=AT, **{**values, **changes}
    )


def test_raise_is_written_audited_and_reaches_the_region_by_a_job() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    raised = set_online(tree, 60)
    assert AuditLine.objects.filter(action="obligations.requirement", unit=tree.county).count() == 1
    job = Job.objects.get(kind=actions.REFRESH_UNIT)
    assert job.args == {"unit": tree.county.code}
    assert refresh_unit(Work(job.args, AT)) == {"people": 1, "changed": 4}
    assert Obligation.objects.get(person=person, slug="online").requirement == raised


def test_lower_than_above_is_refused_and_nothing_is_written() -> None:
    tree = under_the_defaults()
    with pytest.raises(actions.LowerThanAbove):
        set_online(tree, 49)
    with pytest.raises(actions.NotComparable):
        set_online(tree, 60, measure="DAYS")
    assert Requirement.objects.filter(slug="online").count() == 1
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("slug", "changes", "field"),
    [
        ("newly-elected", {"months": 24}, "months"),
        ("newly-elected", {"months": 4, "amount": Decimal(9)}, "months"),
        ("newly-elected", {"lead_days": 30}, "lead_days"),
        ("committee", {"min_classes": 0}, "min_classes"),
        ("rotation", {"lead_days": 1}, "lead_days"),
        ("rotation", {"roles": []}, "roles"),
        ("rotation", {"roles": ["SECRETARY", "DIRECTOR", "GRID_WORKER"]}, "roles"),
    ],
)
def test_the_same_amount_over_a_longer_time_is_lower_too(slug: str, changes: dict, field: str) -> None:
    tree = under_the_defaults()
    with pytest.raises(actions.LowerThanAbove) as refused:
        repeat(tree, slug, **changes)
    assert refused.value.field == field
    assert refused.value.higher == Requirement.objects.get(slug=slug)


@pytest.mark.parametrize("slug", ["rotation", "newly-elected"])
def test_raise_makes_up_exactly_where_the_version_above_does(slug: str) -> None:
    """Making up would prolong the time; without it the duty would end with the deadline."""
    tree = under_the_defaults()
    above = Requirement.objects.get(slug=slug)
    with pytest.raises(actions.NotComparable):
        repeat(tree, slug, can_be_made_up=not above.can_be_made_up)


@pytest.mark.parametrize(
    ("slug", "changes"),
    [
        ("newly-elected", {"months": 2}),
        ("committee", {"roles": ["SECRETARY"]}),
        ("rotation", {"roles": ["SECRETARY"], "amount": Decimal(2)}),
        ("committee", {"roles": []}),
    ],
)
def test_shorter_time_and_fewer_or_further_posts_are_raises(slug: str, changes: dict) -> None:
    assert repeat(under_the_defaults(), slug, **changes).slug == slug


def test_raise_for_some_posts_leaves_the_others_under_the_version_above() -> None:
    tree = under_the_defaults()
    first, other = secretary(tree), CadreFactory(unit=tree.village)
    PostFactory(person=other, unit=tree.village, role="DIRECTOR", from_on=date(2023, 1, 1))
    repeat(tree, "committee", roles=["SECRETARY"], amount=Decimal(60))
    assert standing(first, "committee").required == 60
    assert standing(other, "committee").required == 56


def test_later_version_ends_the_one_before_and_may_take_back_ones_own_raise() -> None:
    tree = under_the_defaults()
    first = set_online(tree, 60)
    second = set_online(tree, 52, valid_from=date(2026, 9, 1))
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (date(2026, 8, 31), None)
    with pytest.raises(actions.VersionNotLater):
        set_online(tree, 55, valid_from=date(2026, 8, 1))


def test_same_version_twice_is_one() -> None:
    tree = under_the_defaults()
    assert set_online(tree, 60) == set_online(tree, 60)
    assert Job.objects.count() == 1


def test_version_cannot_begin_in_a_closed_year() -> None:
    with pytest.raises(actions.VersionNotLater):
        set_online(under_the_defaults(), 60, valid_from=date(2025, 12, 31))


def test_requirement_ends_today_or_later() -> None:
    tree = under_the_defaults()
    raised = set_online(tree, 60)
    staff = StaffFactory(unit=tree.county).person
    with pytest.raises(actions.EndsTooEarly):
        actions.end_requirement(requirement=raised, to_on=date(2026, 5, 31), by=staff, at=AT)
    for _ in range(2):
        actions.end_requirement(requirement=raised, to_on=TODAY, by=staff, at=AT)
    assert AuditLine.objects.filter(action="obligations.end_requirement").count() == 1


def test_requirement_that_another_version_follows_cannot_be_prolonged_over_it() -> None:
    tree = under_the_defaults()
    first = set_online(tree, 60)
    set_online(tree, 52, valid_from=date(2026, 9, 1))
    staff = StaffFactory(unit=tree.county).person
    with pytest.raises(actions.EndsTooLate):
        actions.end_requirement(requirement=first, to_on=date(2026, 9, 1), by=staff, at=AT)
    first.refresh_from_db()
    assert first.valid_to == date(2026, 8, 31)
    actions.end_requirement(requirement=first, to_on=date(2026, 7, 31), by=staff, at=AT)
    assert Requirement.objects.get(pk=first.pk).valid_to == date(2026, 7, 31)


def test_exemption_twice_is_one_and_an_overlap_is_refused() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    staff = StaffFactory(unit=tree.township).person
    CadreChange.objects.all().delete()
    values = {
        "person": person,
        "reason": "病",
        "from_on": TODAY,
        "to_on": date(2026, 8, 1),
        "by": staff,
        "at": AT,
    }
    assert actions.exempt(**values) == actions.exempt(**values)
    assert CadreChange.objects.count() == 1
    with pytest.raises(actions.ExemptionOverlaps):
        actions.exempt(**{**values, "from_on": date(2026, 8, 1), "to_on": None})
    assert person.exemptions.count() == 1


def test_exemption_ends_once_and_never_before_it_began() -> None:
    tree = under_the_defaults()
    staff = StaffFactory(unit=tree.township).person
    item = actions.exempt(person=secretary(tree), reason="病", from_on=TODAY, to_on=None, by=staff, at=AT)
    with pytest.raises(actions.ExemptionEnded):
        actions.end_exemption(exemption=item, to_on=date(2026, 5, 1), by=staff, at=AT)
    for _ in range(2):
        item = actions.end_exemption(exemption=item, to_on=date(2026, 7, 1), by=staff, at=AT)
    with pytest.raises(actions.ExemptionEnded):
        actions.end_exemption(exemption=item, to_on=date(2026, 7, 2), by=staff, at=AT)
    assert AuditLine.objects.filter(action="obligations.end_exemption").count() == 1


def test_new_day_is_opened_once() -> None:
    open_day(AT)
    open_day(AT)
    open_day(datetime(2026, 6, 1, 16, 0, tzinfo=UTC))
    assert Job.objects.filter(kind=actions.REFRESH_UNIT).count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0},
        {"period": "ONCE", "months": None},
        {"valid_to": date(2020, 1, 1)},
    ],
)
def test_database_refuses_a_requirement_that_makes_no_sense(changes: dict[str, object]) -> None:
    tree = under_the_defaults()
    fields = {**REQUIREMENT, "amount": 1, "slug": "x", "unit": tree.county, "valid_from": TODAY, **changes}
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.create(**fields)


def test_database_keeps_one_row_per_period_and_honest_dates() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    actions.refresh([person.pk], at=AT)
    row = Obligation.objects.get(slug="online")
    for changes in ({"is_met": True}, {"met_on": TODAY}, {"carried": -1}, {"due_on": date(2020, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Obligation.objects.filter(pk=row.pk).update(**changes)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
