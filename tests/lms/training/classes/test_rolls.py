"""The roll: its page, what phones bring to it soon or weeks later, and the form without scripts."""

import json
from datetime import datetime, timedelta
from itertools import count

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Cadre, StaffRole
from lms.hours.actions import freeze_year
from lms.phones.uploads import Entry, Json, Refused
from lms.training.classes.actions import close_class
from lms.training.classes.models import (
    ClassState,
    Leave,
    LeaveStatus,
    Mark,
    MarkChange,
    Place,
    Quota,
    TrainingClass,
)
from lms.training.classes.rolls import sheet_of, take_roll
from lms.training.models import Presence
from lms.training.rolls import write_roll_token
from tests.factories import CadreFactory, Held, StaffFactory, class_with

pytestmark = pytest.mark.django_db
MINUTE, DAY_MS = timedelta(minutes=1), 24 * 3600 * 1000
# A phone's counter: every tick has a number of its own.
NUMBERS = count(1)


@pytest.fixture
def held() -> Held:
    return class_with(days=2, people=2)


def opened(held: Held) -> datetime:
    return held.half_days[0].starts_at


def bring(
    held: Held,
    *,
    slot: str | None = None,
    at: datetime | None = None,
    age: timedelta = timedelta(0),
    by: Cadre | None = None,
    kind: str = "class",
    number: int | None = None,
    **body: object,
) -> Json:
    """One entry of a phone that had opened the roll when the first half-day began."""
    token = write_roll_token(
        kind=kind, pk=held.training_class.pk, by=(by or held.organiser).pk, at=opened(held)
    )
    told = {"slot": slot or f"{held.half_days[0].pk}.in", "is": True, **body}
    entry = Entry(number or next(NUMBERS), "class_roll", token, int(age.total_seconds() * 1000), told)
    return take_roll(entry, "phone", at or opened(held) + 10 * MINUTE)


def test_a_tick_marks_somebody_at_the_time_of_the_event(held: Held) -> None:
    person = held.people[0]
    answer = bring(held, person=person.pk, age=4 * MINUTE)
    assert (answer["person"], answer["name"], answer["is"], answer["refused"]) == (
        person.pk,
        person.name,
        True,
        "",
    )
    assert Mark.objects.get().in_at == opened(held) + 6 * MINUTE


def test_a_week_late_and_by_a_wrong_clock_the_age_counts(held: Held) -> None:
    """The phone's clock may be years off: only how old it says that the tick is counts, up to the page."""
    late = opened(held) + timedelta(days=7)
    bring(held, person=held.people[0].pk, at=late, age=timedelta(days=7) - 5 * MINUTE)
    bring(held, person=held.people[1].pk, at=late, age=timedelta(days=4000))
    assert sorted(Mark.objects.values_list("in_at", flat=True)) == [opened(held), opened(held) + 5 * MINUTE]
    assert set(MarkChange.objects.values_list("recorded_at", flat=True)) == {late}


def test_through_the_one_door_twice_is_once(client: Client, held: Held) -> None:
    now = opened(held) + 10 * MINUTE
    token = write_roll_token(kind="class", pk=held.training_class.pk, by=held.organiser.pk, at=opened(held))
    sent = int(now.timestamp() * 1000)
    entries = [
        {"n": n, "kind": "class_roll", "token": token, "at": sent - 1000 * (9 - n),
         "body": {"slot": f"{held.half_days[0].pk}.in", "person": held.people[0].pk, "is": n != 2}}
        for n in (1, 2, 3)
    ]  # fmt: skip
    body = json.dumps({"device": "a" * 32, "after": 0, "sent": sent, "entries": entries})
    with time_machine.travel(now, tick=False):
        for _time in range(2):
            answer = client.post("/uploads/", body, content_type="application/json").json()
    assert (answer["ack"], [each["is"] for each in answer["answers"]]) == (3, [True, False, True])
    assert (MarkChange.objects.count(), Presence.objects.count()) == (3, 1)


def test_the_same_tick_again_a_little_later_or_after_closing_is_nothing_new(held: Held) -> None:
    """A lost answer: its age is reckoned anew, so the same tick comes with another moment."""
    ticked, last = held.people[0], held.half_days[-1].ends_at
    bring(held, person=ticked.pk, number=7)
    bring(held, person=ticked.pk, number=7, at=opened(held) + 11 * MINUTE, age=timedelta(seconds=58))
    close_class(training_class=held.training_class, by=held.organiser, at=last)
    bring(held, person=ticked.pk, number=7, at=last + timedelta(days=7), age=timedelta(days=7))
    assert (MarkChange.objects.count(), Mark.objects.waiting().count()) == (1, 0)
    assert Mark.objects.get().in_at == opened(held) + 10 * MINUTE


