"""A class from its draft to its announcement or its end: who may, what follows, what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.models import AuditLine, Role, StaffRole
from lms.hours.actions import Worth, grant
from lms.hours.models import EntryKind, Ledger
from lms.hours.rules import NoRule
from lms.training.classes.actions import refusals
from lms.training.classes.actions.calling import (
    announce,
    call_class,
    cancel_class,
    edit_class,
    set_quotas,
)
from lms.training.classes.actions.timetable import fill_days
from lms.training.classes.models import (
    ClassChange,
    ClassKind,
    ClassState,
    Notice,
    NoticeKind,
    TrainingClass,
    What,
)
from tests.factories import StaffFactory
from tests.lms.training.classes.calling import FIRST, LAST, NOW, County, facts


def test_a_class_begins_as_a_draft_worth_nothing_yet(county: County) -> None:
    held = county.begin(roles=(Role.SECRETARY,))
    assert (held.state, held.days, held.hours, held.roles) == (ClassState.DRAFT, 0, 0, ["SECRETARY"])
    assert AuditLine.objects.get().action == "class.begin"


def test_the_same_form_twice_is_one_class(county: County) -> None:
    key = str(uuid4())
    first, second = (
        call_class(facts=facts(county.tree.county), by=county.staff, at=NOW, key=key) for _ in range(2)
    )
    assert first == second
    assert TrainingClass.objects.count() == AuditLine.objects.count() == 1


def test_a_class_is_called_in_own_units_only(county: County) -> None:
    for unit in (county.tree.other_township, county.tree.county):
        with pytest.raises(refusals.NotInReach):
            call_class(facts=facts(unit), by=county.township, at=NOW)
    call_class(facts=facts(county.tree.village), by=county.township, at=NOW)


def test_rotation_is_for_counties_and_above(county: County) -> None:
    with pytest.raises(refusals.RotationByTownship):
        county.begin(by=county.township, unit=county.tree.township, kind=ClassKind.ROTATION)
    held = county.begin(kind=ClassKind.ROTATION)
    # Somebody who keeps the county's roster as a township does may not run it either.
    other = StaffFactory(unit=county.tree.county, role=StaffRole.TOWNSHIP).person
    with pytest.raises(refusals.NotOrganiser):
        announce(training_class=held, by=other, at=NOW)
    assert not TrainingClass.objects.run_by(other).exists()
    assert TrainingClass.objects.run_by(county.staff).get() == held


def test_hours_may_be_said_by_hand_within_the_longest_day(county: County) -> None:
    held = county.begin(hours=Decimal(40))
    assert (held.hours, held.has_own_hours) == (40, True)
    with pytest.raises(refusals.TooManyHours):
        county.begin(hours=Decimal("60.5"))
    told = {"first": FIRST, "days": 3, "topic": "课", "with_weekends": False}
    with pytest.raises(refusals.TooManyHours):
        fill_days(training_class=held, by=county.staff, at=NOW, **told)
    held.refresh_from_db()
    assert (held.days, held.half_days.count()) == (0, 0)


def test_without_a_rule_of_hours_no_class_begins(county: County) -> None:
    with pytest.raises(NoRule):
        county.begin(starts_on=date(1999, 1, 1), ends_on=date(1999, 1, 2))


def test_a_change_is_kept_with_who_made_it_and_tells_whoever_has_a_place(county: County) -> None:
    held = county.announced()
    county.accepted(held, county.people[0])
    Notice.objects.update(seen_at=NOW)
    edit_class(
        training_class=held,
        facts=facts(county.tree.county, venue="乡镇礼堂", ends_on=LAST + timedelta(days=1)),
        by=county.staff,
        at=NOW,
    )
    changes = ClassChange.objects.filter(what__in=(What.PLACE, What.DATES))
    assert {change.what: (change.old, change.new) for change in changes} == {
        What.PLACE: ("县委党校礼堂", "乡镇礼堂"),
        What.DATES: ("2026-06-15 – 2026-06-19", "2026-06-15 – 2026-06-20"),
    }
    notice = Notice.objects.unseen().get()
    assert (notice.person, notice.what) == (county.people[0], NoticeKind.CHANGED)
    assert AuditLine.objects.filter(action="class.edit", by=county.staff).count() == 1


def test_changes_are_said_in_words(county: County) -> None:
    held = county.begin(roles=(Role.SECRETARY,))
    told = facts(county.tree.county, roles=(Role.SECRETARY, Role.DIRECTOR), has_sign_out=True)
    edit_class(training_class=held, facts=told, by=county.staff, at=NOW)
    said = {change.what: (change.before, change.after) for change in held.changes.all()}
    roles = Role.SECRETARY.label, Role.DIRECTOR.label
    assert said[What.ROLES][0] == roles[0]
    assert all(str(role) in said[What.ROLES][1] for role in roles)
    assert "True" not in said[What.SIGN_OUT]
    assert "False" not in said[What.SIGN_OUT]


def test_a_change_that_is_none_leaves_no_trace(county: County) -> None:
    held = county.begin()
    edit_class(training_class=held, facts=facts(county.tree.county), by=county.staff, at=NOW)
    assert not ClassChange.objects.exists()
    assert not AuditLine.objects.filter(action="class.edit").exists()


def test_another_title_is_no_news_for_those_called(county: County) -> None:
    held = county.announced()
    county.accepted(held, county.people[0])
    edit_class(training_class=held, facts=facts(county.tree.county, title="新名"), by=county.staff, at=NOW)
    assert not Notice.objects.filter(what=NoticeKind.CHANGED).exists()


def test_dates_cannot_leave_half_days_outside(county: County) -> None:
    held = county.announced()
    with pytest.raises(refusals.OutsideDates):
        edit_class(
            training_class=held, facts=facts(county.tree.county, starts_on=LAST), by=county.staff, at=NOW
        )


def test_nobody_else_changes_a_class(county: County) -> None:
    held = county.announced()
    with pytest.raises(refusals.NotOrganiser):
        edit_class(training_class=held, facts=facts(county.tree.county), by=county.township, at=NOW)
    with pytest.raises(refusals.NotInReach):
        edit_class(training_class=held, facts=facts(county.tree.township), by=county.staff, at=NOW)


def test_announcing_needs_a_timetable_and_a_day_ahead_and_is_done_once(county: County) -> None:
    held = county.begin()
    with pytest.raises(refusals.NoTimetable):
        announce(training_class=held, by=county.staff, at=NOW)
    told = {"first": FIRST, "days": 1, "topic": "课", "with_weekends": False}
    fill_days(training_class=held, by=county.staff, at=NOW, **told)
    with pytest.raises(refusals.OverAlready):
        announce(training_class=held, by=county.staff, at=NOW + timedelta(days=30))
    for _ in range(2):
        assert announce(training_class=held, by=county.staff, at=NOW).state == ClassState.CALLING
    assert AuditLine.objects.filter(action="class.calling").count() == 1


def test_a_cancelled_class_says_why_tells_those_called_and_stays_so(county: County) -> None:
    held = county.announced()
    county.accepted(held, county.people[0])
    with pytest.raises(refusals.NoReason):
        cancel_class(training_class=held, reason=" ", by=county.staff, at=NOW)
    cancel_class(training_class=held, reason="防汛", by=county.staff, at=NOW)
    held.refresh_from_db()
    assert (held.state, held.cancelled_why) == (ClassState.CANCELLED, "防汛")
    notice = Notice.objects.get()
    assert (notice.what, notice.note) == (NoticeKind.CANCELLED, "防汛")
    with pytest.raises(refusals.NotOpen):
        cancel_class(training_class=held, reason="又", by=county.staff, at=NOW)
    with pytest.raises(refusals.NotOpen):
        announce(training_class=held, by=county.staff, at=NOW)


def test_what_gave_somebody_hours_is_not_cancelled(county: County) -> None:
    held = county.announced()
    grant(
        person=county.people[0], source=held.source, kind=EntryKind.CLASS, title=held.title,
        ledger=Ledger.CONCENTRATED, worth=Worth(Decimal(6), days=Decimal(1), times=1), earned_at=NOW, at=NOW,
    )  # fmt: skip
    with pytest.raises(refusals.Granted):
        cancel_class(training_class=held, reason="防汛", by=county.staff, at=NOW)


def test_places_are_given_changed_and_taken_back(county: County) -> None:
    held, tree = county.begin(), county.tree
    set_quotas(
        training_class=held, places={tree.township: 3, tree.other_township: 2}, by=county.staff, at=NOW
    )
    set_quotas(
        training_class=held, places={tree.township: 4, tree.other_township: 0}, by=county.staff, at=NOW
    )
    assert list(held.quotas.values_list("unit", "places")) == [(tree.township.pk, 4)]
    before = AuditLine.objects.count()
    set_quotas(training_class=held, places={tree.township: 4}, by=county.staff, at=NOW)
    assert AuditLine.objects.count() == before


@pytest.mark.parametrize("places", [-1, 501])
def test_a_number_of_places_is_sane(county: County, places: int) -> None:
    with pytest.raises(refusals.NotInReach):
        set_quotas(
            training_class=county.begin(), places={county.tree.township: places}, by=county.staff, at=NOW
        )


def test_places_lie_below_the_unit_of_the_class(county: County) -> None:
    held = county.begin(by=county.township, unit=county.tree.township)
    with pytest.raises(refusals.NotInReach):
        set_quotas(training_class=held, places={county.tree.far_village: 1}, by=county.township, at=NOW)


def test_a_quota_cannot_fall_below_its_names(county: County) -> None:
    held = county.announced({county.tree.township: 2})
    county.proposed(held, *county.people[:2])
    for number in (0, 1):
        with pytest.raises(refusals.QuotaTaken) as refused:
            set_quotas(training_class=held, places={county.tree.township: number}, by=county.staff, at=NOW)
        assert (refused.value.unit, refused.value.taken) == (county.tree.township, 2)
    assert county.quota(held).places == 2
