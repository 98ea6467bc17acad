"""Delivery of films in ranges and of pictures."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from courses.delivery import Unsatisfiable, wanted_range
from courses.films.models import Film
from tests.factories import CadreFactory, FilmFactory

pytestmark = pytest.mark.django_db
BYTES = bytes(range(256)) * 1000  # longer than one piece


@pytest.fixture
def film() -> Film:
    return FilmFactory(file=ContentFile(BYTES, "film.mp4"), digest="ab" * 32)


@pytest.fixture
def learner(client: Client) -> Client:
    client.force_login(CadreFactory())
    return client


def body(answer: object) -> bytes:
    assert isinstance(answer, StreamingHttpResponse)
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


def test_a_whole_film_comes_with_its_length_and_may_be_kept_for_ever(learner: Client, film: Film) -> None:
    answer = learner.get(film.url)
    assert answer.status_code == 200
    assert body(answer) == BYTES
    assert answer["Content-Length"] == str(len(BYTES))
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["ETag"] == f'"{film.digest}"'
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, 255_999),
        ("bytes=100-199999", 100, 199_999),
        ("bytes=255999-", 255_999, 255_999),
        ("bytes=-1", 255_999, 255_999),
        ("bytes=-999999999", 0, 255_999),
        ("bytes=10-999999999999", 10, 255_999),
    ],
)
def test_a_range_gives_exactly_its_bytes(
    learner: Client, film: Film, asked: str, first: int, last: int
) -> None:
    answer = learner.get(film.url, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/256000"
    assert answer["Content-Length"] == str(last - first + 1)
    assert body(answer) == BYTES[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
def test_a_range_behind_the_end_is_416(learner: Client, film: Film, asked: str) -> None:
    answer = learner.get(film.url, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */256000"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=5-1",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,5-9",
        "lines=0-1",
        "bytes",
        "bytes=--5",
        "bytes=٣-٤",
        f"bytes={'9' * 5000}-",
    ],
)
def test_a_range_that_cannot_be_understood_gives_the_whole_film(
    learner: Client, film: Film, asked: str
) -> None:
    answer = learner.get(film.url, headers={"Range": asked})
    assert answer.status_code == 200
    assert len(body(answer)) == len(BYTES)


def test_if_range_gives_the_rest_only_of_the_same_film(learner: Client, film: Film) -> None:
    same = {"Range": "bytes=5-9", "If-Range": f'"{film.digest}"'}
    other = {"Range": "bytes=5-9", "If-Range": '"cd"'}
    dated = {"Range": "bytes=5-9", "If-Range": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert [learner.get(film.url, headers=each).status_code for each in (same, other, dated)] == [
        206,
        200,
        200,
    ]


def test_a_film_that_the_phone_has_is_not_sent_again(learner: Client, film: Film) -> None:
    answer = learner.get(film.url, headers={"If-None-Match": f'"{film.digest}"'})
    assert (answer.status_code, answer.content) == (304, b"")


def test_head_tells_the_length_and_sends_nothing(learner: Client, film: Film) -> None:
    answer = learner.head(film.url)
    assert (answer.status_code, answer["Content-Length"]) == (200, "256000")
    assert body(answer) == b""


def test_a_stranger_is_asked_to_sign_in(client: Client, film: Film) -> None:
    answer = client.get(film.url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("digest", ["0", "cd" * 32, "ab" * 31])
def test_an_address_with_another_fingerprint_is_no_film(learner: Client, film: Film, digest: str) -> None:
    assert learner.get(reverse("films:play", args=[film.pk, digest])).status_code == 404


def test_another_film_is_not_opened_by_a_known_fingerprint(learner: Client, film: Film) -> None:
    other = FilmFactory()
    assert learner.get(reverse("films:play", args=[other.pk, film.digest])).status_code == 404


def test_a_film_whose_file_is_gone_is_404(learner: Client, film: Film) -> None:
    Path(film.file.path).unlink()
    assert learner.get(film.url).status_code == 404


def test_posting_is_refused(learner: Client, film: Film) -> None:
    assert learner.post(film.url).status_code == 405


def test_nginx_sends_the_bytes_when_it_is_there(learner: Client, film: Film, settings: Settings) -> None:
    settings.ACCEL_PREFIX = "/protected/"
    Film.objects.filter(pk=film.pk).update(file="media/防汛 1.mp4")
    answer = learner.get(film.url)
    assert answer["X-Accel-Redirect"] == "/protected/media/%E9%98%B2%E6%B1%9B%201.mp4"
    assert answer["Content-Type"] == "video/mp4"
    assert answer.content == b""


def test_a_range_takes_three_queries(
    learner: Client, film: Film, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):  # session, person, film
        learner.get(film.url, headers={"Range": "bytes=0-1"})


def test_films_are_not_served_past_the_check(learner: Client, film: Film) -> None:
    for path in (
        f"/media/{film.file.name}",
        "/media/demo/films/leave-early.mp4",
        "/media/images/../" + film.file.name,
    ):
        assert learner.get(path).status_code == 404, path


def test_a_poster_is_public_and_may_be_kept_for_ever(client: Client) -> None:
    film = FilmFactory(thumbnail=ContentFile(b"\xff\xd8jpeg", "still.jpg"))
    answer = client.get(film.poster_url)
    assert answer.status_code == 200
    assert body(answer) == b"\xff\xd8jpeg"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_another_name_and_a_film_without_poster_are_404(client: Client) -> None:
    film = FilmFactory(thumbnail=ContentFile(b"x", "still.jpg"))
    bare = FilmFactory()
    for pk, name in ((film.pk, "other.jpg"), (bare.pk, "still.jpg"), (999_999, "still.jpg")):
        assert client.get(reverse("films:poster", args=[pk, name])).status_code == 404


def test_pictures_of_articles_are_public_and_nothing_else_is(client: Client) -> None:
    root = Path(settings.MEDIA_ROOT)
    for name in ("images/map.jpg", "media/film.mp4", "secret.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    assert client.get("/media/images/map.jpg").status_code == 200
    for path in (
        "media/film.mp4",
        "secret.txt",
        "images/../secret.txt",
        "images/",
        "images",
        "images/none.jpg",
    ):
        assert client.get(f"/media/{path}").status_code == 404, path


@given(st.text(alphabet="bytes=-0123456789 ,", max_size=20), st.integers(1, 1000))
def test_every_range_stays_inside_the_file(asked: str, size: int) -> None:
    try:
        found = wanted_range({"Range": asked}, "ab", size)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found[0] <= found[1] < size
