"""Bringing in questions: judged first, written at the yes, once; for authors alone."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditLine, StaffRole
from courses.quizzes.imports.models import BroughtSheet
from courses.quizzes.models import Question
from tests.courses.conftest import publisher, signed_in
from tests.courses.quizzes.imports.sheets import GOOD, csv_sheet, row
from tests.factories import CadreFactory

pytestmark = pytest.mark.django_db
UPLOAD = "/cms/question-sheets/"
WRONG = row("怪题", "<script>alert(1)</script>", answer="对")


@pytest.fixture
def author(db: None) -> Client:
    return signed_in(publisher(StaffRole.TRAINER))


def bring(client: Client, *rows: list[str]) -> str:
    """Bring a sheet; the address of its preview."""
    answered = client.post(UPLOAD, {"file": csv_sheet(*rows)})
    assert answered.status_code == 302, answered.content.decode()
    return str(answered.url)


def test_a_sheet_is_judged_shown_and_written_once(author: Client) -> None:
    preview = bring(author, GOOD, row("判断题", "公开两次就够。", answer="错"))
    assert not Question.objects.exists()
    page = author.get(preview)
    assert "谁召集村民会议" in page.content.decode()
    assert author.post(f"{preview}write/").url == UPLOAD
    assert Question.objects.count() == 2
    assert author.post(f"{preview}write/").url == UPLOAD
    assert Question.objects.count() == 2
    assert AuditLine.objects.filter(action="questions.imported").count() == 1
    assert BroughtSheet.objects.get().rows == []
    assert author.get(preview).status_code == 404


def test_the_list_of_questions_leads_here(author: Client) -> None:
    assert f'href="{UPLOAD}"' in author.get(reverse("questions:index")).content.decode()


def test_wrong_rows_stop_everything_unless_they_are_left_out(author: Client) -> None:
    preview = bring(author, GOOD, WRONG)
    refused = author.post(f"{preview}write/")
    assert refused.status_code == 409
    assert not Question.objects.exists()
    author.post(f"{preview}write/", {"leave_out": "on"})
    assert Question.objects.get().stem == "谁召集村民会议？"


def test_what_stands_in_cells_is_never_markup(author: Client) -> None:
    page = author.get(bring(author, WRONG)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_wrong_rows_can_be_taken_away_and_come_again(author: Client) -> None:
    preview = bring(author, GOOD, WRONG)
    sheet = author.get(f"{preview}errors/")
    assert sheet["Content-Type"].endswith("spreadsheetml.sheet")
    assert author.get(f"{UPLOAD}sheet/").content.startswith(b"PK")


def test_a_second_sheet_takes_the_place_of_one_that_waits_and_one_can_be_dropped(author: Client) -> None:
    first, second = bring(author, GOOD), bring(author, GOOD)
    assert author.get(first).status_code == 404
    assert author.post(f"{second}drop/").status_code == 302
    assert not BroughtSheet.objects.exists()
    assert author.post(f"{second}drop/").status_code == 302


@pytest.mark.parametrize("content", [b"", b"%PDF", b"\xff" * 100, "姓名,电话\n王,1\n".encode()])
def test_a_file_that_is_no_sheet_of_questions_is_refused_in_words(author: Client, content: bytes) -> None:
    file = csv_sheet()
    file.seek(0)
    file.truncate()
    file.write(content)
    file.seek(0)
    answered = author.post(UPLOAD, {"file": file})
    assert answered.status_code == 422
    assert not BroughtSheet.objects.exists()


def test_another_author_finds_no_sheet_of_mine(author: Client) -> None:
    preview = bring(author, GOOD)
    other = signed_in(publisher(StaffRole.REVIEWER))
    assert other.get(UPLOAD).status_code == 200
    for address in (preview, f"{preview}errors/"):
        assert other.get(address).status_code == 404
    assert other.post(f"{preview}write/").status_code == 404
    other.post(f"{preview}drop/")
    assert BroughtSheet.objects.count() == 1
    assert not Question.objects.exists()


@pytest.mark.parametrize("name", ["upload", "sheet"])
def test_learners_and_strangers_do_not_come_in(client: Client, name: str) -> None:
    address = reverse(f"question_imports:{name}")
    assert client.get(address).status_code == 302
    learner = signed_in(CadreFactory())
    assert learner.get(address).status_code in (302, 403)


def test_a_preview_costs_the_same_queries_for_every_size(
    author: Client, django_assert_max_num_queries
) -> None:
    preview = bring(author, *[row("判断题", f"问{n}", answer="对") for n in range(120)])
    with django_assert_max_num_queries(30):
        page = author.get(f"{preview}?page=2&show=NEW")
    assert "问60" in page.content.decode()
