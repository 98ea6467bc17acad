"""Rows follow posts, requirements, exemptions and the ledger; closed periods do not."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import appoint, end_post
from accounts.models import CadreChange, Post, Term
from lms.hours.actions import Worth, correct
from lms.hours.models import EntryKind, HoursRule, Ledger
from lms.obligations.actions import end_exemption, exempt, refresh, refresh_changed
from lms.obligations.lines import lines_of
from lms.obligations.models import Obligation, Requirement
from lms.obligations.standing import Status, status_of
from tests.factories import CadreFactory, PostFactory, StaffFactory, TermFactory, UnitFactory
from tests.lms.obligations.people import AT, TODAY, earn, secretary, standing, under_the_defaults

pytestmark = pytest.mark.django_db
CLASS, ROTATION = EntryKind.CLASS, EntryKind.ROTATION
CONCENTRATED, COLLECTIVE = Ledger.CONCENTRATED, Ledger.COLLECTIVE
NEXT_YEAR = datetime(2027, 1, 1, 1, tzinfo=UTC)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 4, tzinfo=UTC)


def test_worked_case_7_separate_ledgers_and_a_class_beside_the_amount() -> None:
    person = secretary(under_the_defaults(), is_party_member=True)
    PostFactory(person=person, unit=person.unit, role="DIRECTOR", from_on=date(2023, 1, 1))
    earn(person, 52)
    earn(person, 30, ledger=CONCENTRATED, kind=CLASS, days=5)
    earn(person, 12, ledger=COLLECTIVE)
    online = standing(person, "online")
    assert (online.earned, online.required, online.is_met) == (52, 50, True)
    days = standing(person, "concentrated")
    assert (days.earned, days.is_met) == (5, True)
    party = standing(person, "party")
    assert (party.earned, party.is_met) == (42, True)
    committee = standing(person, "committee")
    assert (committee.earned, committee.short, committee.is_met) == (42, 14, False)
    assert committee.classes >= committee.requirement.min_classes == 1
    assert Obligation.objects.of(person.pk).count() == 5


def test_enough_hours_without_a_class_are_not_enough() -> None:
    person = secretary(under_the_defaults())
    earn(person, 60, ledger=COLLECTIVE)
    row = standing(person, "committee")
    assert (row.short, row.classes, row.is_met) == (0, 0, False)
    earn(person, 1, ledger=CONCENTRATED, kind=CLASS, on=date(2026, 4, 1))
    row = standing(person, "committee")
    assert (row.is_met, row.met_on) == (True, date(2026, 4, 1))


@pytest.mark.parametrize(
    ("elected", "is_covered"),
    [(date(2026, 2, 10), True), (date(2026, 3, 21), False), (date(2026, 3, 20), True)],
)
def test_worked_case_8_rotation_class_covers_the_term_after_election_only(
    elected: date, is_covered: bool
) -> None:
    tree = under_the_defaults()
    person = CadreFactory(unit=tree.village)
    PostFactory(person=person, unit=tree.village, from_on=elected)
    earn(person, 40, ledger=CONCENTRATED, kind=ROTATION, days=5, on=date(2026, 3, 20))
    row = standing(person, "rotation")
    assert row.is_met is is_covered
    assert row.due_on == date(2030, 11, 30)
    assert lines_of(row).exists() is is_covered


def test_lead_days_are_the_switch_that_lets_an_earlier_rotation_class_cover() -> None:
    tree = under_the_defaults()
    Requirement.objects.filter(slug="rotation").update(lead_days=60)
    person = CadreFactory(unit=tree.village)
    PostFactory(person=person, unit=tree.village, from_on=date(2026, 4, 10))
    earn(person, 40, ledger=CONCENTRATED, kind=ROTATION, on=date(2026, 3, 20))
    assert standing(person, "rotation").is_met


def test_rotation_class_between_two_posts_does_not_cover() -> None:
    tree = under_the_defaults()
    person = CadreFactory(unit=tree.village)
    PostFactory(person=person, unit=tree.village, from_on=date(2026, 1, 1), to_on=date(2026, 2, 28))
    PostFactory(person=person, unit=tree.village, role="DIRECTOR", from_on=date(2026, 4, 1))
    earn(person, 40, ledger=CONCENTRATED, kind=ROTATION, days=5, on=date(2026, 3, 20))
    row = standing(person, "rotation")
    assert (row.earned, row.starts_on) == (0, date(2026, 1, 1))
    assert not lines_of(row).exists()
    earn(person, 40, ledger=CONCENTRATED, kind=ROTATION, days=5, on=date(2026, 2, 28))
    assert standing(person, "rotation").is_met


def test_rotation_class_under_another_post_does_not_cover() -> None:
    tree = under_the_defaults()
    person = CadreFactory(unit=tree.village)
    PostFactory(person=person, unit=tree.village, role="GRID_WORKER", from_on=date(2026, 1, 1))
    PostFactory(person=person, unit=tree.village, from_on=date(2026, 1, 1), to_on=date(2026, 2, 28))
    PostFactory(person=person, unit=tree.village, from_on=date(2026, 4, 1))
    earn(person, 40, ledger=CONCENTRATED, kind=ROTATION, days=5, on=date(2026, 3, 20))
    assert not standing(person, "rotation").is_met


def test_ordinary_class_is_no_rotation() -> None:
    person = secretary(under_the_defaults())
    earn(person, 40, ledger=CONCENTRATED, kind=CLASS)
    assert standing(person, "rotation").earned == 0


def test_worked_case_11_exempt_is_not_short_and_is_shown_as_exempt() -> None:
    tree = under_the_defaults()
    person = secretary(tree, birth_year=1948)
    staff = StaffFactory(unit=tree.township).person
    exempt(person=person, reason="年事已高", from_on=TODAY, to_on=None, by=staff, at=AT)
    row = standing(person, "online")
    assert row.is_exempt
    assert status_of(row, TODAY) == Status.EXEMPT
    assert not Obligation.objects.of(person.pk).short().exists()


def test_exemption_that_ended_leaves_the_duty_again() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    staff = StaffFactory(unit=tree.township).person
    item = exempt(person=person, reason="住院", from_on=date(2026, 5, 1), to_on=None, by=staff, at=AT)
    end_exemption(exemption=item, to_on=date(2026, 5, 31), by=staff, at=AT)
    assert not standing(person, "online").is_exempt


def test_newly_elected_may_make_up_and_stay_overdue_until_they_do() -> None:
    tree = under_the_defaults()
    person = CadreFactory(unit=tree.village)
    PostFactory(person=person, unit=tree.village, from_on=date(2026, 2, 10), is_newly_elected=True)
    row = standing(person, "newly-elected")
    assert (row.due_on, status_of(row, TODAY)) == (date(2026, 5, 10), Status.OVERDUE)
    earn(person, 12, ledger=CONCENTRATED, kind=CLASS, days=2, on=date(2026, 4, 1))
    earn(person, 6, ledger=CONCENTRATED, kind=CLASS, days=1, on=date(2026, 5, 20))
    earn(person, 30, ledger=CONCENTRATED, kind=CLASS, days=5, on=date(2026, 5, 25))
    row = standing(person, "newly-elected")
    assert (row.earned, row.is_met, row.met_on) == (3, True, date(2026, 5, 20))
    assert lines_of(row).total().days == row.earned
    assert status_of(row, TODAY) == Status.MET


def test_person_who_leaves_is_released_and_comes_back_with_everything_earned() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    staff = StaffFactory(unit=tree.township).person
    earn(person, 20)
    refresh([person.pk], at=AT)
    end_post(post=person.posts.get(), to_on=date(2026, 5, 31), by=staff, at=AT)
    assert standing(person, "online").released_on == TODAY
    assert not Obligation.objects.of(person.pk).exists()
    assert not Obligation.objects.running(TODAY).exists()
    appoint(person=person, unit=tree.village, role="DIRECTOR", from_on=TODAY, by=staff, at=AT)
    row = standing(person, "online")
    assert (row.released_on, row.earned) == (None, 20)


def test_closed_year_is_not_altered_by_later_posts_requirements_or_exemptions() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    staff = StaffFactory(unit=tree.township).person
    refresh([person.pk], at=AT)
    before = Obligation.objects.filter(period_key="2026").values_list(
        "slug", "required", "released_on", "is_exempt"
    )
    before = sorted(before)
    Requirement.objects.filter(slug="online").update(valid_to=date(2026, 12, 31))
    Requirement.objects.filter(slug="concentrated").update(amount=9)
    Post.objects.update(to_on=date(2026, 2, 1))
    exempt(person=person, reason="病", from_on=date(2026, 1, 1), to_on=None, by=staff, at=NEXT_YEAR)
    refresh([person.pk], at=NEXT_YEAR)
    after = Obligation.objects.filter(period_key="2026").values_list(
        "slug", "required", "released_on", "is_exempt"
    )
    assert sorted(after) == before


def test_term_that_is_extended_after_its_end_is_open_again() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    standing(person, "rotation")
    Post.objects.update(from_on=date(2025, 1, 1))
    over, extended = datetime(2030, 12, 20, tzinfo=UTC), date(2031, 3, 31)
    assert status_of(standing(person, "rotation", at=over), over.date()) == Status.OVERDUE
    Term.objects.update(ends_on=extended)
    row = standing(person, "rotation", at=over)
    assert (row.due_on, status_of(row, over.date())) == (extended, Status.SHORT)
    Term.objects.update(ends_on=date(2030, 10, 31))
    row = standing(person, "rotation", at=over)
    assert (row.due_on, row.released_on) == (date(2030, 10, 31), None)


def test_corrected_election_date_keeps_the_one_obligation() -> None:
    tree = under_the_defaults()
    person = CadreFactory(unit=tree.village)
    PostFactory(person=person, unit=tree.village, from_on=date(2026, 5, 1), is_newly_elected=True)
    earn(person, 18, ledger=CONCENTRATED, kind=CLASS, days=3, on=date(2026, 5, 20))
    before = standing(person, "newly-elected")
    Post.objects.update(from_on=date(2026, 5, 10))
    after = standing(person, "newly-elected")
    assert (after.pk, after.starts_on, after.is_met) == (before.pk, date(2026, 5, 10), True)


def test_closed_year_still_follows_the_ledger() -> None:
    person = secretary(under_the_defaults())
    refresh([person.pk], at=AT)
    earn(person, 55, on=date(2026, 12, 31))
    refresh([person.pk], at=NEXT_YEAR)
    row = Obligation.objects.get(person=person, slug="online", period_key="2026")
    assert (row.earned, row.is_met, row.met_on) == (55, True, date(2026, 12, 31))
    new = Obligation.objects.get(person=person, slug="online", period_key="2027")
    assert (new.earned, new.starts_on) == (0, date(2027, 1, 1))


def test_year_begins_at_midnight_in_shanghai() -> None:
    person = secretary(under_the_defaults())
    refresh([person.pk], at=datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    assert not Obligation.objects.filter(period_key="2027").exists()
    refresh([person.pk], at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert Obligation.objects.filter(period_key="2027").exists()


def test_change_made_before_midnight_still_reaches_the_year_that_has_closed() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    staff = StaffFactory(unit=tree.township).person
    refresh([person.pk], at=AT)
    CadreChange.objects.all().delete()
    late = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    exempt(person=person, reason="病", from_on=date(2026, 12, 1), to_on=None, by=staff, at=late)
    refresh_changed(at=NEXT_YEAR)
    assert set(Obligation.objects.values_list("period_key", "is_exempt")) >= {("2026", True), ("2027", True)}


def test_new_version_reaches_open_periods_from_its_day() -> None:
    person = secretary(under_the_defaults())
    old = Requirement.objects.get(slug="online")
    Requirement.objects.filter(pk=old.pk).update(valid_to=date(2026, 6, 30))
    fields = {name: getattr(old, name) for name in ("slug", "name", "period", "measure", "ledgers", "unit")}
    Requirement.objects.create(**fields, amount=60, valid_from=date(2026, 7, 1))
    assert standing(person, "online", at=day(2026, 6, 30)).required == 50
    assert standing(person, "online", at=day(2026, 7, 1)).required == 60
    assert Obligation.objects.filter(person=person, slug="online").count() == 1


def test_correction_takes_back_what_was_met() -> None:
    tree = under_the_defaults()
    person = secretary(tree)
    staff = StaffFactory(unit=tree.township).person
    entry = earn(person, 50)
    assert standing(person, "online").is_met
    correct(entry=entry, worth=Worth(Decimal(30)), reason="登记有误", by=staff, at=AT)
    row = standing(person, "online")
    assert (row.earned, row.is_met, row.met_on) == (30, False, None)


@pytest.mark.parametrize(("has_carry_over", "earned"), [(True, 12), (False, 0)])
def test_excess_of_a_year_counts_next_year_where_the_rule_says_so(has_carry_over: bool, earned: int) -> None:
    HoursRule.objects.update(has_carry_over=has_carry_over)
    person = secretary(under_the_defaults())
    HoursRule.objects.update(has_carry_over=has_carry_over)
    earn(person, 62)
    refresh([person.pk], at=AT)
    refresh([person.pk], at=NEXT_YEAR)
    row = Obligation.objects.get(person=person, slug="online", period_key="2027")
    assert (row.earned, row.carried) == (earned, earned)
    refresh([person.pk], at=day(2028, 1, 5))
    assert Obligation.objects.get(person=person, slug="online", period_key="2028").earned == 0


def test_person_in_two_counties_owes_each_term() -> None:
    tree = under_the_defaults()
    other = UnitFactory(code="140729100201", name="外县村", level="VILLAGE")
    TermFactory(county=UnitFactory(code="140729000000"), starts_on=date(2026, 1, 1))
    person = secretary(tree)
    PostFactory(person=person, unit=other, from_on=date(2026, 1, 1))
    refresh([person.pk], at=AT)
    assert Obligation.objects.filter(slug="rotation").count() == 2


def test_refresh_twice_changes_nothing_more() -> None:
    person = secretary(under_the_defaults())
    earn(person, 51)
    assert refresh([person.pk], at=AT) == 4
    assert refresh([person.pk], at=day(2026, 6, 2)) == 0
    assert set(Obligation.objects.values_list("refreshed_at", flat=True)) == {AT}


def test_refresh_of_nobody_and_of_an_unknown_person_writes_nothing() -> None:
    assert refresh([], at=AT) == 0
    assert refresh([10**9], at=AT) == 0


def test_refresh_asks_the_same_number_of_queries_for_one_person_and_for_forty() -> None:
    tree = under_the_defaults()
    people = [secretary(tree, is_party_member=number % 2 == 0) for number in range(40)]
    for person in people:
        earn(person, 51)
    with CaptureQueriesContext(connection) as one:
        refresh([people[0].pk], at=AT)
    with CaptureQueriesContext(connection) as many:
        refresh([person.pk for person in people[1:]], at=AT)
    # SQLite binds at most 999 values to a statement, so it writes a batch in several.
    writes = [query for query in many if query["sql"].startswith("INSERT")]
    assert len(one) <= 12
    assert len(many) - len(writes) <= len(one) - 1


def test_marks_are_read_once_and_exactly_those_are_deleted() -> None:
    tree = under_the_defaults()
    first, second = secretary(tree), secretary(tree)
    earn(first, 5)
    earn(second, 5)
    assert refresh_changed(at=AT, limit=1) == 1
    assert list(CadreChange.objects.values_list("person_id", flat=True)) == [second.pk]
    assert set(Obligation.objects.values_list("person_id", flat=True)) == {first.pk}
    assert refresh_changed(at=AT) == 1
    assert refresh_changed(at=AT) == 0


def test_status_and_running_agree_about_what_is_over() -> None:
    person = secretary(under_the_defaults())
    refresh([person.pk], at=AT)
    row = Obligation.objects.get(person=person, slug="online")
    assert status_of(row, date(2025, 12, 31)) == Status.UPCOMING
    assert status_of(row, date(2026, 12, 31)) == Status.SHORT
    assert status_of(row, date(2027, 1, 1)) == Status.OVERDUE
    assert row in Obligation.objects.running(date(2026, 12, 31))
    assert row not in Obligation.objects.running(date(2027, 1, 1))
