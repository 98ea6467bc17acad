"""Recording a class: worked cases 5 and 6, and everything that must not happen."""

from contextlib import nullcontext
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditLine, Cadre, CadreChange, StaffRole
from lms.hours.actions import Worth, correct
from lms.hours.models import EntryKind, HoursEntry, Ledger, Withheld
from lms.hours.rules import NoRule
from lms.training.classes.actions import ClassFacts, record_class
from lms.training.classes.actions import record as actions
from lms.training.classes.models import ClassKind, Place, TrainingClass
from tests.factories import CadreFactory, RuleFactory, StaffFactory, county_tree

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 15, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Township:
    """A township's staff member and two people of its villages."""

    def __init__(self) -> None:
        self.tree = county_tree()
        self.rule = RuleFactory(unit=self.tree.province)
        self.staff: Cadre = StaffFactory(unit=self.tree.township).person
        self.county_staff: Cadre = StaffFactory(unit=self.tree.county, role=StaffRole.COUNTY).person
        self.one: Cadre = CadreFactory(unit=self.tree.village)
        self.two: Cadre = CadreFactory(unit=self.tree.other_village)

    def record(self, **fields: object) -> TrainingClass:
        values = {
            "title": "春季培训班",
            "organiser": "古陶镇党委",
            "unit": self.tree.township,
            "kind": ClassKind.ORDINARY,
            "ledger": Ledger.CONCENTRATED,
            "starts_on": date(2026, 6, 8),
            "ends_on": date(2026, 6, 12),
            "days": Decimal(5),
            "hours": Decimal(30),
        }
        told = {name: fields.pop(name, value) for name, value in values.items()}
        return record_class(
            facts=ClassFacts(**told), **{"absent": {self.one: 0}, "by": self.staff, "at": NOW, **fields}
        )


@pytest.fixture
def township() -> Township:
    return Township()


def test_case_5_one_half_day_absent_of_five_days(township: Township) -> None:
    township.record(absent={township.one: 1, township.two: 0})
    late, whole = HoursEntry.objects.order_by("hours")
    assert (late.hours, late.days, late.times) == (Decimal(27), Decimal("4.5"), 1)
    assert (whole.hours, whole.days, whole.times) == (Decimal(30), Decimal(5), 1)


@pytest.mark.parametrize("days", [Decimal(5), Decimal("6.5"), Decimal(7), Decimal(10)])
def test_case_6_absent_for_more_than_a_seventh_is_out_of_the_class(township: Township, days: Decimal) -> None:
    """Forty hours: two half-days are six hours at the day rate of six, a seventh is 5.71."""
    township.record(
        starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 10), days=days, hours=Decimal(40),
        absent={township.one: 2, township.two: 1},
    )  # fmt: skip
    out, stayed = HoursEntry.objects.order_by("hours")
    assert (out.person, out.hours, out.days, out.times) == (township.one, 0, 0, 0)
    assert (out.withheld, out.withheld_why) == (Decimal(40), Withheld.ABSENT)
    assert stayed.hours == Decimal(40) - max(Decimal(3), 40 / (2 * days)).quantize(Decimal("0.01"))
    assert stayed.days == days - Decimal("0.5")


def test_the_line_says_what_when_and_by_whom(township: Township) -> None:
    held = township.record(kind=ClassKind.ROTATION, by=township.county_staff)
    line = HoursEntry.objects.get()
    assert line.source == f"class:{held.pk}"
    assert (line.kind, line.ledger, line.title) == (EntryKind.ROTATION, Ledger.CONCENTRATED, "春季培训班")
    assert (line.earned_on, line.year, line.by, line.rule) == (
        date(2026, 6, 12), 2026, township.county_staff, township.rule,
    )  # fmt: skip
    assert CadreChange.objects.filter(person=township.one).exists()
    assert AuditLine.objects.get().action == "class.record"


def test_the_same_form_twice_is_one_class(township: Township) -> None:
    first = township.record(key="form-1")
    assert township.record(key="form-1") == first
    assert (TrainingClass.objects.count(), HoursEntry.objects.count(), Place.objects.count()) == (
        1,
        1,
        1,
    )


def test_anothers_form_with_the_same_key_is_another_class(township: Township) -> None:
    first = township.record(key="form-1")
    colleague = StaffFactory(unit=township.tree.township).person
    second = township.record(key="form-1", by=colleague, absent={township.two: 0})
    assert (first.by, second.by) == (township.staff, colleague)


