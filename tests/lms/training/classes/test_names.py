"""Names: within the places, by whom, until when; each step kept; nobody in two classes at one time."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditLine, Post, Role
from lms.training.classes.actions import refusals
from lms.training.classes.actions.calling import cancel_class, edit_class, set_quotas
from lms.training.classes.actions.names import accept, add_people, propose, reject, withdraw
from lms.training.classes.models import (
    Mark,
    Notice,
    NoticeKind,
    Place,
    PlaceStatus,
    PlaceStep,
)
from lms.training.classes.names import candidates, doubts, read_names
from tests.factories import CadreFactory, StaffFactory
from tests.lms.training.classes.calling import FIRST, LAST, NOW, County, facts


def test_names_are_proposed_accepted_and_told(county: County) -> None:
    held = county.announced()
    one, two = county.proposed(held, *county.people[:2])
    given, elsewhere = accept(places=[one, two], by=county.staff, at=NOW)
    assert ([place.person for place in given], elsewhere) == (county.people[:2], {})
    assert set(Notice.objects.values_list("person", "what")) == {
        (person.pk, NoticeKind.CALLED) for person in county.people[:2]
    }
    assert list(one.steps.values_list("status", "by")) == [
        (PlaceStatus.PROPOSED, county.township.pk),
        (PlaceStatus.ACCEPTED, county.staff.pk),
    ]
    assert AuditLine.objects.filter(action__in=["class.propose", "class.accept"]).count() == 2


def test_the_same_form_twice_is_one_name(county: County) -> None:
    held = county.announced()
    first = county.proposed(held, county.people[0])
    assert county.proposed(held, county.people[0]) == first
    assert (Place.objects.count(), PlaceStep.objects.count()) == (1, 1)
    for _ in range(2):
        accept(places=first, by=county.staff, at=NOW)
    assert (PlaceStep.objects.count(), Notice.objects.count()) == (2, 1)


def test_a_quota_is_never_exceeded(county: County) -> None:
    held = county.announced({county.tree.township: 2})
    with pytest.raises(refusals.QuotaFull) as refused:
        county.proposed(held, *county.people[:3])
    assert (refused.value.left, Place.objects.count()) == (2, 0)
    county.proposed(held, *county.people[:2])
    with pytest.raises(refusals.QuotaFull) as refused:
        county.proposed(held, *county.people[1:3])
    assert refused.value.left == 0


def test_places_taken_back_meanwhile_are_full(county: County) -> None:
    held = county.announced()
    quota = county.quota(held)
    set_quotas(training_class=held, places={county.tree.township: 0}, by=county.staff, at=NOW)
    with pytest.raises(refusals.QuotaFull):
        propose(quota=quota, people=county.people[:1], by=county.township, at=NOW)


def test_only_own_people_and_those_of_the_unit_are_proposed(county: County) -> None:
    held = county.announced()
    with pytest.raises(refusals.NotYours) as refused:
        propose(quota=county.quota(held), people=county.far[:1], by=county.staff, at=NOW)
    assert refused.value.names == [county.far[0].name]
    with pytest.raises(refusals.NotYours):
        propose(quota=county.quota(held), people=county.people[:1], by=county.other_township, at=NOW)
    far = county.quota(held, county.tree.other_township)
    with pytest.raises(refusals.NotYours):
        propose(quota=far, people=county.people[:1], by=county.township, at=NOW)
    propose(quota=far, people=county.far[:1], by=county.staff, at=NOW)


def test_staff_of_a_village_proposes_within_its_townships_places(county: County) -> None:
    held = county.announced()
    keeper = StaffFactory(unit=county.tree.village).person
    propose(quota=county.quota(held), people=county.people[:1], by=keeper, at=NOW)
    other = county.person(county.tree.other_village)
    with pytest.raises(refusals.NotYours):
        propose(quota=county.quota(held), people=[other], by=keeper, at=NOW)


def test_names_come_in_until_the_last_day_and_later_only_from_the_organiser(county: County) -> None:
    held = county.announced(names_due_on=date(2026, 6, 10))
    on_the_day, later = (NOW.replace(day=day, hour=23) for day in (10, 11))
    propose(quota=county.quota(held), people=county.people[:1], by=county.township, at=on_the_day)
    with pytest.raises(refusals.NamesClosed):
        propose(quota=county.quota(held), people=county.people[1:2], by=county.township, at=later)
    propose(quota=county.quota(held), people=county.people[1:2], by=county.staff, at=later)
    with pytest.raises(refusals.NamesClosed):
        withdraw(place=Place.objects.first(), by=county.township, at=later)


@pytest.mark.parametrize("is_announced", [False, True])
def test_only_an_announced_and_open_class_takes_names(county: County, is_announced: bool) -> None:
    held = county.announced()
    if is_announced:
        cancel_class(training_class=held, reason="防汛", by=county.staff, at=NOW)
    else:
        type(held).objects.update(state="DRAFT")
    for work in (
        lambda: county.proposed(held, county.people[0]),
        lambda: add_people(training_class=held, people=county.people[:1], by=county.staff, at=NOW),
    ):
        with pytest.raises(refusals.NotCalling):
            work()


def test_a_rejected_name_says_why_and_can_be_proposed_again(county: County) -> None:
    held = county.announced({county.tree.township: 1})
    (place,) = county.proposed(held, county.people[0])
    with pytest.raises(refusals.NoReason):
        reject(place=place, reason="  ", by=county.staff, at=NOW)
    with pytest.raises(refusals.NotOrganiser):
        reject(place=place, reason="人选不符", by=county.township, at=NOW)
    for _ in range(2):
        reject(place=place, reason="人选不符", by=county.staff, at=NOW)
    county.proposed(held, county.people[1])
    with pytest.raises(refusals.QuotaFull):
        county.proposed(held, county.people[0])
    withdraw(place=Place.objects.get(person=county.people[1]), by=county.township, at=NOW)
    county.proposed(held, county.people[0])
    assert list(place.steps.values_list("status", "reason")) == [
        (PlaceStatus.PROPOSED, ""),
        (PlaceStatus.REJECTED, "人选不符"),
        (PlaceStatus.PROPOSED, ""),
    ]
    # Nobody had a place, so nobody was told that it is gone.
    assert not Notice.objects.exists()


def test_whoever_loses_a_place_is_told_why(county: County) -> None:
    held = county.announced()
    (place,) = county.accepted(held, county.people[0])
    reject(place=place, reason="名额调整", by=county.staff, at=NOW)
    notice = Notice.objects.get()
    assert (notice.what, notice.note) == (NoticeKind.LOST, "名额调整")
    with pytest.raises(refusals.NotCounting):
        withdraw(place=place, by=county.township, at=NOW)


def test_whoever_is_marked_present_keeps_the_place(county: County) -> None:
    held = county.announced()
    (place,) = county.accepted(held, county.people[0])
    Mark.objects.create(place=place, half_day=held.half_days.first(), in_at=NOW)
    with pytest.raises(refusals.Marked):
        reject(place=place, reason="误", by=county.staff, at=NOW)
    with pytest.raises(refusals.Marked):
        withdraw(place=place, by=county.township, at=NOW)


def test_a_name_is_withdrawn_by_its_own_unit_only_and_once(county: County) -> None:
    held = county.announced()
    (place,) = county.proposed(held, county.people[0])
    with pytest.raises(refusals.NotYours):
        withdraw(place=place, by=county.other_township, at=NOW)
    for _ in range(2):
        withdraw(place=place, by=county.township, at=NOW)
    assert place.steps.count() == 2


def test_nobody_is_called_to_two_classes_at_one_time(county: County) -> None:
    held, other = county.announced(days=1), county.announced(days=1)
    later = county.announced(days=1, starts_on=FIRST + timedelta(days=1))
    person = county.people[0]
    places = [place for each in (held, other, later) for place in county.proposed(each, person)]
    accept(places=places[:1], by=county.staff, at=NOW)
    given, elsewhere = accept(places=places[1:2], by=county.staff, at=NOW)
    assert (given, elsewhere[person.pk].half_day.training_class) == ([], held)
    assert accept(places=places[2:], by=county.staff, at=NOW)[0]
    with pytest.raises(refusals.Elsewhere):
        add_people(training_class=other, people=[person], by=county.staff, at=NOW)
    county.proposed(other, county.people[1])
    accept(places=[Place.objects.get(training_class=other, person=county.people[1])], by=county.staff, at=NOW)
    with pytest.raises(refusals.Elsewhere):
        county.proposed(held, county.people[1])
    cancel_class(training_class=other, reason="防汛", by=county.staff, at=NOW)
    county.proposed(held, county.people[1])


def test_the_organiser_adds_people_beyond_the_places(county: County) -> None:
    held = county.announced({county.tree.township: 1})
    people = sorted(county.people[:2], key=lambda person: person.pk)
    add_people(training_class=held, people=people, by=county.staff, at=NOW)
    units = list(held.places.accepted().order_by("person").values_list("quota_unit", flat=True))
    assert units == [county.tree.township.pk, None]
    assert add_people(training_class=held, people=people, by=county.staff, at=NOW) == []
    with pytest.raises(refusals.NotOrganiser):
        add_people(training_class=held, people=people, by=county.township, at=NOW)


def test_the_organiser_takes_a_proposed_name_directly(county: County) -> None:
    held = county.announced({county.tree.township: 1})
    (place,) = county.proposed(held, county.people[0])
    add_people(training_class=held, people=county.people[:1], by=county.staff, at=NOW)
    place.refresh_from_db()
    assert (place.status, place.quota_unit) == (PlaceStatus.ACCEPTED, county.tree.township)


def test_the_organiser_adds_own_people_only(county: County) -> None:
    held = county.announced({}, by=county.township, unit=county.tree.township)
    with pytest.raises(refusals.NotYours):
        add_people(training_class=held, people=county.far[:1], by=county.township, at=NOW)


def test_a_change_meanwhile_is_told_to_the_proposer(county: County) -> None:
    held = county.announced()
    seen = held.changes.telling().last().pk
    propose(quota=county.quota(held), people=county.people[:1], by=county.township, at=NOW, seen=seen)
    moved = facts(county.tree.county, venue="镇政府三楼")
    edit_class(training_class=held, facts=moved, by=county.staff, at=NOW)
    with pytest.raises(refusals.ChangedSince) as refused:
        propose(quota=county.quota(held), people=county.people[1:2], by=county.township, at=NOW, seen=seen)
    assert [change.new for change in refused.value.changes] == ["镇政府三楼"]
    # A change of something else, or a place given to another, is no reason to look again.
    seen = held.changes.telling().last().pk
    renamed = facts(county.tree.county, venue="镇政府三楼", title="新名")
    edit_class(training_class=held, facts=renamed, by=county.staff, at=NOW)
    propose(quota=county.quota(held), people=county.people[1:2], by=county.township, at=NOW, seen=seen)


def test_whom_the_class_is_for_comes_first_and_who_stands_there_is_left_out(county: County) -> None:
    tree = county.tree
    director = county.person(tree.other_village, Role.DIRECTOR)
    gone = county.person(tree.village)
    Post.objects.filter(person=gone).update(to_on=FIRST - timedelta(days=1))
    CadreFactory(unit=tree.village)
    held = county.announced(roles=(Role.DIRECTOR,))
    county.proposed(held, county.people[0])
    found = candidates(held, by=county.township, unit=tree.township)
    assert list(found) == [director, *county.people[1:]]
    assert list(candidates(held, by=county.township, unit=tree.township, q=director.phone[:9])) != []
    assert list(candidates(held, by=county.township, unit=tree.township, q=director.name)) == [director]


def test_doubts_name_who_left_whose_village_is_gone_and_who_is_called_elsewhere(county: County) -> None:
    held, other = county.announced(), county.announced()
    left, lost, busy, fine = county.people
    Post.objects.filter(person=left).update(to_on=FIRST - timedelta(days=1))
    lost.unit = county.tree.other_village
    lost.unit.valid_to = FIRST - timedelta(days=1)
    county.proposed(other, busy)
    found = doubts(held, county.people)
    assert len(found) == 3
    for name in (left.name, lost.name, busy.name):
        assert any(name in doubt for doubt in found)
    assert not any(fine.name in doubt for doubt in found)


def test_written_names_are_found_or_named(county: County) -> None:
    one = county.people[0]
    twins = [county.person(county.tree.village, name="双胞胎") for _ in range(2)]
    text = f"{one.phone}、没有这人,双胞胎 {county.far[0].number}\0"
    names = read_names(
        text, ticked=[str(twins[0].pk), "x", "9" * 30], by=county.township, unit=county.tree.township
    )
    assert {person.pk for person in names.people} == {one.pk, twins[0].pk}
    assert len(names.problems) == 3
    crowd = read_names("甲 " * 600, ticked=[], by=county.township, unit=county.tree.township)
    assert (crowd.people, len(crowd.problems)) == ([], 1)


def test_the_database_keeps_its_promises(county: County) -> None:
    held = county.announced()
    (place,) = county.proposed(held, county.people[0])
    for broken in (
        lambda: Place.objects.create(training_class=held, person=county.people[0]),
        lambda: PlaceStep.objects.create(place=place, status=PlaceStatus.REJECTED, at=NOW, by=county.staff),
        lambda: type(county.quota(held)).objects.create(
            training_class=held, unit=county.tree.township, places=1
        ),
        lambda: type(held).objects.filter(pk=held.pk).update(state="CANCELLED"),
        lambda: type(held).objects.filter(pk=held.pk).update(ends_on=LAST - timedelta(days=40)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