@pytest.mark.parametrize(
    ("told", "code"), [({"slot": "9999.in"}, "slot"), ({"slot": "x"}, "slot"), ({"kind": "viewing"}, "token")]
)
def test_a_tick_that_can_never_be_right_is_refused_by_a_code(held: Held, told: dict, code: str) -> None:
    with pytest.raises(Refused) as refused:
        bring(held, person=held.people[0].pk, **told)
    assert refused.value.code == code


def test_who_no_longer_keeps_the_roll_is_forbidden(held: Held) -> None:
    stranger = StaffFactory(unit=held.tree.other_township).person
    trainer = StaffFactory(unit=held.tree.township, role=StaffRole.TRAINER).person
    gone = StaffFactory(unit=held.tree.township, person__is_active=False).person
    for by in (stranger, trainer, gone, held.people[0]):
        with pytest.raises(Refused) as refused:
            bring(held, person=held.people[0].pk, by=by)
        assert refused.value.code == "forbidden"
    assert not Mark.objects.exists()


@pytest.mark.parametrize("field", ["name", "number", "phone"])
def test_guest_is_found_by_name_number_and_phone(held: Held, field: str) -> None:
    guest = CadreFactory(unit=held.tree.other_village, name="王喆")
    answer = bring(held, guest=getattr(guest, field))
    assert (answer["person"], answer["is"]) == (guest.pk, True)
    assert Place.objects.accepted().filter(person=guest).exists()


def test_guest_who_is_on_the_list_is_ticked_there(held: Held) -> None:
    assert (
        bring(held, guest=f" {held.people[1].name[:2]} {held.people[1].name[2:]} ")["person"]
        == held.people[1].pk
    )
    assert Place.objects.count() == 2


def test_unclear_guest_is_refused_in_words_and_nothing_is_written(held: Held) -> None:
    CadreFactory.create_batch(2, name="双胞胎", unit=held.tree.village)
    CadreFactory(name="远方", unit=held.tree.far_village)
    for who in ("双胞胎", "远方", "没有这个人", "x\0y", " \0"):
        answer = bring(held, guest=who)
        assert (answer["person"], answer["is"], bool(answer["refused"])) == (0, False, True)
    assert Place.objects.count() == 2


def test_guest_without_room_is_refused_in_words(held: Held) -> None:
    Quota.objects.create(training_class=held.training_class, unit=held.tree.township, places=0)
    guest = CadreFactory(unit=held.tree.village)
    answer = bring(held, guest=guest.number)
    assert (answer["person"], answer["is"]) == (guest.pk, False)
    assert held.tree.township.name in str(answer["refused"])


def test_unknown_person_is_a_guest_too(held: Held) -> None:
    own, far = CadreFactory(unit=held.tree.village), CadreFactory(unit=held.tree.far_village)
    assert bring(held, person=own.pk)["is"] is True
    assert bring(held, person=far.pk)["person"] == 0
    assert bring(held, person=2**53 - 1)["person"] == 0
    unticked = bring(held, person=CadreFactory(unit=held.tree.village).pk, **{"is": False})
    assert (unticked["is"], Place.objects.count()) == (False, 3)


def test_second_place_is_refused_naming_the_first_on_both_rolls(held: Held) -> None:
    """Worked case 10, with two rolls that arrive late."""
    person = held.people[0]
    rival = class_with(people=[person], days=1, tree=held.tree, organiser=held.organiser, title="专题班")
    late = held.ends_at
    for roll, minutes, is_there in ((held, 3, True), (rival, 2, True), (held, 4, False)):
        answer = bring(roll, person=person.pk, at=late, age=late - opened(held) - minutes * MINUTE)
        assert (answer["is"], answer["refused"] == "") == (is_there, is_there)
    assert "专题班" in str(answer["refused"])
    mine = sheet_of(held.training_class, by=held.organiser, at=late).seats[0]
    theirs = sheet_of(rival.training_class, by=held.organiser, at=late).seats[0]
    assert "专题班" in mine.refused[f"{held.half_days[0].pk}.in"]
    assert (mine.ticked, "春季集中培训" in theirs.note) == (frozenset(), True)


def test_other_stops_are_words_too(held: Held) -> None:
    assert bring(held, person=held.people[0].pk, slot=f"{held.half_days[3].pk}.in")["is"] is False
    TrainingClass.objects.update(state=ClassState.CANCELLED, cancelled_why="暴雨")
    assert bring(held, person=held.people[0].pk)["refused"]


def test_frozen_hours_elsewhere_stop_a_tick_in_words() -> None:
    """An untick would let a lost seat of a frozen year stand again."""
    held = class_with(days=2, people=1, first=datetime(2025, 12, 1).date())
    (person,) = held.people
    rival = class_with(
        people=[person], days=2, tree=held.tree, organiser=held.organiser, first=datetime(2025, 12, 1).date()
    )
    held.tick(person, 0)
    rival.tick_all()
    close_class(training_class=rival.training_class, by=held.organiser, at=held.ends_at)
    january = held.ends_at + timedelta(days=60)
    freeze_year(unit=held.tree.county, year=2025, by=held.organiser, at=january)
    answer = bring(held, person=person.pk, at=january + MINUTE, **{"is": False})
    assert (answer["is"], held.tree.county.name in str(answer["refused"])) == (False, True)
    assert Presence.objects.filter(source=held.half_days[0].source).exists()


