"""The ledger: granted once, capped by day, corrected by a second line, never changed."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditLine, Cadre, CadreChange, Role
from lms.hours.actions import (
    BelowNothing,
    NotCorrectable,
    NothingToCorrect,
    RuleNotLater,
    TooManyHours,
    VersionTaken,
    Worth,
    correct,
    install_default_rule,
    set_rule,
)
from lms.hours.defaults import DEFAULT_RULE
from lms.hours.models import (
    EntryKind,
    HoursEntry,
    HoursEntryQuerySet,
    HoursRule,
    Ledger,
    LedgerIsAppendOnly,
    Totals,
    Withheld,
    YearFigures,
)
from lms.hours.rules import NoRule, online_hours, rule_for
from tests.factories import CadreFactory, PostFactory, RuleFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.hours.conftest import NINE, give, given

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_case_1_five_lessons_and_a_test_are_three_hours(person: Cadre) -> None:
    rule = HoursRule.objects.get()
    for seconds in (1800, 1799, 901, 900, 250):
        give(person, str(online_hours(rule, seconds)))
    give(person, str(rule.quiz_hours), source="quiz:1", kind=EntryKind.QUIZ)
    assert HoursEntry.objects.of(person.pk).in_year(2026).total().hours == 3


def test_case_2_a_source_is_granted_once_also_next_year(person: Cadre) -> None:
    given(person, source="lesson:7")
    assert give(person, source="lesson:7") is None
    assert give(person, source="lesson:7", earned_at=NINE + timedelta(days=300)) is None
    assert HoursEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "earned", "recorded", "is_late"),
    [
        (EntryKind.LESSON, (2026, 6, 10, 23, 59), (2026, 6, 10, 23, 59), False),
        (EntryKind.LESSON, (2026, 6, 10, 23, 59), (2026, 6, 11, 0, 0), True),
        (EntryKind.CLASS, (2026, 6, 10, 18, 0), (2026, 6, 30, 9, 0), False),
        (EntryKind.CLASS, (2026, 12, 31, 18, 0), (2027, 1, 1, 0, 0), True),
    ],
)
def test_study_is_late_after_its_day_and_what_staff_record_after_its_year(
    person: Cadre, kind: EntryKind, earned: tuple[int, ...], recorded: tuple[int, ...], is_late: bool
) -> None:
    def at(moment: tuple[int, ...]) -> datetime:
        return datetime(*moment, tzinfo=SHANGHAI)

    entry = given(person, kind=kind, earned_at=at(earned), at=at(recorded))
    assert (entry.is_late, entry.year) == (is_late, 2026)
    staff = StaffFactory(unit=person.unit).person
    line = correct(entry=entry, worth=Worth(Decimal(0)), reason="误", by=staff, at=at((2028, 1, 1)))
    assert not line.is_late


def test_a_source_is_granted_to_each_person(person: Cadre, tree: CountyTree) -> None:
    given(person, source="lesson:7")
    given(CadreFactory(unit=tree.village), source="lesson:7")


def test_case_4_over_the_cap_of_the_day_nothing_is_added(person: Cadre) -> None:
    for _ in range(10):
        give(person)
    over = given(person)
    assert (over.hours, over.withheld, over.withheld_why) == (0, 1, Withheld.DAILY_CAP)
    assert HoursEntry.objects.of(person.pk).total().hours == 10


def test_the_cap_grants_the_part_that_still_fits(person: Cadre) -> None:
    given(person, "9.75")
    part = given(person, "0.5")
    assert (part.hours, part.withheld) == (Decimal("0.25"), Decimal("0.25"))


def test_the_cap_counts_lessons_and_quizzes_of_the_day_only(person: Cadre) -> None:
    given(person, "10")
    given(person, "3", kind=EntryKind.CLASS, ledger=Ledger.CONCENTRATED)
    assert given(person, "1", earned_at=NINE + timedelta(days=1)).hours == 1
    assert given(person, "2", kind=EntryKind.CLAIM, source="claim:1").hours == 2
    assert given(person, "1", kind=EntryKind.QUIZ, source="quiz:1").hours == 0


def test_a_correction_makes_room_under_the_cap(person: Cadre, tree: CountyTree) -> None:
    given(person, "7")
    first = given(person, "3")
    correct(entry=first, worth=Worth(Decimal(1)), reason="重复", by=CadreFactory(unit=tree.county), at=NINE)
    assert given(person, "5").hours == 2


@pytest.mark.parametrize(
    ("moment", "day", "year"),
    [
        (datetime(2025, 12, 31, 23, 59, 59, tzinfo=SHANGHAI), date(2025, 12, 31), 2025),
        (datetime(2026, 1, 1, 0, 0, tzinfo=SHANGHAI), date(2026, 1, 1), 2026),
        (datetime.fromisoformat("2025-12-31T16:00:00+00:00"), date(2026, 1, 1), 2026),
    ],
)
def test_the_day_and_the_year_are_those_of_shanghai(
    person: Cadre, moment: datetime, day: date, year: int
) -> None:
    line = given(person, earned_at=moment, at=NINE)
    assert (line.earned_on, line.year, line.recorded_at) == (day, year, NINE)


def test_a_line_keeps_unit_and_post_of_its_day(person: Cadre, tree: CountyTree) -> None:
    earlier = PostFactory(person=person, unit=tree.other_village, to_on=date(2026, 3, 31))
    PostFactory(person=person, unit=tree.village, role=Role.DIRECTOR, from_on=date(2026, 4, 1))
    secretary = PostFactory(person=person, unit=tree.village, role=Role.SECRETARY, from_on=date(2026, 5, 1))
    late = given(person, earned_at=datetime(2026, 3, 1, tzinfo=SHANGHAI))
    assert (late.unit, late.post) == (tree.other_village, earlier)
    now = given(person)
    assert (now.unit, now.post) == (tree.village, secretary)


def test_without_a_post_the_present_unit_counts(person: Cadre, tree: CountyTree) -> None:
    line = given(person)
    assert (line.unit, line.post) == (tree.village, None)


def test_case_12_a_new_version_leaves_earlier_lines_alone(person: Cadre, tree: CountyTree) -> None:
    before = given(person, earned_at=datetime(2026, 6, 30, 12, tzinfo=SHANGHAI))
    revised = set_rule(
        unit=tree.province,
        version="2026-下半年",
        valid_from=date(2026, 7, 1),
        document="晋组〔2026〕9号",
        by=CadreFactory(unit=tree.province),
        at=NINE,
        **{**DEFAULT_RULE, "online_daily_cap": Decimal("0.5")},
    )
    after = given(person, earned_at=datetime(2026, 7, 1, 0, 0, tzinfo=SHANGHAI))
    late = given(person, earned_at=datetime(2026, 6, 30, 23, tzinfo=SHANGHAI))
    assert (before.rule, before.hours) == (late.rule, late.hours)
    assert (after.rule, after.hours) == (revised, Decimal("0.5"))
    year = HoursEntry.objects.of(person.pk).in_year(2026)
    assert set(year.values_list("rule__version", flat=True)) == {before.rule.version, "2026-下半年"}


def test_a_new_version_begins_later_than_the_one_before_and_not_in_the_past(tree: CountyTree) -> None:
    rule = HoursRule.objects.get()
    by = CadreFactory(unit=tree.province)
    values = {"unit": tree.province, "document": "", "by": by, "at": NINE, **DEFAULT_RULE}
    for day in (rule.valid_from, date(2026, 6, 9)):
        with pytest.raises(RuleNotLater):
            set_rule(version="x", valid_from=day, **values)
    with pytest.raises(VersionTaken):
        set_rule(version=rule.version, valid_from=date(2026, 7, 1), **values)
    with pytest.raises(ValidationError):
        set_rule(version="x", valid_from=date(2026, 7, 1), **{**values, "online_steps": []})
    assert HoursRule.objects.get() == rule


def test_a_region_sets_its_first_rule_and_then_the_next_version(tree: CountyTree) -> None:
    by = CadreFactory(unit=tree.county)
    values = {"unit": tree.county, "document": "", "by": by, "at": NINE, **DEFAULT_RULE}
    first = set_rule(version="县2026-1", valid_from=NINE.date(), **values)
    second = set_rule(version="县2026-2", valid_from=date(2026, 7, 1), **values)
    assert [rule_for(tree.village, day) for day in (NINE.date(), date(2026, 7, 1))] == [first, second]
    followed = AuditLine.objects.filter(action="hours.rule", unit=tree.county).order_by("pk")
    assert [line.detail["follows"] for line in followed] == [None, first.pk]


def test_without_a_rule_nothing_is_granted(person: Cadre) -> None:
    with pytest.raises(NoRule):
        give(person, earned_at=datetime(2019, 1, 1, tzinfo=SHANGHAI))
    assert not HoursEntry.objects.exists()


def test_a_grant_marks_the_person_for_new_figures(person: Cadre) -> None:
    given(person, source="lesson:7")
    assert list(CadreChange.objects.values_list("person", "at")) == [(person.pk, NINE)]
    give(person, source="lesson:7")
    assert CadreChange.objects.count() == 1


def test_a_refused_second_grant_leaves_the_callers_transaction_whole(
    person: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when the first line was not to be seen: the constraint decides, and the caller goes on."""
    given(person, source="lesson:7")
    seen = HoursEntryQuerySet.grants
    blind = [True]
    monkeypatch.setattr(
        HoursEntryQuerySet, "grants", lambda self: self.none() if blind and blind.pop() else seen(self)
    )
    with transaction.atomic():
        assert give(person, source="lesson:7") is None
        given(person, source="lesson:8")
    assert HoursEntry.objects.count() == 2


