"""The pages of calling: one road, each step offering the next; only for those whom it concerns."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import StaffRole
from lms.training.classes.actions.calling import announce, edit_class
from lms.training.classes.actions.leave import ask_leave
from lms.training.classes.models import (
    ClassState,
    Leave,
    LeaveStatus,
    Material,
    Notice,
    Place,
    PlaceStatus,
    TrainingClass,
)
from lms.training.classes.road import Step
from tests.factories import StaffFactory, film
from tests.lms.training.classes.calling import FIRST, LAST, NOW, PDF, County, facts
from tests.parameters import parameters_sent

LIST, NEW = "/desk/classes/", "/desk/classes/new/"


@pytest.fixture(autouse=True)
def _clock(settings: object, tmp_path: object) -> object:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: Client, county: County) -> Client:
    client.force_login(county.staff)
    return client


@pytest.fixture
def township(county: County) -> Client:
    client = Client()
    client.force_login(county.township)
    return client


def filled(county: County, **values: object) -> dict[str, object]:
    return {
        "title": "夏季两委班",
        "organiser": "县委党校",
        "unit": county.tree.county.pk,
        "kind": "ORDINARY",
        "ledger": "CONCENTRATED",
        "starts_on": str(FIRST),
        "ends_on": str(LAST),
        "venue": "县委党校礼堂",
        **values,
    }


def at(held: TrainingClass, page: str = "") -> str:
    return f"/desk/classes/{held.pk}/{page}"


def test_the_road_from_a_new_class_to_its_names(desk: Client, township: Client, county: County) -> None:
    answer = desk.post(NEW, filled(county, roles=["SECRETARY", "DIRECTOR"]))
    held = TrainingClass.objects.get()
    assert answer.url == at(held, "timetable/")
    assert desk.get(at(held)).context["step"] == Step.TIMETABLE
    fill = {"fill": "1", "fill-first": str(FIRST), "fill-days": "5", "fill-topic": "乡村治理"}
    assert desk.post(at(held, "timetable/"), fill).status_code == 302
    held.refresh_from_db()
    assert (held.days, held.hours, held.half_days.count()) == (5, 30, 10)
    assert desk.get(at(held)).context["step"] == Step.PLACES
    assert township.get(at(held)).status_code == 404
    places = {f"unit-{county.tree.township.pk}": "2", f"unit-{county.tree.other_township.pk}": ""}
    assert desk.post(at(held, "quotas/"), places).status_code == 302
    assert desk.get(at(held)).context["step"] == Step.ANNOUNCE
    assert desk.post(at(held, "announce/")).status_code == 302
    assert desk.get(at(held)).context["step"] == Step.NAMES
    assert held in township.get(LIST).context["page"].object_list
    assert township.get(at(held)).context["may_propose"]
    page = township.get(at(held, "names/"))
    assert list(page.context["page"].object_list) == county.people
    chosen = {"person": [county.people[0].pk], "people": county.people[1].phone, "seen": page.context["seen"]}
    assert township.post(at(held, "names/"), chosen).status_code == 302
    assert desk.get(at(held)).context["step"] == Step.REVIEW
    assert desk.post(at(held, "decide/"), {"all": "1"}).status_code == 302
    assert Place.objects.accepted().count() == 2
    assert desk.get(at(held)).context["standing"].accepted == 2


def test_a_class_of_others_is_not_changed_and_a_far_one_not_seen(
    desk: Client, township: Client, county: County
) -> None:
    held = county.announced({county.tree.township: 1})
    half_day = held.half_days.first()
    pages = [
        at(held, page) for page in ("edit/", "timetable/", "quotas/", "review/", "material/", "notices/")
    ]
    for page in [*pages, f"/desk/classes/half-days/{half_day.pk}/"]:
        assert desk.get(page).status_code == 200, page
        assert township.get(page).status_code == 404, page
    for page in ("announce/", "cancel/", "decide/", "lesson/"):
        assert township.post(at(held, page)).status_code == 404
        assert desk.get(at(held, page)).status_code == 405
    assert township.post(f"/desk/classes/half-days/{half_day.pk}/drop/").status_code == 404
    far = Client()
    far.force_login(county.other_township)
    for page in ("", "names/", "leaves/"):
        assert far.get(at(held, page)).status_code == 404
    assert held not in far.get(LIST).context["page"].object_list


@pytest.mark.parametrize("role", [StaffRole.TRAINER, StaffRole.AUDITOR, StaffRole.STATION])
def test_only_who_keeps_the_roster_calls_a_class(client: Client, county: County, role: str) -> None:
    client.force_login(StaffFactory(unit=county.tree.county, role=role).person)
    held = county.announced()
    for page in ("new/", f"{held.pk}/edit/", f"{held.pk}/names/", f"{held.pk}/leaves/"):
        assert client.get(f"/desk/classes/{page}").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"ends_on": "2026-06-01"},
        {"ends_on": "2027-06-16"},
        {"starts_on": "gestern"},
        {"kind": "ROTATION", "ledger": "ONLINE"},
        {"unit": "999999"},
        {"names_due_on": "2026-06-20"},
        {"hours": "0"},
        {"hours": "61"},
        {"hours": "1e9"},
        {"roles": ["KING"]},
        {"title": "x\0"},
        {"starts_on": "1999-01-01", "ends_on": "1999-01-02"},
    ],
)
def test_a_wrong_class_is_refused_in_words(desk: Client, county: County, wrong: dict[str, object]) -> None:
    answer = desk.post(NEW, filled(county, **wrong))
    assert (answer.status_code, TrainingClass.objects.count()) == (422, 0)
    assert answer.context["form"].errors


def test_an_open_class_is_changed_and_a_closed_one_not(desk: Client, county: County) -> None:
    held = county.announced()
    assert desk.get(at(held, "edit/")).context["form"]["title"].value() == held.title
    assert desk.post(at(held, "edit/"), filled(county, title="改名班")).status_code == 302
    held.refresh_from_db()
    assert held.title == "改名班"
    assert desk.post(at(held, "edit/"), filled(county, starts_on=str(LAST))).status_code == 422
    assert desk.post(at(held, "cancel/"), {"reason": "防\0汛"}).status_code == 302
    assert desk.post(at(held, "edit/"), filled(county, title="又改")).status_code == 422
    held.refresh_from_db()
    assert (held.title, held.state, held.cancelled_why) == ("改名班", ClassState.CANCELLED, "防 汛")


def test_rotation_is_offered_to_rulers_only(desk: Client, township: Client, county: County) -> None:
    assert '<select name="kind"' in desk.get(NEW).text
    assert '<select name="kind"' not in township.get(NEW).text
    told = filled(county, unit=county.tree.township.pk, kind="ROTATION")
    assert township.post(NEW, told).status_code == 422


def test_lines_of_a_timetable_are_added_changed_and_taken_away(desk: Client, county: County) -> None:
    held = county.begin()
    line = {"on": str(FIRST), "part": "EVENING", "starts": "19:00", "ends": "21:00", "topic": "座谈"}
    assert desk.post(at(held, "timetable/"), line).status_code == 302
    half_day = held.half_days.get()
    for wrong in (
        {"on": "2026-08-01"},
        {"ends": "18:00"},
        {"part": "NOON"},
        {"starts": "25:00"},
        {"topic": ""},
    ):
        answer = desk.post(at(held, "timetable/"), {**line, "part": "MORNING", **wrong})
        assert answer.status_code == 422
        assert answer.context["line"].errors
    one = f"/desk/classes/half-days/{half_day.pk}/"
    assert desk.get(one).context["form"]["starts"].value().hour == 19
    assert desk.post(one, {**line, "topic": "夜谈"}).status_code == 302
    half_day.refresh_from_db()
    assert half_day.topic == "夜谈"
    assert desk.post(one, {**line, "ends": "18:00"}).status_code == 422
    assert desk.post(f"{one}drop/").status_code == 302
    assert not held.half_days.exists()


@pytest.mark.parametrize("days", ["0", "61", "x", "-1", "9" * 40])
def test_a_wrong_number_of_days_fills_nothing(desk: Client, county: County, days: str) -> None:
    held = county.begin()
    fill = {"fill": "1", "fill-first": str(FIRST), "fill-days": days, "fill-topic": "课"}
    assert desk.post(at(held, "timetable/"), fill).status_code == 422
    outside = {**fill, "fill-days": "9"}
    assert desk.post(at(held, "timetable/"), outside).status_code == 422
    assert not held.half_days.exists()


def test_a_quota_below_its_names_is_refused_in_words(desk: Client, county: County) -> None:
    held = county.announced()
    county.proposed(held, *county.people[:2])
    field = f"unit-{county.tree.township.pk}"
    for number in ("1", "-1", "501", "x"):
        answer = desk.post(at(held, "quotas/"), {field: number})
        assert answer.status_code == 422
        assert answer.context["form"].errors


def test_doubts_are_said_before_anybody_is_proposed(township: Client, county: County) -> None:
    held = county.announced()
    left = county.person(county.tree.village)
    left.posts.update(to_on=NOW.date())
    page = township.post(at(held, "names/"), {"people": left.phone})
    assert (page.status_code, Place.objects.count()) == (200, 0)
    assert left.name in page.context["answer"].doubts[0]
    yes = {"person": [left.pk], "confirm": page.context["answer"].seen}
    assert f'name="person" value="{left.pk}"' in page.text
    assert township.post(at(held, "names/"), {**yes, "confirm": "x"}).status_code == 200
    assert township.post(at(held, "names/"), yes).status_code == 302
    assert Place.objects.get().person == left


def test_what_is_refused_is_said_and_what_was_chosen_stays(township: Client, county: County) -> None:
    held = county.announced({county.tree.township: 1})
    chosen = {"person": [person.pk for person in county.people[:2]]}
    page = township.post(at(held, "names/"), chosen)
    assert (page.status_code, Place.objects.count()) == (422, 0)
    assert page.context["ticked"] == {person.pk for person in county.people[:2]}
    for nothing in ({}, {"people": "没有这人"}, {"person": ["x", "9" * 30]}, {"people": "\0"}):
        assert township.post(at(held, "names/"), nothing).status_code == 422
    # Somebody of another township is nobody here.
    assert township.post(at(held, "names/"), {"person": [county.far[0].pk]}).status_code == 422


def test_a_change_meanwhile_is_shown_with_what_it_was(township: Client, county: County) -> None:
    held = county.announced()
    seen = township.get(at(held, "names/")).context["seen"]
    edit_class(training_class=held, facts=facts(county.tree.county, venue="镇政府"), by=county.staff, at=NOW)
    chosen = {"person": [county.people[0].pk], "seen": seen}
    page = township.post(at(held, "names/"), chosen)
    assert page.status_code == 422
    assert "<s>县委党校礼堂</s> 镇政府" in page.text
    assert township.post(at(held, "names/"), {**chosen, "seen": page.context["seen"]}).status_code == 302


def test_search_finds_part_of_a_name_and_the_beginning_of_a_phone(township: Client, county: County) -> None:
    held = county.announced()
    one = county.people[0]
    for q in (one.name, one.phone[:11], one.number):
        assert one in township.get(at(held, "names/"), {"q": q}).context["page"].object_list
    assert not township.get(at(held, "names/"), {"q": "没有"}).context["page"].object_list


def test_names_are_withdrawn_rejected_with_a_reason_and_proposed_again(
    desk: Client, township: Client, county: County
) -> None:
    held = county.announced()
    (place,) = county.proposed(held, county.people[0])
    desk.post(at(held, "decide/"), {"reject": place.pk, "reason": ""})
    place.refresh_from_db()
    assert place.status == PlaceStatus.PROPOSED
    desk.post(at(held, "decide/"), {"reject": place.pk, "reason": "人选\0不符"})
    assert "人选 不符" in township.get(at(held, "names/")).text
    assert township.post(at(held, "names/"), {"person": [county.people[0].pk]}).status_code == 302
    assert township.post(f"/desk/classes/places/{place.pk}/withdraw/").status_code == 302
    place.refresh_from_db()
    assert (place.status, place.steps.count()) == (PlaceStatus.WITHDRAWN, 4)
    for odd in ({"accept": "x"}, {"accept": "9" * 30}, {}):
        assert desk.post(at(held, "decide/"), odd).status_code == 302
    assert desk.post(at(held, "decide/"), {"accept": "99999"}).status_code == 404


def test_the_organiser_calls_people_and_is_told_who_is_called_elsewhere(desk: Client, county: County) -> None:
    held, other = county.announced({}, days=1), county.announced(days=1)
    assert desk.post(at(held, "review/"), {"people": county.people[0].phone}).status_code == 302
    place = held.places.get()
    assert place.status == PlaceStatus.ACCEPTED
    page = desk.post(at(other, "review/"), {"people": county.people[0].phone})
    assert page.context["answer"].doubts
    told = {"people": county.people[0].phone, "confirm": page.context["answer"].seen}
    refused = desk.post(at(other, "review/"), told)
    assert refused.status_code == 422
    assert held.title in refused.context["answer"].problems[0]
    assert desk.post(at(other, "review/"), {}).status_code == 422


def test_leave_is_answered_by_organiser_and_township(desk: Client, township: Client, county: County) -> None:
    held = county.announced()
    (place,) = county.accepted(held, county.people[0])
    leave = ask_leave(place=place, reason="病", by=county.people[0], at=NOW)
    assert desk.get(at(held)).context["step"] == Step.REVIEW
    assert township.get(at(held, "leaves/")).context["asked"] == [leave]
    one = f"/desk/classes/leaves/{leave.pk}/decide/"
    township.post(one, {"refuse": "1"})
    assert Leave.objects.get().status == LeaveStatus.ASKED
    township.post(one, {"refuse": "1", "answer": "人手\0不足"})
    assert Leave.objects.get().answer == "人手 不足"
    assert desk.get(at(held, "leaves/")).context["decided"] == [leave]
    far = Client()
    far.force_login(county.other_township)
    assert far.post(one, {"grant": "1"}).status_code == 404
    # The other township has places in the class and sees none of this one's people.
    assert far.get(at(held, "leaves/")).context["decided"] == []


def test_files_and_lessons_go_with_a_class(desk: Client, county: County) -> None:
    held, lesson = county.begin(), film()
    file = SimpleUploadedFile("手册.pdf", PDF)
    assert desk.post(at(held, "material/"), {"title": "手册", "file": file}).status_code == 302
    bad = SimpleUploadedFile("手册.exe", b"MZ")
    assert desk.post(at(held, "material/"), {"title": "手册", "file": bad}).status_code == 422
    assert desk.post(at(held, "material/"), {"title": "手册"}).status_code == 422
    assert lesson in desk.get(at(held, "material/"), {"q": lesson.title[:2]}).context["found"]
    desk.post(at(held, "lesson/"), {"add": lesson.pk})
    assert list(held.lessons.all()) == [lesson]
    assert "手册" in desk.get(at(held)).text
    desk.post(at(held, "lesson/"), {"drop": lesson.pk})
    for odd in ({}, {"add": "x"}, {"drop": "9" * 30}):
        assert desk.post(at(held, "lesson/"), odd).status_code == 404
    assert desk.post(f"/desk/classes/material/{Material.objects.get().pk}/drop/").status_code == 302
    assert not held.lessons.exists()
    assert not Material.objects.exists()


def test_notices_are_listed_with_their_words_and_sent_by_a_button(desk: Client, county: County) -> None:
    held = county.announced()
    assert desk.get(at(held, "notices/")).context["rows"] == []
    county.accepted(held, county.people[0])
    page = desk.get(at(held, "notices/"))
    assert (page.context["waiting"], county.people[0].name in page.text) == (1, True)
    assert desk.post(at(held, "notices/")).status_code == 302
    Notice.objects.update(sent_at=NOW)
    assert desk.get(at(held, "notices/")).context["waiting"] == 0


def test_the_list_is_filtered_by_state_and_year(desk: Client, county: County) -> None:
    draft, held = county.begin(), county.announced()
    county.accepted(held, county.people[0])
    page = desk.get(LIST, {"state": "CALLING", "year": "2026"}).context["page"].object_list
    assert [(each, each.people, each.room) for each in page] == [(held, 1, 3)]
    assert list(desk.get(LIST, {"state": "DRAFT"}).context["page"].object_list) == [draft]
    assert not desk.get(LIST, {"year": "2020"}).context["page"].object_list
    for odd in ({"state": "X"}, {"year": "0"}, {"year": "9" * 30}):
        assert len(desk.get(LIST, odd).context["page"].object_list) == 2


def test_pages_cost_the_same_number_of_queries_whatever_the_size(
    desk: Client, county: County, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    held = county.announced({county.tree.township: 40}, days=5)
    people = [county.person(county.tree.village) for _ in range(20)]
    places = county.accepted(held, *people)
    county.proposed(held, *county.people)
    for place in places[:10]:
        ask_leave(place=place, reason="病", by=place.person, at=NOW)
    for page in (
        "",
        "edit/",
        "timetable/",
        "quotas/",
        "names/",
        "review/",
        "leaves/",
        "material/",
        "notices/",
    ):
        with django_assert_max_num_queries(20):
            assert desk.get(at(held, page)).status_code == 200
    with django_assert_max_num_queries(12):
        desk.get(LIST)


def test_no_nul_reaches_the_database(desk: Client, county: County) -> None:
    held = county.announced()
    (place,) = county.proposed(held, county.people[0])
    with parameters_sent() as sent:
        desk.post(at(held, "decide/"), {"reject": place.pk, "reason": "a\0b"})
        desk.post(at(held, "names/"), {"people": "a\0b"})
        desk.post(at(held, "review/"), {"people": "a\0b"})
    assert sent
    assert not any("\0" in str(value) for value in sent)


def test_an_announcement_that_cannot_be_is_told(desk: Client, county: County) -> None:
    held = county.begin()
    answer = desk.post(at(held, "announce/"), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    with pytest.raises(TrainingClass.DoesNotExist):
        announce(training_class=TrainingClass(pk=0), by=county.staff, at=NOW)
