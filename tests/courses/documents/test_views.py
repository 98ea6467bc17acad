"""The file and the pictures of a document go to signed-in people, in ranges or through the proxy."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from courses.documents.models import Document
from tests.factories import CadreFactory, document, pdf_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Document:
    kept = pdf_document(pages=2)
    kept.title = "防汛预案"
    kept.save()
    return kept


@pytest.fixture
def learner(client: Client) -> Client:
    client.force_login(CadreFactory())
    return client


def picture_of(paper: Document, number: int) -> str:
    return reverse("documents:picture", args=[paper.pk, paper.digest, number])


def test_strangers_are_sent_to_the_door(client: Client, paper: Document) -> None:
    for address in (paper.url, picture_of(paper, 1)):
        assert client.get(address).status_code == 302


def test_the_file_comes_whole_or_in_ranges_under_its_title(learner: Client, paper: Document) -> None:
    whole = learner.get(paper.url)
    assert whole.status_code == 200
    assert whole["Content-Type"] == "application/pdf"
    assert whole["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%98%B2")
    assert b"".join(whole.streaming_content).startswith(b"%PDF-")
    part = learner.get(paper.url, HTTP_RANGE="bytes=0-3")
    assert (part.status_code, part["Content-Range"]) == (206, "bytes 0-3/64")
    assert "private" in part["Cache-Control"]


def test_a_picture_is_for_keeping(learner: Client, paper: Document) -> None:
    answer = learner.get(picture_of(paper, 2))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "immutable" in answer["Cache-Control"]
    assert learner.get(picture_of(paper, 2), HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_the_proxy_sends_the_bytes_where_there_is_one(
    learner: Client, paper: Document, settings: Settings
) -> None:
    settings.ACCEL_PREFIX = "/protected/"
    answer = learner.get(paper.url)
    assert answer["X-Accel-Redirect"] == f"/protected/{paper.file.name}"
    assert answer["Content-Disposition"].startswith("attachment")
    assert not answer.content


@pytest.mark.parametrize("number", [0, 3, 10**12, 10**30])
def test_there_are_no_other_pictures(learner: Client, paper: Document, number: int) -> None:
    assert learner.get(picture_of(paper, number)).status_code == 404
    assert learner.get(reverse("documents:picture", args=[number, paper.digest, 1])).status_code == 404


def test_a_wrong_digest_and_a_refused_document_have_nothing(learner: Client, paper: Document) -> None:
    assert learner.get(reverse("documents:file", args=[paper.pk, "0"])).status_code == 404
    Document.objects.filter(pk=paper.pk).update(digest="", file="")
    assert learner.get(reverse("documents:file", args=[paper.pk, "0"])).status_code == 404


def test_a_file_that_is_gone_is_not_found(learner: Client, paper: Document) -> None:
    paper.file.storage.delete(paper.file.name)
    assert learner.get(paper.url).status_code == 404


def test_few_queries(learner: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    lesson = document(pages=50)
    with django_assert_max_num_queries(12):
        learner.get(lesson.url)
    with django_assert_max_num_queries(12):
        learner.get(lesson.url + "?as=text&part=3")
    with django_assert_max_num_queries(5):
        learner.get(picture_of(lesson.document, 1))