def test_a_correction_is_a_second_line_that_names_the_first(person: Cadre, tree: CountyTree) -> None:
    officer = StaffFactory(unit=tree.township).person
    first = given(person, "1")
    line = correct(entry=first, worth=Worth(Decimal("0.5")), reason="时长有误", by=officer, at=NINE)
    assert (line.corrects, line.hours, line.reason, line.by) == (first, Decimal("-0.5"), "时长有误", officer)
    assert (line.year, line.earned_on, line.unit, line.rule) == (
        first.year, first.earned_on, first.unit, first.rule,
    )  # fmt: skip
    assert HoursEntry.objects.about(first).total() == Totals(Decimal("0.5"))
    assert AuditLine.objects.get().action == "hours.correct"
    assert CadreChange.objects.count() == 2


def test_the_same_correction_twice_is_one_line(person: Cadre, tree: CountyTree) -> None:
    first = given(person, "1")
    values = {"entry": first, "reason": "重复", "by": CadreFactory(unit=tree.county), "at": NINE}
    line = correct(worth=Worth(Decimal(0)), **values)
    assert correct(worth=Worth(Decimal(0)), **values) == line
    back = correct(worth=Worth(Decimal(1)), **values)
    assert back.hours == 1
    assert HoursEntry.objects.about(first).total().hours == 1