def test_the_same_form_at_the_same_moment_is_one_class(
    township: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even of other people, who hold no lock of ours: the constraint decides."""
    first = township.record(key="form-1")
    seen, blind = actions._recorded, [True]
    monkeypatch.setattr(
        actions, "_recorded", lambda key, by: None if blind and blind.pop() else seen(key, by)
    )
    assert township.record(key="form-1", absent={township.two: 0}) == first
    assert HoursEntry.objects.count() == 1


@pytest.mark.parametrize("key", [None, "form-1"])
@pytest.mark.parametrize("fields", [{"hours": Decimal(0)}, {"days": Decimal(-1)}])
def test_the_database_refuses_a_class_that_nobody_could_miss(
    township: Township, fields: dict, key: str | None
) -> None:
    township.record()
    with pytest.raises(IntegrityError), transaction.atomic():
        township.record(key=key, absent={township.two: 0}, **fields)
    assert HoursEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"absent": {}}, actions.NobodyAttended),
        ({"ends_on": date(2026, 6, 21)}, actions.NotHeldYet),
        ({"days": Decimal("5.5"), "hours": Decimal(33)}, actions.MoreDaysThanDates),
        ({"hours": Decimal("60.01")}, actions.MoreHoursThanDays),
        ({"hours": Decimal("60.01"), "days": Decimal(0)}, actions.MoreHoursThanDays),
        ({"kind": ClassKind.ROTATION}, actions.NotForTownship),
        ({"ends_on": date(2019, 6, 12), "starts_on": date(2019, 6, 8)}, NoRule),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    township: Township, fields: dict, error: type[Exception]
) -> None:
    with pytest.raises(error):
        township.record(**fields)
    assert not TrainingClass.objects.exists()
    assert not HoursEntry.objects.exists()


def test_twelve_hours_a_day_and_evenings_without_days_are_recorded(township: Township) -> None:
    township.record(hours=Decimal(60))
    township.record(hours=Decimal(14), days=Decimal(0))
    assert TrainingClass.objects.count() == 2


def test_more_absence_than_the_class_had_names_the_person(township: Township) -> None:
    with pytest.raises(actions.MoreAbsenceThanClass) as refused:
        township.record(absent={township.one: 11})
    assert refused.value.person == township.one


def test_the_same_class_recorded_by_two_doubles_nothing(township: Township) -> None:
    first = township.record(absent={township.one: 1, township.two: 0})
    with pytest.raises(actions.ElsewhereThen) as refused:
        township.record(by=township.county_staff, absent={township.two: 0}, key="another form")
    assert (refused.value.person, refused.value.other) == (township.two, first)
    assert HoursEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "last", "days", "missed", "fits"),
    [
        (date(2026, 6, 13), date(2026, 6, 14), 2, 0, True),
        (date(2026, 6, 12), date(2026, 6, 13), 2, 0, False),
        (date(2026, 6, 12), date(2026, 6, 13), 1, 0, True),
        (date(2026, 6, 12), date(2026, 6, 13), Decimal("1.5"), 0, False),
        (date(2026, 6, 1), date(2026, 6, 14), 9, 0, True),
        (date(2026, 6, 1), date(2026, 6, 14), Decimal("9.5"), 0, False),
        (date(2026, 6, 1), date(2026, 6, 14), Decimal("9.5"), 1, True),
    ],
)
def test_days_of_two_classes_fit_between_their_dates(
    township: Township, first: date, last: date, days: Decimal, missed: int, fits: bool
) -> None:
    township.record()
    fields = {"starts_on": first, "ends_on": last, "days": days, "hours": days * 6}
    expected = nullcontext() if fits else pytest.raises(actions.ElsewhereThen)
    with expected:
        township.record(**fields, absent={township.one: missed})
    assert TrainingClass.objects.count() == 1 + fits


def test_class_that_was_taken_back_makes_room_for_the_right_one(township: Township) -> None:
    township.record()
    (entry,) = HoursEntry.objects.all()
    correct(entry=entry, worth=Worth(Decimal(0)), reason="记错了台账", by=township.staff, at=NOW)
    township.record(ledger=Ledger.COLLECTIVE)
    assert HoursEntry.objects.grants().count() == 2


def test_people_and_units_of_others_are_refused_by_name(township: Township) -> None:
    stranger = CadreFactory(unit=township.tree.far_village)
    with pytest.raises(actions.OutOfScope) as refused:
        township.record(absent={township.one: 0, stranger: 0})
    assert refused.value.names == [stranger.name]
    with pytest.raises(actions.OutOfScope) as refused:
        township.record(unit=township.tree.other_township)
    assert refused.value.names == [township.tree.other_township.name]
    assert not HoursEntry.objects.exists()


def test_a_class_that_ends_today_is_earned_now(township: Township) -> None:
    today = NOW.date()
    township.record(starts_on=today - timedelta(days=4), ends_on=today)
    assert HoursEntry.objects.get().earned_at == NOW
