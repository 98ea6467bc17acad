"""The four books and the table by month: what was recorded, as it is filed."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditLine
from lms.training.viewings.actions import note_discussion, reopen_viewing
from lms.training.viewings.models import Equipment
from lms.training.viewings.registers import Span, months, register_of
from tests.lms.training.viewings.evenings import AT, Town, held, town, villager

pytestmark = pytest.mark.django_db
MAY = Span(date(2026, 5, 1), date(2026, 5, 31))


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(AT + timedelta(days=20), tick=False):
        yield


@pytest.fixture
def place(db: None) -> Town:
    return town()


def rows(kind: str, place: Town, span: Span = MAY) -> list[list[str]]:
    return list(register_of(kind).rows(place.tree.township, span))


def test_the_viewing_record_says_what_when_where_and_who(place: Town) -> None:
    people = [villager(place.tree.village, name=name) for name in ("李秀兰", "张有财")]
    viewing = held(place.near, people)
    reopen_viewing(viewing=viewing, reason="补记", by=place.township, at=AT)
    note_discussion(viewing=viewing, text="=1+1 谈路", by=place.keeper, at=AT)
    held(place.far, [])
    held(place.other, [], at=AT - timedelta(days=40))
    (row,) = rows("viewings", place)
    assert row[1:4] == ["党课直播", row[2], "14:00–15:30"]
    assert (row[4], row[5]) == ("东城村收看点", "2")
    assert "李秀兰" in row[6]
    assert row[7:] == ["=1+1 谈路", place.keeper.name]
    assert rows("feedback", place)[0][4] == "=1+1 谈路"


def test_equipment_and_roster_are_books_too(place: Town) -> None:
    Equipment.objects.create(station=place.near, name="投影仪", count=2, condition="REPAIR")
    person = villager(place.tree.village, phone="13812345678")
    held(place.near, [person])
    assert rows("equipment", place)[0][2:4] == ["投影仪", "2"]
    (line,) = [row for row in rows("people", place) if row[1] == person.name]
    assert line[4:] == ["138****5678", "1"]


def test_a_month_counts_what_was_closed_where_it_was_held(place: Town) -> None:
    guest = villager(place.tree.far_village)
    held(place.near, [villager(place.tree.village), guest])
    held(place.near, [guest], at=AT + timedelta(days=1))
    may = months(place.tree.township, 2026)[4]
    assert (may.viewings, len(may.stations), may.minutes, may.attended, may.hours) == (2, 1, 180, 3, 3)
    assert sum(month.viewings for month in months(place.tree.other_township, 2026)) == 0
    assert sum(month.viewings for month in months(place.tree.township, 2025)) == 0


@pytest.mark.parametrize("kind", ["viewings", "feedback", "equipment", "people"])
def test_a_book_goes_out_as_a_workbook_of_text(place: Town, client: Client, kind: str) -> None:
    viewing = held(place.near, [villager(place.tree.village)])
    viewing.discussion = "=HYPERLINK(1)"
    viewing.save()
    client.force_login(place.township)
    address = reverse("viewings:book", args=[kind]) + "?from_on=2026-05-01&to_on=2026-05-31"
    sheet = load_workbook(io.BytesIO(client.get(address).content)).active
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert len(next(iter(sheet.iter_rows()))) == len(register_of(kind).heads)
    assert AuditLine.objects.filter(action="viewing.register", unit=place.tree.township).exists()


@pytest.mark.parametrize(
    "query",
    ["from_on=x&to_on=y", "from_on=2026-05-09&to_on=2026-05-01", "from_on=2020-01-01&to_on=2026-01-01"],
)
def test_days_that_cannot_be_right_are_said_so(place: Town, client: Client, query: str) -> None:
    client.force_login(place.township)
    assert client.get(f"{reverse('viewings:register', args=['viewings'])}?{query}").status_code == 422
    assert client.get(f"{reverse('viewings:book', args=['viewings'])}?{query}").status_code == 302


def test_a_foreign_area_in_the_address_is_ones_own_instead(place: Town, client: Client) -> None:
    held(place.far, [villager(place.tree.far_village, name="赵远")])
    client.force_login(place.township)
    page = client.get(f"{reverse('viewings:register', args=['viewings'])}?unit={place.tree.far_village.code}")
    assert page.context["unit"] == place.tree.township
    assert "赵远" not in page.text


def test_a_register_asks_the_same_for_many_lines(
    place: Town, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(5):
        held(place.near, [villager(place.tree.village)], at=AT + timedelta(days=day))
    client.force_login(place.township)
    for kind in ("viewings", "people"):
        with django_assert_max_num_queries(16):
            client.get(reverse("viewings:register", args=[kind]))