def test_what_cannot_be_corrected_is_refused(person: Cadre, tree: CountyTree) -> None:
    first = given(person, "1")
    values = {"reason": "错", "by": CadreFactory(unit=tree.county), "at": NINE}
    with pytest.raises(NothingToCorrect):
        correct(entry=first, worth=Worth(Decimal(1)), **values)
    line = correct(entry=first, worth=Worth(Decimal("0.5")), **values)
    with pytest.raises(NotCorrectable):
        correct(entry=line, worth=Worth(Decimal(1)), **values)


@pytest.mark.parametrize(
    ("kind", "worth", "days", "most"),
    [
        (EntryKind.LESSON, Worth(Decimal("0.25")), "0", "1"),
        (EntryKind.QUIZ, Worth(Decimal("0.25")), "0", "0.5"),
        (EntryKind.CLASS, Worth(Decimal(14), Decimal("2.5"), 1), "2.5", "30"),
        (EntryKind.ROTATION, Worth(Decimal(30), Decimal(5), 1), "1", "12"),
        (EntryKind.CLASS, Worth(Decimal(0), withheld=Decimal(14)), "0", "14"),
        (EntryKind.VIEWING, Worth(Decimal(2)), "0", "12"),
        (EntryKind.CLAIM, Worth(Decimal(38), withheld=Decimal(2)), "0", "40"),
    ],
)
def test_a_correction_stays_within_what_its_kind_of_learning_can_give(
    person: Cadre, tree: CountyTree, kind: EntryKind, worth: Worth, days: str, most: str
) -> None:
    entry = given(person, kind=kind, worth=worth)
    values = {"entry": entry, "reason": "补", "by": CadreFactory(unit=tree.county), "at": NINE}
    with pytest.raises(TooManyHours) as refused:
        correct(worth=Worth(Decimal(most) + Decimal("0.01"), Decimal(days)), **values)
    assert refused.value.most == Decimal(most)
    correct(worth=Worth(Decimal(most), Decimal(days)), **values)
    assert HoursEntry.objects.about(entry).total().hours == Decimal(most)