# --- the page ----------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client, held: Held) -> Client:
    client.force_login(held.organiser)
    return client


def page_of(held: Held) -> str:
    return f"/roll/class/{held.training_class.pk}/"


def test_page_shows_people_slots_and_leave(desk: Client, held: Held) -> None:
    place = Place.objects.get(person=held.people[0])
    leave = Leave.objects.create(
        place=place, reason="农忙", status=LeaveStatus.GRANTED, asked_at=opened(held),
        decided_at=opened(held), decided_by=held.organiser,
    )  # fmt: skip
    leave.half_days.add(held.half_days[1])
    held.tick(held.people[1], 0)
    with time_machine.travel(opened(held) + MINUTE, tick=False):
        sheet = desk.get(page_of(held)).context["sheet"]
    assert [slot.key for slot in sheet.slots] == [f"{each.pk}.in" for each in held.half_days]
    assert sheet.now.key == f"{held.half_days[0].pk}.in"
    assert [seat.person for seat in sheet.seats] == [person.pk for person in held.people]
    assert (bool(sheet.seats[0].note), sheet.seats[1].ticked) == (True, {f"{held.half_days[0].pk}.in"})
    assert sheet.takes_guests


def test_page_has_both_ends_where_leaving_is_ticked() -> None:
    held = class_with(days=1, people=1, has_sign_out=True)
    early = sheet_of(held.training_class, by=held.organiser, at=opened(held))
    assert [slot.key.split(".")[1] for slot in early.slots] == ["in", "out"] * 2
    assert early.now.key == f"{held.half_days[0].pk}.in"
    late = sheet_of(held.training_class, by=held.organiser, at=held.half_days[0].ends_at)
    assert late.now.key == f"{held.half_days[0].pk}.out"


def test_form_without_scripts_takes_ticks_and_a_guest(desk: Client, held: Held) -> None:
    slot = f"{held.half_days[0].pk}.in"
    guest = CadreFactory(unit=held.tree.village, name="王喆")
    first, second = held.people
    held.tick(second, 0)
    with time_machine.travel(opened(held) + 5 * MINUTE, tick=False):
        token = desk.get(page_of(held)).context["sheet"].token
        data = {"there": [f"{slot}.0", f"{slot}.{first.pk}"], "guest": "王喆", "token": token}
        response = desk.post(page_of(held), data)
        assert (response.status_code, response.url) == (302, f"{page_of(held)}?slot={slot}")
        seats = desk.get(response.url).context["sheet"].seats
    assert {seat.name for seat in seats if slot in seat.ticked} == {first.name, guest.name}


def test_form_unticks_nobody_who_signed_while_it_was_open(desk: Client, held: Held) -> None:
    slot = f"{held.half_days[0].pk}.in"
    with time_machine.travel(opened(held) + MINUTE, tick=False):
        token = desk.get(page_of(held)).context["sheet"].token
    held.tick(held.people[0], 0, marked_at=opened(held) + 2 * MINUTE)
    with time_machine.travel(opened(held) + 5 * MINUTE, tick=False):
        desk.post(page_of(held), {"there": [f"{slot}.0", f"{slot}.{held.people[1].pk}"], "token": token})
    assert Mark.objects.exclude(in_at=None).count() == 2


@pytest.mark.parametrize(
    "sent", [{}, {"there": ["x", "x.0", "9.in.0"], "guest": " "}, {"guest": "谁", "token": "x"}]
)
def test_form_of_any_shape_breaks_nothing(desk: Client, held: Held, sent: dict) -> None:
    with time_machine.travel(opened(held), tick=False):
        assert desk.post(page_of(held), sent).status_code == 302
    assert not Mark.objects.exists()


def test_no_roll_without_timetable_or_announcement(desk: Client, held: Held) -> None:
    TrainingClass.objects.update(state=ClassState.DRAFT)
    assert desk.get(page_of(held)).status_code == 302
    TrainingClass.objects.update(state=ClassState.CALLING)
    held.training_class.half_days.all().delete()
    assert desk.get(page_of(held)).status_code == 302


def test_roll_of_200_people_takes_as_many_queries_as_of_two(desk: Client, held: Held) -> None:
    def queries(one: Held) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert desk.get(page_of(one)).status_code == 200
        return len(counted)

    held.tick(held.people[0], 0)
    queries(held)
    few = queries(held)
    many = class_with(days=5, people=200, tree=held.tree, organiser=held.organiser, title="大班")
    for person in many.people[:5]:
        many.tick(person, 0)
    assert queries(many) == few <= 20
