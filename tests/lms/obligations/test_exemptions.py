"""Exemptions: until when, who teaches at home, and what happens by itself when they end."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.actions import transfer
from accounts.models import AuditLine, Cadre, StaffRole
from lms.jobs import runner
from lms.jobs.models import Job
from lms.obligations.actions import CannotHelp, exempt, refresh, refresh_changed, set_helper
from lms.obligations.models import Exemption, Obligation
from lms.obligations.tasks import open_day
from tests.factories import CadreFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, TODAY, secretary, under_the_defaults

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST = date(2026, 6, 20)


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


@pytest.fixture
def staff(tree: CountyTree) -> Cadre:
    person: Cadre = StaffFactory(unit=tree.township).person
    return person


@pytest.fixture
def old(tree: CountyTree) -> Cadre:
    return secretary(tree, name="武保田", birth_year=1948)


@pytest.fixture
def helper(tree: CountyTree) -> Cadre:
    person: Cadre = CadreFactory(unit=tree.other_village, name="霍志敏", phone="13800001234")
    return person


def excused(person: Cadre, by: Cadre, to_on: date | None = LAST, **fields: Any) -> Exemption:
    values = {"reason": "年事已高", "from_on": TODAY, "to_on": to_on, "by": by, "at": AT}
    return exempt(person=person, **{**values, **fields})


def test_expired_exemption_falls_back_to_short_by_itself_on_the_next_day(
    tree: CountyTree, staff: Cadre, old: Cadre
) -> None:
    excused(old, staff)
    refresh_changed(at=AT)
    for day, is_exempt in ((LAST, True), (LAST + timedelta(days=1), False)):
        midnight = datetime(day.year, day.month, day.day, 0, 1, tzinfo=SHANGHAI)
        with time_machine.travel(midnight, tick=False):
            open_day(timezone.now())
            for job in Job.objects.filter(key__contains=f"day-{day}"):
                assert runner.run(job.pk, now=timezone.now)
        rows = Obligation.objects.of(old.pk)
        assert set(rows.values_list("is_exempt", flat=True)) == {is_exempt}
        assert rows.short().exists() is not is_exempt


def test_helper_is_kept_on_the_exemption_and_changed_with_a_trace(
    tree: CountyTree, staff: Cadre, old: Cadre, helper: Cadre
) -> None:
    item = excused(old, staff, helper=helper)
    assert excused(old, staff, helper=helper) == item
    other = CadreFactory(unit=tree.village)
    for _ in range(2):
        set_helper(exemption=item, helper=other, by=staff, at=AT)
    set_helper(exemption=item, helper=None, by=staff, at=AT)
    lines = AuditLine.objects.filter(action="obligations.helper").order_by("pk")
    assert [(line.detail["before"], line.detail["after"]) for line in lines] == [
        (helper.pk, other.pk),
        (other.pk, None),
    ]
    assert Exemption.objects.get().helper is None


def test_only_another_person_of_the_township_with_an_open_account_helps(
    tree: CountyTree, staff: Cadre, old: Cadre, helper: Cadre
) -> None:
    item = excused(old, staff)
    closed = CadreFactory(unit=tree.village, is_active=False)
    for other in (old, CadreFactory(unit=tree.far_village), CadreFactory(unit=tree.county), closed):
        with pytest.raises(CannotHelp):
            set_helper(exemption=item, helper=other, by=staff, at=AT)
        with pytest.raises(CannotHelp):
            excused(old, staff, None, from_on=date(2026, 8, 1), helper=other)
    assert Exemption.objects.count() == 1
    transfer(person=helper, unit=tree.far_village, on=TODAY, by=None, at=AT)
    with pytest.raises(CannotHelp):
        set_helper(exemption=item, helper=helper, by=staff, at=AT)
    with pytest.raises(IntegrityError, match="exemption_helper_is_another"), transaction.atomic():
        Exemption.objects.update(helper=old)


@pytest.fixture
def desk(client: Client, staff: Cadre) -> object:
    client.force_login(staff)
    with time_machine.travel(AT, tick=False):
        yield client


FORM = {"reason": "年事已高", "from_on": TODAY.isoformat(), "to_on": LAST.isoformat()}


@pytest.mark.parametrize("written", ["霍志敏", " 霍志敏 ", "138 0000 1234", "+86 13800001234", "NUMBER"])
def test_helper_is_named_as_people_name_each_other(
    desk: Client, old: Cadre, helper: Cadre, written: str
) -> None:
    written = written.replace("NUMBER", helper.number)
    url = reverse("obligations:exempt", args=[old.pk])
    assert desk.post(url, {**FORM, "helper": written}).status_code == 302
    assert Exemption.objects.get().helper == helper


@pytest.mark.parametrize("written", ["无此人", "13900000000", "0", "()", "x" * 61, "武保田", "远村人"])
def test_helper_who_cannot_be_meant_is_refused_and_nothing_is_written(
    desk: Client, tree: CountyTree, old: Cadre, helper: Cadre, written: str
) -> None:
    CadreFactory(unit=tree.far_village, name="远村人")
    CadreFactory(unit=tree.village, phone=None)
    answer = desk.post(reverse("obligations:exempt", args=[old.pk]), {**FORM, "helper": written})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["helper"])
    assert not Exemption.objects.exists()


def test_of_two_people_of_one_name_the_account_number_is_asked_for(
    desk: Client, tree: CountyTree, old: Cadre, helper: Cadre
) -> None:
    other = CadreFactory(unit=tree.village, name="霍志敏")
    url = reverse("obligations:exempt", args=[old.pk])
    (words,) = desk.post(url, {**FORM, "helper": "霍志敏"}).context["form"].errors["helper"]
    assert helper.number in words
    assert other.number in words


def test_helper_of_a_running_exemption_is_changed_or_cleared(
    desk: Client, tree: CountyTree, staff: Cadre, old: Cadre, helper: Cadre
) -> None:
    url = reverse("obligations:set_helper", args=[excused(old, staff).pk])
    page = desk.get(reverse("obligations:exempt", args=[old.pk])).content.decode()
    assert f'action="{url}"' in page
    assert desk.post(url, {"helper": helper.number}).status_code == 302
    assert Exemption.objects.get().helper == helper
    refused = desk.post(url, {"helper": "无此人"})
    assert refused.status_code == 422
    assert 'data-is="stop"' in refused.content.decode()
    assert Exemption.objects.get().helper == helper
    assert desk.post(url, {"helper": ""}).status_code == 302
    assert Exemption.objects.get().helper is None
    assert desk.get(url).status_code == 405
    desk.force_login(StaffFactory(unit=tree.other_township).person)
    assert desk.post(url, {"helper": ""}).status_code == 404
    desk.force_login(StaffFactory(unit=tree.township, role=StaffRole.AUDITOR).person)
    assert desk.post(url, {"helper": ""}).status_code == 403


def test_person_and_desk_see_the_helper_with_phone_while_the_exemption_runs(
    desk: Client, staff: Cadre, old: Cadre, helper: Cadre
) -> None:
    excused(old, staff, helper=helper)
    page = reverse("desk:person", args=[old.pk])
    assert "tel:13800001234" in desk.get(page).content.decode()
    desk.force_login(old)
    assert "tel:13800001234" in desk.get(reverse("me")).content.decode()
    with time_machine.travel(datetime(2026, 6, 21, 4, tzinfo=UTC), tick=False):
        desk.force_login(old)
        assert "霍志敏" not in desk.get(reverse("me")).content.decode()
        desk.force_login(staff)
        after = desk.get(page).content.decode()
        assert "tel:13800001234" not in after
        assert "霍志敏" in after  # the record stays


def test_list_shows_ones_own_people_and_those_that_end_soon_first(
    desk: Client,
    tree: CountyTree,
    staff: Cadre,
    old: Cadre,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    far = secretary(tree)
    Cadre.objects.filter(pk=far.pk).update(unit=tree.far_village)
    later, open_end, over = secretary(tree), secretary(tree), secretary(tree)
    excused(far, staff)
    excused(open_end, staff, None)
    excused(later, staff, TODAY + timedelta(days=31))
    excused(old, staff, TODAY + timedelta(days=30))
    excused(over, staff, TODAY - timedelta(days=1), from_on=date(2026, 5, 1))
    url = reverse("obligations:exemptions")

    def listed(**query: str) -> list[Cadre]:
        with django_assert_max_num_queries(12):
            return [item.person for item in desk.get(url, query).context["page"]]

    assert listed() == [old, later, open_end]
    assert listed(ending="1") == [old]
    assert listed(unit=tree.other_village.code) == []
    for unit in (tree.far_village.code, "x", "9" * 40):
        assert listed(unit=unit) == [old, later, open_end]
    home = desk.get(reverse("desk:home"))
    assert home.context["ending"] == 1
    assert f"{url}?ending=1" in home.content.decode()


def test_list_is_closed_to_strangers_and_learners(client: Client, tree: CountyTree, old: Cadre) -> None:
    url = reverse("obligations:exemptions")
    assert client.get(url).status_code == 302
    client.force_login(old)
    assert client.get(url).status_code == 403
    client.force_login(StaffFactory(unit=tree.township, role=StaffRole.AUDITOR).person)
    assert client.get(url).status_code == 200


def test_rebuild_finds_no_difference_after_an_exemption_ran_out(
    tree: CountyTree, old: Cadre, staff: Cadre
) -> None:
    excused(old, staff)
    refresh([old.pk], at=AT)
    after = datetime(2026, 6, 21, 4, tzinfo=UTC)
    refresh([old.pk], at=after)
    with time_machine.travel(after, tick=False):
        call_command("rebuild_standings", "--check", stdout=StringIO(), stderr=StringIO())