@pytest.mark.parametrize(
    "worth", [Worth(Decimal(-1)), Worth(Decimal(1), Decimal(-1)), Worth(Decimal(1), times=-1)]
)
def test_no_line_is_brought_below_nothing(person: Cadre, tree: CountyTree, worth: Worth) -> None:
    entry = given(person)
    with pytest.raises(BelowNothing):
        correct(entry=entry, worth=worth, reason="误", by=CadreFactory(unit=tree.county), at=NINE)
    assert HoursEntry.objects.count() == 1


def test_the_ledger_cannot_be_changed_or_deleted(person: Cadre) -> None:
    line = given(person)
    line.hours = Decimal(9)
    for attempt in (
        line.save,
        line.delete,
        HoursEntry.objects.all().delete,
        lambda: HoursEntry.objects.update(hours=9),
        lambda: HoursEntry.objects.bulk_update([line], ["hours"]),
    ):
        with pytest.raises(LedgerIsAppendOnly):
            attempt()
    assert HoursEntry.objects.get().hours == 1


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({}, "entry_granted_once"),
        ({"source": "lesson:8", "hours": Decimal(-1)}, "entry_grant_not_negative"),
        ({"source": "lesson:8", "withheld": Decimal(-1)}, "entry_withheld_not_negative"),
        ({"corrects_id": "first", "reason": ""}, "entry_correction_names_reason_and_person"),
        ({"corrects_id": "first", "reason": "错"}, "entry_correction_names_reason_and_person"),
    ],
)
def test_the_database_keeps_the_promises(person: Cadre, fields: dict, constraint: str) -> None:
    line = given(person, source="lesson:7")
    first = line.pk
    line.pk = None
    for name, value in fields.items():
        setattr(line, name, first if value == "first" else value)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        line.save(force_insert=True)
    # SQLite names the columns of a broken unique constraint, and not the constraint.
    assert constraint in str(refused.value) or "UNIQUE" in str(refused.value)


def test_years_stand_side_by_side_in_one_query(person: Cadre, django_assert_num_queries) -> None:
    given(person, "1")
    given(person, "2", earned_at=datetime(2025, 3, 1, tzinfo=SHANGHAI), at=NINE)
    given(
        person,
        ledger=Ledger.CONCENTRATED,
        kind=EntryKind.CLASS,
        source="class:1",
        worth=Worth(Decimal(27), Decimal("4.5"), 1),
    )
    with django_assert_num_queries(1):
        years = HoursEntry.objects.of(person.pk).by_year()
    assert years == [
        YearFigures(2026, online=Decimal(1), concentrated=Decimal(27), days=Decimal("4.5")),
        YearFigures(2025, online=Decimal(2)),
    ]


def test_the_shipped_rule_is_installed_once(tree: CountyTree) -> None:
    rule = install_default_rule(tree.city, date(2026, 1, 1))
    assert install_default_rule(tree.city, date(2026, 1, 1)) == rule
    rule.full_clean()
    assert (rule.version, rule.online_daily_cap) == ("2026-1", 10)


def test_a_rule_that_granted_something_cannot_be_deleted(person: Cadre) -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        given(person).rule.delete()
    assert RuleFactory._meta.model.objects.count() == 1
