"""The form that records a class: look first, write once, and only one's own people."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Post, Role, StaffRole
from lms.hours.models import HoursEntry
from lms.training.classes.models import TrainingClass
from tests.factories import CadreFactory, PostFactory, RuleFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree
from tests.lms.training.classes.test_actions import NOW
from tests.parameters import parameters_sent

NEW = "/desk/classes/record/"


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def places(db: None) -> CountyTree:
    tree = county_tree()
    RuleFactory(unit=tree.province)
    return tree


@pytest.fixture
def desk(client: Client, places: CountyTree) -> Client:
    client.force_login(StaffFactory(unit=places.township).person)
    return client


def filled(places: CountyTree, **values: object) -> dict[str, object]:
    return {
        "key": str(uuid4()),
        "title": "春季两委班",
        "organiser": "县委党校",
        "unit": places.township.pk,
        "kind": "ORDINARY",
        "ledger": "CONCENTRATED",
        "starts_on": "2026-03-16",
        "ends_on": "2026-03-20",
        "days": "5",
        "hours": "30",
        **values,
    }


def confirmed(desk: Client, data: dict[str, object]) -> dict[str, object]:
    """The same form with the yes that its preview offers."""
    response = desk.post(NEW, data)
    assert response.context["worths"], response.context["form"].errors
    return {**data, "confirm": response.context["seen"]}


def test_form_shows_who_gets_what_before_anything_is_written(desk: Client, places: CountyTree) -> None:
    CadreFactory(name="李秀兰", unit=places.village)
    response = desk.post(NEW, filled(places, people="李秀兰 1"))
    person, missed, worth = response.context["worths"][0]
    assert (person.name, missed, worth.hours) == ("李秀兰", 1, 27)
    assert not TrainingClass.objects.exists()


def test_preview_shows_what_is_to_be_confirmed(desk: Client, places: CountyTree) -> None:
    CadreFactory(name="李秀兰", unit=places.village)
    page = desk.post(NEW, filled(places, people="李秀兰")).content.decode()
    before_the_yes = page.split('name="confirm"')[0]
    for fact in ("县委党校", "2026年3月16日", "2026年3月20日", "5 天，30 学时", "集中培训", "普通班"):
        assert fact in before_the_yes


def test_only_county_and_above_record_a_rotation_class(desk: Client, places: CountyTree) -> None:
    CadreFactory(name="李秀兰", unit=places.village)
    rotation = filled(places, people="李秀兰", kind="ROTATION")
    assert 'name="kind" value="ORDINARY"' in desk.get(NEW).content.decode()
    refused = desk.post(NEW, rotation)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
    assert refused.context["form"].errors["__all__"][0] in refused.content.decode()
    desk.force_login(StaffFactory(unit=places.county, role=StaffRole.COUNTY).person)
    assert '<select name="kind"' in desk.get(NEW).content.decode()
    data = confirmed(desk, {**rotation, "unit": places.county.pk})
    assert desk.post(NEW, data).status_code == 302
    assert TrainingClass.objects.get().kind == "ROTATION"


def test_yes_writes_the_class_and_a_second_click_writes_nothing(desk: Client, places: CountyTree) -> None:
    listed = CadreFactory(name="李秀兰", unit=places.village)
    ticked = PostFactory(person__unit=places.other_village).person
    data = confirmed(desk, filled(places, people=f"{listed.phone} 1", person=[ticked.pk]))
    assert desk.post(NEW, data).status_code == 302
    desk.post(NEW, data)
    held = TrainingClass.objects.get()
    assert {seat.person: seat.absent_half_days for seat in held.places.all()} == {listed: 1, ticked: 0}
    assert HoursEntry.objects.count() == 2
    assert "27" in desk.get(f"/desk/classes/{held.pk}/").content.decode()
    assert held in desk.get("/desk/classes/").context["page"].object_list


def test_who_is_written_down_is_not_ticked_as_well(desk: Client, places: CountyTree) -> None:
    listed = PostFactory(person__unit=places.village).person
    ticked = PostFactory(person__unit=places.village).person
    response = desk.post(NEW, filled(places, people=listed.phone, person=[ticked.pk]))
    assert response.context["ticked"] == {ticked.pk: 0}
    assert len(response.context["worths"]) == 2


def test_yes_to_something_else_than_was_seen_is_another_preview(desk: Client, places: CountyTree) -> None:
    CadreFactory(name="李秀兰", unit=places.village)
    data = confirmed(desk, filled(places, people="李秀兰"))
    response = desk.post(NEW, {**data, "hours": "24"})
    assert response.status_code == 200
    assert response.context["worths"][0][2].hours == 24
    assert not TrainingClass.objects.exists()


@pytest.mark.parametrize("line", ["没有这个人", "李秀兰 x", "李秀兰 -1", "李秀兰 999", "李秀兰 ²", "双胞胎"])
def test_unclear_line_is_named_and_nothing_is_written(desk: Client, places: CountyTree, line: str) -> None:
    CadreFactory(name="李秀兰", unit=places.village)
    CadreFactory.create_batch(2, name="双胞胎", unit=places.village)
    response = desk.post(NEW, filled(places, people=line, confirm="1"))
    assert response.status_code == 422
    assert line.split()[0] in response.content.decode()
    assert not TrainingClass.objects.exists()


def test_who_is_in_post_today_can_be_ticked(desk: Client, places: CountyTree) -> None:
    here, leaves = PostFactory.create_batch(2, person__unit=places.village)
    left, comes = PostFactory.create_batch(2, person__unit=places.village)
    today = NOW.date()
    for post, days in ((leaves, {"to_on": today}), (left, {"to_on": today - timedelta(days=1)})):
        Post.objects.filter(pk=post.pk).update(**days)
    Post.objects.filter(pk=comes.pk).update(from_on=today + timedelta(days=1))
    PostFactory(person=here.person, unit=places.village, role=Role.DIRECTOR)
    CadreFactory(name="没有职务", unit=places.village)
    assert list(desk.get(NEW).context["choosable"]) == [here.person, leaves.person]


def test_empty_form_is_not_accepted(desk: Client) -> None:
    assert desk.post(NEW, {}).status_code == 422


def test_absence_beside_a_tick_is_a_small_number(desk: Client, places: CountyTree) -> None:
    person = PostFactory(person__unit=places.village).person
    data = filled(places, person=[person.pk], **{f"missed-{person.pk}": "9" * 5000})
    assert desk.post(NEW, data).status_code == 422


def test_words_never_reach_the_database_with_a_nul(desk: Client, places: CountyTree) -> None:
    """PostgreSQL would refuse the query."""
    with parameters_sent() as sent:
        desk.post(NEW, filled(places, people="李\0秀兰"))
    assert "李" in sent
    assert not any("\0" in str(value) for value in sent)


def test_person_of_another_township_cannot_be_entered(desk: Client, places: CountyTree) -> None:
    far = CadreFactory(unit=places.far_village)
    response = desk.post(NEW, filled(places, people=far.phone, person=[far.pk], confirm="1"))
    assert response.status_code == 422
    assert far.name not in [person.name for person, *_rest in response.context["worths"]]
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"ends_on": "2026-03-01"},
        {"ends_on": "2026-06-16"},
        {"starts_on": "gestern"},
        {"days": "-1"},
        {"hours": "1e9"},
        {"hours": "0", "days": "0"},
        {"hours": "0"},
        {"hours": "", "days": ""},
        {"starts_on": "2023-03-16", "days": "999.9", "hours": "9000"},
        {"starts_on": "2025-03-19", "days": "5", "hours": "30"},
        {"days": "1000"},
        {"kind": "ROTATION", "ledger": "ONLINE"},
        {"ledger": "GOLD"},
        {"unit": "999999"},
        {"key": "x"},
        {"people": ""},
        {"people": "李秀兰 11"},
        {"hours": "60.5"},
        {"hours": "100"},
        {"days": "6", "hours": "36"},
        {"person": ["-1", "x", "99999999"], "people": ""},
        {"person": ["9" * 20, "9" * 5000, "٣", "1\0"], "people": ""},
        {"people": "李秀兰 " + "9" * 5000},
        {"people": "李秀兰\0"},
    ],
)
def test_wrong_value_is_refused_and_nothing_is_written(
    desk: Client, places: CountyTree, wrong: dict[str, object]
) -> None:
    CadreFactory(name="李秀兰", unit=places.village)
    response = desk.post(NEW, filled(places, **{"people": "李秀兰", "confirm": "1", **wrong}))
    assert response.status_code == 422
    assert not TrainingClass.objects.exists()
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize("role", [StaffRole.TRAINER, StaffRole.AUDITOR, StaffRole.STATION])
def test_only_those_who_keep_the_roster_may_record(client: Client, places: CountyTree, role: str) -> None:
    client.force_login(StaffFactory(unit=places.township, role=role).person)
    assert client.get(NEW).status_code == 403


def test_class_of_another_township_does_not_exist(desk: Client, places: CountyTree) -> None:
    CadreFactory(name="李秀兰", unit=places.village)
    desk.post(NEW, confirmed(desk, filled(places, people="李秀兰")))
    held = TrainingClass.objects.get()
    desk.force_login(StaffFactory(unit=places.other_township).person)
    assert desk.get(f"/desk/classes/{held.pk}/").status_code == 404
    assert held not in desk.get("/desk/classes/").context["page"].object_list


def test_pages_cost_the_same_number_of_queries_whatever_the_size(
    desk: Client, places: CountyTree, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [PostFactory(person__unit=places.village).person for _ in range(20)]
    desk.post(NEW, confirmed(desk, filled(places, person=[person.pk for person in people])))
    held = TrainingClass.objects.get()
    for address in (NEW, "/desk/classes/", f"/desk/classes/{held.pk}/"):
        with django_assert_max_num_queries(16):
            assert desk.get(address).status_code == 200


def test_a_class_shows_corrected_figures_and_only_people_who_are_still_here(
    desk: Client, places: CountyTree
) -> None:
    stays = CadreFactory(name="李秀兰", unit=places.village)
    moves = CadreFactory(name="赵平", unit=places.village)
    desk.post(NEW, confirmed(desk, filled(places, people="李秀兰\n赵平")))
    held = TrainingClass.objects.get()
    line = HoursEntry.objects.get(person=stays)
    desk.post(f"/desk/ledger/{line.pk}/", {"hours": "24", "days": "4", "times": "1", "reason": "补记请假"})
    moves.unit = places.far_village
    moves.save(update_fields=["unit"])
    response = desk.get(f"/desk/classes/{held.pk}/")
    ((seat, _entry, total),) = response.context["rows"]
    assert (seat.person, total.hours, total.days) == (stays, 24, 4)
    assert response.context["elsewhere"] == 1
    assert "赵平" not in response.content.decode()
