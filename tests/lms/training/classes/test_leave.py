"""Leave: asked for in advance, answered by somebody else, still an absence."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditLine
from lms.training.classes.actions import refusals
from lms.training.classes.actions.calling import cancel_class
from lms.training.classes.actions.leave import ask_leave, decide_leave, withdraw_leave
from lms.training.classes.actions.names import add_people, reject
from lms.training.classes.half_days import halves_of
from lms.training.classes.models import Leave, LeaveStatus, Mark, Notice, NoticeKind, Place
from tests.factories import StaffFactory
from tests.lms.training.classes.calling import FIRST, NOW, County

BEGUN = NOW.replace(month=6, day=FIRST.day, hour=10)


@pytest.fixture
def place(county: County) -> Place:
    """A place of the first person in a class of four half-days."""
    (place,) = county.accepted(county.announced(), county.people[0])
    Notice.objects.all().delete()
    return place


def ask(place: Place, **values: object) -> Leave:
    return ask_leave(**{"place": place, "reason": "家中有事", "by": place.person, "at": NOW, **values})


def test_leave_is_asked_from_the_whole_class_unless_half_days_are_named(place: Place) -> None:
    whole = ask(place)
    assert (whole.half_days.count(), whole.status) == (4, LeaveStatus.ASKED)
    withdraw_leave(leave=whole, by=place.person, at=NOW)
    first = place.training_class.half_days.first()
    assert list(ask(place, half_days=[first.pk]).half_days.all()) == [first]


def test_the_whole_class_means_what_lies_ahead(place: Place) -> None:
    assert ask(place, at=BEGUN).half_days.count() == 3


@pytest.mark.parametrize("hours", [0, 24 * 9])
def test_no_leave_from_what_has_begun(place: Place, hours: int) -> None:
    first = place.training_class.half_days.first()
    with pytest.raises(refusals.BegunAlready):
        ask(place, half_days=[first.pk], at=BEGUN + timedelta(hours=hours))
    with pytest.raises(refusals.BegunAlready):
        ask(place, at=BEGUN + timedelta(days=9))
    with pytest.raises(refusals.BegunAlready):
        ask(place, half_days=[0])


def test_one_request_at_a_time_with_a_reason_and_only_ones_own(county: County, place: Place) -> None:
    with pytest.raises(refusals.NoReason):
        ask(place, reason="  ")
    with pytest.raises(refusals.NotYours):
        ask(place, by=county.people[1])
    ask(place)
    with pytest.raises(refusals.AskedAlready):
        ask(place)


def test_without_a_place_or_a_class_there_is_nothing_to_leave(county: County, place: Place) -> None:
    reject(place=place, reason="名额调整", by=county.staff, at=NOW)
    with pytest.raises(refusals.NotYours):
        ask(place)
    add_people(training_class=place.training_class, people=[place.person], by=county.staff, at=NOW)
    cancel_class(training_class=place.training_class, reason="防汛", by=county.staff, at=NOW)
    with pytest.raises(refusals.NotCalling):
        ask(place)


@pytest.mark.parametrize("who", ["staff", "township"])
def test_the_organiser_or_the_persons_township_grants_leave(county: County, place: Place, who: str) -> None:
    leave = ask(place)
    for _ in range(2):
        decide_leave(leave=leave, is_granted=True, answer="", by=getattr(county, who), at=NOW)
    leave.refresh_from_db()
    assert (leave.status, leave.decided_by) == (LeaveStatus.GRANTED, getattr(county, who))
    assert Notice.objects.get().what == NoticeKind.LEAVE_GRANTED
    assert AuditLine.objects.filter(action="class.leave.decide").count() == 1
    with pytest.raises(refusals.DecidedAlready):
        decide_leave(leave=leave, is_granted=False, answer="不行", by=county.staff, at=NOW)
    with pytest.raises(refusals.DecidedAlready):
        withdraw_leave(leave=leave, by=place.person, at=NOW)


def test_a_refusal_says_why(county: County, place: Place) -> None:
    leave = ask(place)
    with pytest.raises(refusals.NoReason):
        decide_leave(leave=leave, is_granted=False, answer="", by=county.staff, at=NOW)
    decide_leave(leave=leave, is_granted=False, answer="人手不足", by=county.staff, at=NOW)
    notice = Notice.objects.get()
    assert (notice.what, notice.note) == (NoticeKind.LEAVE_REFUSED, "人手不足")
    assert ask(place).status == LeaveStatus.ASKED


def test_nobody_else_decides_and_nobody_decides_their_own(county: County, place: Place) -> None:
    leave = ask(place)
    with pytest.raises(refusals.NotDecider):
        decide_leave(leave=leave, is_granted=True, answer="", by=county.other_township, at=NOW)
    own = StaffFactory(person=place.person, unit=county.tree.county, role="COUNTY").person
    with pytest.raises(refusals.NotDecider):
        decide_leave(leave=leave, is_granted=True, answer="", by=own, at=NOW)


def test_a_request_is_taken_back_once_and_before_it_begins(county: County, place: Place) -> None:
    leave = ask(place)
    with pytest.raises(refusals.NotYours):
        withdraw_leave(leave=leave, by=county.people[1], at=NOW)
    with pytest.raises(refusals.BegunAlready):
        withdraw_leave(leave=leave, by=place.person, at=BEGUN)
    for _ in range(2):
        assert withdraw_leave(leave=leave, by=place.person, at=NOW).status == LeaveStatus.WITHDRAWN


def test_granted_half_days_are_not_asked_for_again(county: County, place: Place) -> None:
    first = place.training_class.half_days.first()
    leave = ask(place, half_days=[first.pk])
    decide_leave(leave=leave, is_granted=True, answer="", by=county.staff, at=NOW)
    assert ask(place).half_days.count() == 3


def test_each_half_day_says_what_it_is(county: County, place: Place) -> None:
    held = place.training_class
    one, two, three, _four = held.half_days.all()
    decide_leave(leave=ask(place, half_days=[one.pk]), is_granted=True, answer="", by=county.staff, at=NOW)
    refused = ask(place, half_days=[two.pk])
    decide_leave(leave=refused, is_granted=False, answer="不行", by=county.staff, at=NOW)
    ask(place, half_days=[three.pk])
    Mark.objects.create(place=place, half_day=two, in_at=NOW)
    halves = halves_of(held, place, at=BEGUN)
    assert [(h.is_excused, h.is_refused, h.is_asked, h.is_present) for h in halves] == [
        (True, False, False, False),
        (False, True, False, True),
        (False, False, True, False),
        (False, False, False, False),
    ]
    assert [half.can_be_left for half in halves] == [False, True, True, True]
    held.has_sign_out = True
    assert not any(half.is_present for half in halves_of(held, place, at=BEGUN))


def test_the_database_keeps_its_promises(county: County, place: Place) -> None:
    ask(place)
    for broken in (
        lambda: Leave.objects.create(place=place, reason="又", asked_at=NOW),
        lambda: Leave.objects.create(place=place, reason="又", asked_at=NOW, status=LeaveStatus.GRANTED),
        lambda: Leave.objects.create(
            place=place, reason="又", asked_at=NOW, status=LeaveStatus.REFUSED,
            decided_at=NOW, decided_by=county.staff,
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
