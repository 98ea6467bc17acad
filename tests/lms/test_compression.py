"""Texts are compressed, films are not."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from lms.compression import TextCompression

TEXT = "谁还差什么" * 200


def compressed(response: HttpResponse | StreamingHttpResponse) -> bool:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    answer = TextCompression(lambda _request: response)(request)
    return answer.headers.get("Content-Encoding") == "gzip"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/css", "text/javascript", "image/svg+xml"])
def test_texts_are_compressed(kind: str) -> None:
    assert compressed(HttpResponse(TEXT, content_type=kind))
    assert compressed(StreamingHttpResponse([TEXT], content_type=kind))


@pytest.mark.parametrize("kind", ["video/mp4", "audio/mp4", "image/jpeg", "application/pdf"])
def test_what_is_compressed_already_is_left_alone(kind: str) -> None:
    assert not compressed(HttpResponse(b"\0" * 1000, content_type=kind))


def test_a_stretch_of_a_file_is_left_alone() -> None:
    assert not compressed(HttpResponse(TEXT, content_type="text/html", status=206))


def test_a_short_answer_is_left_alone() -> None:
    assert not compressed(HttpResponse("{}", content_type="application/json"))


def test_a_file_that_is_streamed_comes_whole(tmp_path: object) -> None:
    path = tmp_path / "page.css"
    path.write_text(TEXT)
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    answer = TextCompression(lambda _request: FileResponse(path.open("rb")))(request)
    assert gzip.decompress(b"".join(answer.streaming_content)).decode() == TEXT


@pytest.mark.django_db
def test_the_demo_compresses_its_pages(client: Client) -> None:
    answer = client.get(reverse("privacy"), headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "gzip" not in client.get(reverse("privacy")).headers.get("Content-Encoding", "")
