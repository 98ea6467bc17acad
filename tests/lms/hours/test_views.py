"""Correcting a line, and setting the next version of a rule, at the desk."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Cadre, StaffRole
from lms.hours.actions import Worth
from lms.hours.models import EntryKind, HoursEntry, HoursRule, Ledger
from tests.factories import CadreFactory, RuleFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.hours.conftest import NINE, given

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(person: Cadre) -> HoursEntry:
    return given(person, "1")


@pytest.fixture
def desk(client: Client, tree: CountyTree) -> Client:
    client.force_login(StaffFactory(unit=tree.township).person)
    return client


def address(entry: HoursEntry) -> str:
    return reverse("hours:correct", args=[entry.pk])


def test_a_stranger_and_a_learner_do_not_get_in(client: Client, line: HoursEntry, person: Cadre) -> None:
    assert client.get(address(line)).status_code == 302
    client.force_login(person)
    assert client.get(address(line)).status_code == 403


@pytest.mark.parametrize("role", [StaffRole.TRAINER, StaffRole.AUDITOR, StaffRole.STATION])
def test_only_those_who_keep_the_roster_correct(
    client: Client, line: HoursEntry, tree: CountyTree, role: str
) -> None:
    client.force_login(StaffFactory(unit=tree.township, role=role).person)
    assert client.get(address(line)).status_code == 403


def test_a_line_of_another_township_does_not_exist(
    client: Client, line: HoursEntry, tree: CountyTree
) -> None:
    client.force_login(StaffFactory(unit=tree.other_township).person)
    assert client.get(address(line)).status_code == 404
    assert client.post(address(line), {"hours": "0", "reason": "错"}).status_code == 404
    assert HoursEntry.objects.count() == 1


def test_the_page_shows_line_and_totals(
    desk: Client, line: HoursEntry, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(12):
        page = desk.get(address(line)).content.decode()
    assert line.title in page
    assert line.person.name in page


def test_the_form_begins_with_the_figures_as_they_stand(desk: Client, person: Cadre) -> None:
    held = given(person, "30", kind=EntryKind.CLASS, ledger=Ledger.CONCENTRATED, source="class:1")
    assert desk.get(address(held)).context["form"]["hours"].value() == "30"


def test_a_correction_sent_twice_is_one_line(desk: Client, line: HoursEntry) -> None:
    for _ in range(2):
        answer = desk.post(address(line), {"hours": "0.5", "reason": "时长有误"})
        assert answer.status_code == 302
    assert HoursEntry.objects.about(line).total().hours == HoursEntry.objects.get(corrects=line).hours + 1
    assert "时长有误" in desk.get(address(line)).content.decode()


def test_a_correction_of_a_correction_does_not_exist(desk: Client, line: HoursEntry) -> None:
    desk.post(address(line), {"hours": "0.5", "reason": "时长有误"})
    assert desk.get(address(HoursEntry.objects.get(corrects=line))).status_code == 404


def test_nobody_raises_a_line_of_their_own(client: Client, tree: CountyTree) -> None:
    """Lowering it is an admission; raising it is for somebody else."""
    own = StaffFactory(unit=tree.township).person
    entry = given(own, "1")
    stands = entry.hours
    client.force_login(own)
    assert client.post(address(entry), {"hours": "0", "reason": "误"}).status_code == 302
    refused = client.post(address(entry), {"hours": str(stands), "is_evidenced": "on", "reason": "补"})
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors()
    assert HoursEntry.objects.about(entry).total().hours == 0
    client.force_login(StaffFactory(unit=tree.township).person)
    assert (
        client.post(address(entry), {"hours": str(stands), "is_evidenced": "on", "reason": "补"}).status_code
        == 302
    )
    assert HoursEntry.objects.about(entry).total().hours == stands


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"hours": "1", "reason": "不变"},
        {"hours": "0.5", "reason": ""},
        {"hours": "0.5", "reason": "  "},
        {"hours": "-1", "reason": "错"},
        {"hours": "1.25", "is_evidenced": "on", "reason": "错"},
        {"hours": "1e9", "is_evidenced": "on", "reason": "错"},
        {"hours": "0.125", "reason": "错"},
        {"hours": "NaN", "reason": "错"},
        {"hours": "", "reason": "错"},
        {"hours": "0.5", "reason": "错" * 301},
    ],
)
def test_what_makes_no_correction_is_refused(desk: Client, line: HoursEntry, fields: dict) -> None:
    assert desk.post(address(line), fields).status_code == 422
    assert HoursEntry.objects.count() == 1


def test_a_class_is_corrected_in_days_and_times_too(desk: Client, person: Cadre) -> None:
    held = given(person, kind=EntryKind.CLASS, worth=Worth(Decimal(30), Decimal(5), 1))
    desk.post(address(held), {"hours": "27", "days": "4.5", "times": "1", "reason": "补录半天缺勤"})
    total = HoursEntry.objects.about(held).total()
    assert (total.hours, total.days, total.times) == (27, 4.5, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": "1000", "days": "2.5"},
        {"hours": "30.01", "days": "2.5"},
        {"hours": "14", "days": "1"},
    ],
)
def test_a_class_line_stands_at_twelve_hours_a_day_at_most(
    desk: Client, person: Cadre, fields: dict[str, str]
) -> None:
    held = given(person, kind=EntryKind.CLASS, worth=Worth(Decimal(14), Decimal("2.5"), 1))
    sent = {**fields, "times": "1", "is_evidenced": "on", "reason": "补记"}
    answer = desk.post(address(held), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["hours"])
    assert desk.post(address(held), {**sent, "hours": "30", "days": "2.5"}).status_code == 302


def test_who_raises_a_line_says_that_the_evidence_was_seen(desk: Client, person: Cadre) -> None:
    held = given(person, kind=EntryKind.CLASS, worth=Worth(Decimal(12), Decimal(2), 1))
    raised = {"hours": "12", "days": "2.5", "times": "1", "reason": "核对签到表"}
    answer = desk.post(address(held), raised)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["is_evidenced"])
    assert HoursEntry.objects.count() == 1
    assert desk.post(address(held), {**raised, "is_evidenced": "on"}).status_code == 302
    assert desk.post(address(held), {**raised, "days": "2"}).status_code == 302


RULE = "/desk/ledger/rule/"
VERSION = {
    "version": "县2026-1",
    "valid_from": "2026-06-10",
    "quiz_hours": "0.5",
    "online_daily_cap": "8",
    "day_hours": "6",
    "half_day_hours": "3",
    "absence_divisor": "7",
    "study_speed": "1",
    "has_carry_over": "on",
}


@pytest.fixture
def county(client: Client, tree: CountyTree) -> object:
    client.force_login(StaffFactory(unit=tree.county, role=StaffRole.COUNTY).person)
    with time_machine.travel(NINE, tick=False):
        yield client


def test_a_rule_is_set_by_the_county_and_those_above_it_only(client: Client, tree: CountyTree) -> None:
    assert client.get(RULE).status_code == 302
    for role, status in [("TOWNSHIP", 403), ("AUDITOR", 403), ("COUNTY", 200), ("PROVINCE", 200)]:
        client.force_login(StaffFactory(unit=tree.county, role=role).person)
        assert client.get(RULE).status_code == status


def test_the_next_version_begins_with_the_figures_in_force(
    county: Client, tree: CountyTree, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(12):
        form = county.get(RULE).context["form"]
    assert (form["online_daily_cap"].value(), form["version"].value()) == (10, "")


def agreed(client: Client, values: dict[str, str]) -> HttpResponse:
    """Sent, looked at, and sent again with the number that the page has named."""
    seen = client.post(RULE, values)
    assert seen.status_code == 200
    return client.post(RULE, {**values, "people": str(seen.context["people"])})


def test_the_county_sets_a_version_and_keeps_the_online_table(county: Client, tree: CountyTree) -> None:
    assert agreed(county, VERSION).status_code == 302
    rule = HoursRule.objects.get(unit=tree.county)
    assert (rule.online_daily_cap, rule.has_carry_over, rule.valid_from) == (8, True, date(2026, 6, 10))
    assert rule.online_steps == HoursRule.objects.get(unit=tree.province).online_steps


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": "2026-06-09"}, "valid_from"),
        ({"valid_from": "2026-06-10", "version": "县2026-2"}, "valid_from"),
        ({"valid_from": "2026-07-01"}, "version"),
        ({"online_daily_cap": "0"}, "online_daily_cap"),
        ({"absence_divisor": "0"}, "absence_divisor"),
        ({"absence_divisor": "99999"}, "absence_divisor"),
        ({"version": ""}, "version"),
        ({"half_day_hours": "0"}, "half_day_hours"),
        ({"half_day_hours": "6.01"}, "half_day_hours"),
        ({"class_cap": "0"}, "class_cap"),
        ({"class_cap": "1e9"}, "class_cap"),
        ({"cap_CLAIM": "0"}, "cap_CLAIM"),
        ({"cap_CLAIM": "NaN"}, "cap_CLAIM"),
        ({"cap_VIEWING": "2000.01"}, "cap_VIEWING"),
    ],
)
def test_a_version_that_cannot_follow_is_refused(
    county: Client, tree: CountyTree, changes: dict[str, str], field: str
) -> None:
    agreed(county, VERSION)
    answer = county.post(RULE, {**VERSION, **changes})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert HoursRule.objects.filter(unit=tree.county).count() == 1


def test_a_version_is_set_by_who_was_told_how_many_people_it_touches(
    county: Client, person: Cadre, tree: CountyTree
) -> None:
    own = RuleFactory(unit=tree.other_township)
    CadreFactory(unit=tree.far_village)
    CadreFactory(unit=tree.village, is_active=False)
    expected = Cadre.objects.within(tree.county).filter(is_active=True).count() - 1
    for people in ({}, {"people": str(expected + 1)}, {"people": "x"}):
        seen = county.post(RULE, {**VERSION, **people})
        assert (seen.status_code, seen.context["people"]) == (200, expected)
        assert str(expected) in seen.content.decode()
    assert list(HoursRule.objects.exclude(unit=tree.province)) == [own]
    assert county.post(RULE, {**VERSION, "people": str(expected)}).status_code == 302
    assert HoursRule.objects.filter(unit=tree.county).count() == 1


def test_limits_are_set_said_and_taken_over_by_the_next_version(county: Client, tree: CountyTree) -> None:
    agreed(county, {**VERSION, "class_cap": "30", "cap_CLAIM": "8.50", "half_day_hours": "2.5"})
    rule = HoursRule.objects.get(unit=tree.county)
    assert (rule.class_cap, rule.yearly_caps, rule.half_day_hours) == (30, {"CLAIM": "8.5"}, Decimal("2.5"))
    form = county.get(RULE).context["form"]
    assert (form["class_cap"].value(), form["cap_CLAIM"].value(), form["cap_QUIZ"].value()) == (
        30, "8.5", None,
    )  # fmt: skip
    page = county.get(reverse("obligations:rules")).content.decode()
    assert "30" in page
    assert str(EntryKind.CLAIM.label) in page


@pytest.mark.parametrize(
    ("caps", "kind", "ledger", "why"),
    [
        ({"class_cap": Decimal(20)}, EntryKind.CLASS, Ledger.CONCENTRATED, "one class"),
        ({"yearly_caps": {"VIEWING": "20"}}, EntryKind.VIEWING, Ledger.COLLECTIVE, "for the year"),
        ({"online_daily_cap": Decimal("0.5")}, EntryKind.QUIZ, Ledger.ONLINE, "for that day"),
    ],
)
def test_a_correction_over_a_limit_is_refused_in_its_words(
    desk: Client, person: Cadre, caps: dict, kind: EntryKind, ledger: Ledger, why: str
) -> None:
    HoursRule.objects.update(quiz_hours=Decimal(1), **caps)
    worth = Worth(Decimal(30), Decimal(5), 1) if kind == EntryKind.CLASS else Worth(Decimal(30))
    held = given(person, kind=kind, ledger=ledger, worth=worth)
    assert held.withheld > 0
    sent = {"hours": str(held.hours + Decimal("0.5")), "days": "5", "times": "1", "is_evidenced": "on"}
    answer = desk.post(address(held), {**sent, "reason": "补记"}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert why in answer.context["form"].errors["hours"][0]
    assert HoursEntry.objects.count() == 1


def test_where_no_rule_holds_there_is_none_to_follow(county: Client, tree: CountyTree) -> None:
    HoursRule.objects.all().delete()
    assert county.get(RULE)["Location"] == reverse("obligations:rules")
