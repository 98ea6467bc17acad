"""Limits of one class and of a kind a year: the order of arrival decides, and nothing lifts a line above."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Cadre
from lms.hours.actions import LimitReached, NothingToCorrect, TooManyHours, Worth, correct, set_rule, settle
from lms.hours.defaults import DEFAULT_RULE
from lms.hours.kinds import EntryKind, Ledger, Withheld, validate_caps
from lms.hours.models import HoursEntry, HoursRule, Totals
from lms.hours.rules import Admitted, foreseen
from tests.factories import CadreFactory, RuleFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree
from tests.lms.hours.conftest import NINE, give
from tests.lms.hours.conftest import given as granted
from tests.rules import examples

LEDGERS = {
    EntryKind.LESSON: Ledger.ONLINE,
    EntryKind.QUIZ: Ledger.ONLINE,
    EntryKind.CLASS: Ledger.CONCENTRATED,
    EntryKind.ROTATION: Ledger.CONCENTRATED,
    EntryKind.VIEWING: Ledger.COLLECTIVE,
    EntryKind.CLAIM: Ledger.CONCENTRATED,
}


def earn(person: Cadre, kind: EntryKind, hours: str, **fields: object) -> HoursEntry:
    days = Decimal(5) if kind in (EntryKind.CLASS, EntryKind.ROTATION) else Decimal(0)
    worth = Worth(Decimal(hours), days, int(days > 0))
    return granted(person, kind=kind, ledger=LEDGERS[kind], worth=worth, **fields)


def limits(**values: object) -> None:
    HoursRule.objects.update(**values)


def told(entry: HoursEntry) -> tuple[Decimal, Decimal, str]:
    return entry.hours, entry.withheld, entry.withheld_why


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [EntryKind.CLASS, EntryKind.ROTATION])
def test_one_class_gives_no_more_than_its_limit_and_keeps_its_days(person: Cadre, kind: EntryKind) -> None:
    limits(class_cap=Decimal(24))
    line = earn(person, kind, "30")
    assert told(line) == (24, 6, Withheld.CLASS_CAP)
    assert (line.days, line.times) == (5, 1)
    assert told(earn(person, kind, "24")) == (24, 0, Withheld.NOTHING)
    assert told(earn(person, EntryKind.CLAIM, "30")) == (30, 0, Withheld.NOTHING)


@pytest.mark.django_db
def test_a_kind_gives_no_more_in_a_year_than_its_limit(person: Cadre, tree: CountyTree) -> None:
    limits(yearly_caps={"CLAIM": "20"})
    assert told(earn(person, EntryKind.CLAIM, "15")) == (15, 0, Withheld.NOTHING)
    assert told(earn(person, EntryKind.CLAIM, "8")) == (5, 3, Withheld.KIND_CAP)
    assert told(earn(person, EntryKind.CLAIM, "1")) == (0, 1, Withheld.KIND_CAP)
    assert told(earn(person, EntryKind.VIEWING, "30")) == (30, 0, Withheld.NOTHING)
    other_year = NINE - timedelta(days=300)
    assert told(earn(person, EntryKind.CLAIM, "8", earned_at=other_year))[0] == 8
    assert told(earn(CadreFactory(unit=tree.village), EntryKind.CLAIM, "8"))[0] == 8


@pytest.mark.django_db
def test_the_narrowest_of_several_limits_is_named(person: Cadre) -> None:
    limits(yearly_caps={"LESSON": "4"}, online_daily_cap=Decimal(3))
    assert told(earn(person, EntryKind.LESSON, "5")) == (3, 2, Withheld.DAILY_CAP)
    tomorrow = NINE + timedelta(days=1)
    assert told(earn(person, EntryKind.LESSON, "5", earned_at=tomorrow)) == (1, 4, Withheld.KIND_CAP)


@pytest.mark.django_db
def test_a_later_rule_limits_later_lines_and_alters_no_earlier_one(person: Cadre, tree: CountyTree) -> None:
    before = earn(person, EntryKind.CLAIM, "30")
    later = NINE + timedelta(days=30)
    set_rule(
        unit=tree.county,
        version="县2026-2",
        valid_from=later.date(),
        document="",
        by=StaffFactory(unit=tree.county).person,
        at=NINE,
        **{**DEFAULT_RULE, "yearly_caps": {"CLAIM": "20"}},
    )
    assert told(earn(person, EntryKind.CLAIM, "1", earned_at=later, at=later)) == (0, 1, Withheld.KIND_CAP)
    assert HoursEntry.objects.get(pk=before.pk).hours == 30


@pytest.mark.django_db
def test_a_correction_lowers_freely_and_lifts_no_line_above_a_limit(person: Cadre, tree: CountyTree) -> None:
    limits(yearly_caps={"CLAIM": "20"})
    values = {"reason": "补记", "by": StaffFactory(unit=tree.county).person, "at": NINE}
    first, second = earn(person, EntryKind.CLAIM, "15"), earn(person, EntryKind.CLAIM, "8")
    with pytest.raises(LimitReached) as refused:
        correct(entry=second, worth=Worth(Decimal(6)), **values)
    assert (refused.value.most, refused.value.why) == (5, Withheld.KIND_CAP)
    correct(entry=first, worth=Worth(Decimal(12)), **values)
    correct(entry=second, worth=Worth(Decimal(8)), **values)
    with pytest.raises(LimitReached):
        correct(entry=first, worth=Worth(Decimal(15)), **values)
    limits(yearly_caps={"CLAIM": "10"})
    first.refresh_from_db()
    correct(entry=first, worth=Worth(Decimal(11)), **values)
    assert HoursEntry.objects.of(person.pk).total().hours == 19


@pytest.mark.django_db
def test_a_correction_lifts_no_lesson_above_the_limit_of_its_day(person: Cadre, tree: CountyTree) -> None:
    limits(online_daily_cap=Decimal(1))
    first, over = earn(person, EntryKind.LESSON, "0.5"), earn(person, EntryKind.LESSON, "1")
    values = {"reason": "补记", "by": StaffFactory(unit=tree.county).person, "at": NINE}
    with pytest.raises(LimitReached) as refused:
        correct(entry=over, worth=Worth(Decimal(1)), **values)
    assert refused.value.why == Withheld.DAILY_CAP
    correct(entry=first, worth=Worth(Decimal(0)), **values)
    correct(entry=over, worth=Worth(Decimal(1)), **values)
    assert HoursEntry.objects.of(person.pk).total().hours == 1


def settled(
    person: Cadre, staff: Cadre, worth: Worth, kind: EntryKind = EntryKind.CLASS
) -> HoursEntry | None:
    return settle(
        person=person,
        source="class:9",
        kind=kind,
        title="山药栽培班",
        ledger=LEDGERS[kind],
        worth=worth,
        earned_at=NINE,
        reason="重新结班",
        by=staff,
        at=NINE,
    )


@pytest.mark.django_db
def test_a_line_is_settled_within_its_limits_and_uses_what_it_used_before(
    person: Cadre, tree: CountyTree
) -> None:
    limits(yearly_caps={"CLASS": "40"})
    staff = StaffFactory(unit=tree.county).person
    earn(person, EntryKind.CLASS, "20")
    for hours, stands, times in (("18", 18, 1), ("24", 20, 2), ("24", 20, 2), ("30", 20, 2), ("12", 12, 3)):
        line = settled(person, staff, Worth(Decimal(hours), Decimal(3), 1))
        assert line is not None
        assert HoursEntry.objects.about(line).total() == Totals(Decimal(stands), Decimal(3), 1)
        assert HoursEntry.objects.about(line).count() == times
    raised = HoursEntry.objects.filter(corrects=line).order_by("pk")[0]
    assert told(raised) == (2, 4, Withheld.KIND_CAP)


@pytest.mark.django_db
def test_settling_who_dropped_out_says_so_and_nothing_at_all_writes_nothing(
    person: Cadre, tree: CountyTree
) -> None:
    staff = StaffFactory(unit=tree.county).person
    assert settled(person, staff, Worth(Decimal(0))) is None
    line = settled(person, staff, Worth(Decimal(18), Decimal(3), 1))
    settled(person, staff, Worth(Decimal(0), withheld=Decimal(18)))
    out = HoursEntry.objects.get(corrects=line)
    assert told(out) == (-18, 18, Withheld.ABSENT)
    with pytest.raises(TooManyHours):
        settled(person, staff, Worth(Decimal(37), Decimal(3), 1))


@pytest.mark.django_db
def test_what_a_preview_foresees_is_what_is_granted(
    tree: CountyTree, django_assert_num_queries: object
) -> None:
    limits(class_cap=Decimal(24), yearly_caps={"CLASS": "40"})
    people = [CadreFactory(unit=tree.village) for _ in range(4)]
    for number, person in enumerate(people):
        for _ in range(number):
            earn(person, EntryKind.CLASS, "14")
    rule = HoursRule.objects.get()
    worths = {person.pk: Decimal(30) for person in people}
    with django_assert_num_queries(1):
        found = foreseen(worths, kind=EntryKind.CLASS, on=NINE.date(), rule=rule)
    assert found == {
        people[0].pk: Admitted(Decimal(24), Withheld.CLASS_CAP),
        people[1].pk: Admitted(Decimal(24), Withheld.CLASS_CAP),
        people[2].pk: Admitted(Decimal(12), Withheld.KIND_CAP),
        people[3].pk: Admitted(Decimal(0), Withheld.KIND_CAP),
    }
    for person in people:
        line = earn(person, EntryKind.CLASS, "30")
        assert Admitted(line.hours, Withheld(line.withheld_why)) == found[person.pk]
    with django_assert_num_queries(0):
        assert foreseen(worths, kind=EntryKind.CLAIM, on=NINE.date(), rule=rule)[people[0].pk].hours == 30


@pytest.mark.parametrize(
    "caps",
    [
        None, [], "CLAIM", {"MOON": "1"}, {"CLAIM": 8}, {"CLAIM": ""}, {"CLAIM": "0"}, {"CLAIM": "-1"},
        {"CLAIM": "NaN"}, {"CLAIM": "Infinity"}, {"CLAIM": "2000.01"}, {"CLAIM": "1e9999"},
        {"CLAIM": "0.125"},
        {"CLAIM": None}, {"": "1"},
    ],
)  # fmt: skip
def test_limits_that_make_no_sense_are_refused(caps: object) -> None:
    with pytest.raises(ValidationError):
        validate_caps(caps)
    validate_caps({})
    validate_caps({kind.value: "0.5" for kind in EntryKind})


@pytest.mark.django_db
def test_set_rule_refuses_a_limit_that_makes_no_sense(tree: CountyTree) -> None:
    values = {**DEFAULT_RULE, "yearly_caps": {"MOON": "1"}}
    staff = StaffFactory(unit=tree.county).person
    with pytest.raises(ValidationError):
        set_rule(
            unit=tree.county, version="x", valid_from=NINE.date(), document="", by=staff, at=NINE, **values
        )
    assert HoursRule.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"class_cap": Decimal(0)}, "hours_rule_class_cap_above_nothing"),
        ({"half_day_hours": Decimal(0)}, "hours_rule_half_day_within_day"),
        ({"half_day_hours": Decimal("6.01")}, "hours_rule_half_day_within_day"),
    ],
)
def test_the_database_keeps_limits_and_rates_sane(tree: CountyTree, fields: dict, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        limits(**fields)


hours = st.sampled_from(["0.5", "2", "5", "9", "20"])
steps = st.one_of(
    st.tuples(st.just("grant"), st.sampled_from(EntryKind), hours, st.integers(0, 400)),
    st.tuples(st.just("settle"), st.just(EntryKind.CLASS), hours, st.just(0)),
    st.tuples(st.just("correct"), st.just(EntryKind.CLASS), hours, st.integers(0, 20)),
)
caps = st.dictionaries(st.sampled_from([kind.value for kind in EntryKind]), hours, max_size=3)


class Limits(TestCase):
    """Whatever comes in whatever order."""

    @settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(steps, max_size=14), caps, st.none() | st.just("9"), st.just("6"))
    @example([("settle", EntryKind.CLASS, "20", 0)] * 2, {"CLASS": "9"}, "5", "6")
    def test_no_sum_ever_passes_its_limit(
        self, history: list, yearly: dict[str, str], class_cap: str | None, daily: str
    ) -> None:
        tree = county_tree()
        RuleFactory(
            unit=tree.province,
            yearly_caps=yearly,
            class_cap=class_cap and Decimal(class_cap),
            online_daily_cap=Decimal(daily),
        )
        person, staff = CadreFactory(unit=tree.village), StaffFactory(unit=tree.county).person
        before: list[tuple[object, ...]] = []
        for name, kind, amount, number in history:
            worth = Worth(Decimal(amount), Decimal(5), 1)
            if name == "grant":
                at = NINE + timedelta(days=number)
                give(person, kind=kind, ledger=LEDGERS[kind], worth=worth, earned_at=at, at=at)
            elif name == "settle":
                settled(person, staff, worth)
            elif lines := list(HoursEntry.objects.grants()):
                with suppress(TooManyHours, NothingToCorrect):
                    correct(entry=lines[number % len(lines)], worth=worth, reason="误", by=staff, at=NINE)
            self._hold(yearly, class_cap, daily)
            written = list(HoursEntry.objects.order_by("pk").values_list())
            assert written[: len(before)] == before
            before = written

    def _hold(self, yearly: dict[str, str], class_cap: str | None, daily: str) -> None:
        days: dict[object, Decimal] = {}
        years: dict[tuple[str, int], Decimal] = {}
        sources: dict[str, Decimal] = {}
        for line in HoursEntry.objects.all():
            if line.kind in ("LESSON", "QUIZ"):
                days[line.earned_on] = days.get(line.earned_on, Decimal(0)) + line.hours
            if line.kind in ("CLASS", "ROTATION"):
                sources[line.source] = sources.get(line.source, Decimal(0)) + line.hours
            years[(line.kind, line.year)] = years.get((line.kind, line.year), Decimal(0)) + line.hours
        assert all(total <= Decimal(daily) for total in days.values())
        assert all(total <= Decimal(class_cap or 999) for total in sources.values())
        assert all(total <= Decimal(yearly.get(kind, "999")) for (kind, _year), total in years.items())
