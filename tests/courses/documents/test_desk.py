"""Documents in the publishing desk, driven as trainers and reviewers drive it."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import StaffRole
from courses.documents.models import Document
from courses.models import LessonKind, LessonPage
from lms.jobs import runner
from tests.courses.conftest import publisher, signed_in
from tests.courses.documents import made
from tests.factories import CadreFactory, CourseFactory, document, pdf_document

pytestmark = pytest.mark.django_db

INDEX = "document_library:index"


def bring(client: Client, name: str, content: bytes) -> object:
    return client.post(
        reverse("document_library:add"), {"title": "防汛预案", "file": made.upload(name, content)}
    )


def run(kept: Document) -> None:
    assert kept.job_id is not None
    runner.run(kept.job_id, now=timezone.now)


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_trainer_brings_a_document_and_sees_how_far_it_is(trainer: Client) -> None:
    assert bring(trainer, "防汛.pdf", made.pdf(2)).status_code == 302
    kept = Document.objects.get()
    assert (kept.kind, kept.title, kept.uploaded_by_id) == ("PDF", "防汛预案", kept.job.args["by"])
    html = trainer.get(reverse(INDEX)).content.decode()
    assert f'data-job="{reverse("jobs:status", args=[kept.job_id])}"' in html
    assert "js/job.js" in html
    run(kept)
    html = trainer.get(reverse(INDEX)).content.decode()
    assert "data-job" not in html
    assert "Not taken" not in html


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b""), ("a.pdf", b"no"), ("a.docm", b"PK"), ("a.exe", b"MZ"), ("a.docx", b"PK\x03\x04 no")],
)
def test_what_can_be_seen_at_once_is_refused_at_once(trainer: Client, name: str, content: bytes) -> None:
    answer = bring(trainer, name, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Document.objects.exists()
    assert stored() == []


def test_what_the_job_refuses_says_why_in_the_list(trainer: Client) -> None:
    bring(trainer, "密.pdf", made.pdf(1, password="x"))
    kept = Document.objects.get()
    run(kept)
    kept.refresh_from_db()
    assert kept.job.words in trainer.get(reverse(INDEX)).content.decode()


def test_a_lesson_is_published_when_the_document_is_ready(reviewer: Client) -> None:
    course = CourseFactory()
    bring(reviewer, "防汛.pdf", made.pdf(2))
    kept = Document.objects.get()
    data = {
        "title": "防汛预案",
        "slug": "plan",
        "kind": "DOCUMENT",
        "summary": "",
        "film": "",
        "paper": "",
        "document": kept.pk,
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.pk])
    early = reviewer.post(add, data)
    assert early.status_code == 200
    assert early.context["form"].errors["document"]
    run(kept)
    assert reviewer.post(add, data).status_code == 302
    lesson = LessonPage.objects.get(slug="plan")
    assert lesson.live
    assert lesson.versions.get().kind == LessonKind.DOCUMENT
    assert lesson.versions.get().seconds == 12


def test_a_document_is_chosen_or_brought_while_the_lesson_is_written(trainer: Client) -> None:
    kept = pdf_document()
    course = CourseFactory()
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.pk])
    assert reverse("document_chooser:choose") in trainer.get(add).content.decode()
    offered = trainer.get(reverse("document_chooser:choose")).json()["html"]
    assert (kept.title in offered, gettext("Ready") in offered) == (True, True)
    for asked, is_found in ((kept.title[1:], True), ("没有的", False)):
        found = trainer.get(reverse("document_chooser:choose_results"), {"q": asked}).content.decode()
        assert (kept.title in found) is is_found
    answer = trainer.post(
        reverse("document_chooser:create"),
        {
            "document_chooser-create-form-title": "名册",
            "document_chooser-create-form-file": made.upload("a.xlsx", made.workbook()),
            "title": "名册",
            "file": made.upload("a.xlsx", made.workbook()),
        },
    )
    assert json.loads(answer.content)["step"] == "chosen"
    brought = Document.objects.get(title="名册")
    assert brought.job is not None


def test_the_file_of_a_published_lesson_stays_its_title_may_change(trainer: Client) -> None:
    kept = document().document
    edit = reverse("document_library:edit", args=[kept.pk])
    refused = trainer.post(edit, {"title": "新名", "file": made.upload("b.pdf", made.pdf(1))})
    assert refused.context["form"].errors["file"]
    assert trainer.post(edit, {"title": "新名"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.title, kept.is_ready) == ("新名", True)


def test_a_new_file_takes_the_place_of_the_old(
    trainer: Client, django_capture_on_commit_callbacks: object
) -> None:
    kept = pdf_document()
    edit = reverse("document_library:edit", args=[kept.pk])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's
        trainer.post(edit, {"title": "甲", "file": made.upload("b.docx", made.word())})
    kept.refresh_from_db()
    assert (kept.kind, kept.is_ready) == ("DOCX", False)
    assert not kept.pieces.exists()
    assert [path.suffix for path in stored()] == [".docx"]


def test_a_document_of_a_lesson_is_not_deleted_and_another_is() -> None:
    administrator = signed_in(CadreFactory(is_staff=True, is_superuser=True))
    used, free = document().document, pdf_document()
    for kept in (used, free):
        administrator.post(reverse("document_library:delete", args=[kept.pk]))
    assert list(Document.objects.all()) == [used]


@pytest.mark.parametrize("role", [StaffRole.TOWNSHIP, StaffRole.AUDITOR, StaffRole.STATION])
def test_others_have_nothing_to_do_here(role: str) -> None:
    client = signed_in(publisher(role))
    assert client.get(reverse(INDEX)).status_code == 302
    assert bring(client, "a.pdf", made.pdf(1)).status_code == 302
    assert not Document.objects.exists()


def test_the_menu_names_the_library(trainer: Client) -> None:
    assert reverse(INDEX) in trainer.get(reverse("wagtailadmin_home")).content.decode()
