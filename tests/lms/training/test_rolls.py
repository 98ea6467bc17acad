"""Marks as a phone brings them, and as a form without scripts sends them."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.phones.uploads import Entry, Json, Refused
from lms.training.rolls import Guest, RollSheet, Seat, Slot, changes_in, read_mark, write_roll_token

OPENED = datetime(2026, 5, 8, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 15, 1, tzinfo=UTC)
HOUR = 3_600_000


def entry(age_ms: int = 0, *, token: str | None = None, **body: object) -> Entry:
    mine = write_roll_token(kind="class", pk=7, by=3, at=OPENED)
    told: Json = {"slot": "1.in", "person": 5, "is": True, **body}
    return Entry(1, "class_roll", mine if token is None else token, age_ms, told)


def test_a_mark_is_as_old_as_the_phone_says() -> None:
    mark = read_mark(entry(2 * HOUR), at=NOW)
    assert (mark.token.kind, mark.token.pk, mark.token.by) == ("class", 7, 3)
    assert (mark.slot, mark.person, mark.is_present) == ("1.in", 5, True)
    assert mark.marked_at == NOW - timedelta(hours=2)


@pytest.mark.parametrize("age_ms", [30 * 24 * HOUR, 2**53 - 1])
def test_no_mark_is_older_than_the_page_on_which_it_was_made(age_ms: int) -> None:
    assert read_mark(entry(age_ms), at=NOW).marked_at == OPENED


def test_a_guest_is_named_by_words() -> None:
    told = entry(guest="  13800000001 ")
    assert read_mark(told, at=NOW).person == Guest("13800000001")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"slot": ""}, "slot"),
        ({"slot": 1}, "slot"),
        ({"slot": "x" * 61}, "slot"),
        ({"is": 1}, "is"),
        ({"is": None}, "is"),
        ({"person": "5"}, "person"),
        ({"person": True}, "person"),
        ({"person": -1}, "person"),
        ({"guest": " "}, "guest"),
        ({"guest": 5}, "guest"),
        ({"guest": "x" * 61}, "guest"),
        ({"token": ""}, "token"),
        ({"token": "forged"}, "token"),
    ],
)
def test_a_mark_of_the_wrong_shape_is_refused(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_mark(entry(**wrong), at=NOW)  # type: ignore[arg-type]  # wrong on purpose
    assert refused.value.code == code


def sheet() -> RollSheet:
    seats = [
        Seat(1, "甲", "东城", frozenset({"1.in"})),
        Seat(2, "乙", "东城", frozenset({"2.in"})),
        Seat(3, "丙", "东城"),
    ]
    slots = [Slot("1.in", "上午", is_now=False), Slot("2.in", "下午")]
    return RollSheet("class", 7, "班", "今天", "t", slots, seats, "/")


def test_a_form_changes_only_the_slot_that_it_showed() -> None:
    assert changes_in(sheet(), ["2.in.0", "2.in.3"]) == [("2.in", 2, False), ("2.in", 3, True)]


def test_a_form_without_its_slot_changes_nothing() -> None:
    assert changes_in(sheet(), ["2.in.3", "nonsense", "9.in.1"]) == []


def test_the_page_begins_with_what_is_now() -> None:
    assert sheet().now.key == "2.in"
    assert sheet().present == 1
