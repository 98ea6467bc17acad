"""Signed addresses: what they open, to whom, and until when."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as configured
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from courses.films.actions import keep_captions
from courses.films.captions import write_captions
from courses.films.models import Film, Rendition, RenditionStatus
from courses.films.rungs import Rung, main_file
from tests.factories import CadreFactory, FilmFactory

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n00000.ts\n#EXT-X-ENDLIST\n"
BYTES = bytes(range(256)) * 40


def put(film: Film, rung: Rung, *, size: int = 1000) -> Rendition:
    """A finished rung with its files on the shelf."""
    row = Rendition.objects.create(
        film=film,
        rung=rung,
        status=RenditionStatus.DONE,
        digest=film.digest,
        run=2,
        size_bytes=size,
        bandwidth=120_000,
        width=426,
        height=240,
    )
    folder = Path(configured.MEDIA_ROOT) / row.folder
    folder.mkdir(parents=True)
    (folder / main_file(rung)).write_bytes(BYTES)
    if main_file(rung).endswith("m3u8"):
        (folder / main_file(rung)).write_text(PLAYLIST)
        (folder / "00000.ts").write_bytes(BYTES)
    return row


@pytest.fixture
def film(db: None) -> Film:
    made = FilmFactory(length_ms=61_000)
    for rung in (Rung.HLS_240, Rung.MP4_240, Rung.HLS_AUDIO, Rung.M4A, Rung.STRIP):
        put(made, rung)
    keep_captions(film=made, language="zh-Hans", subtitles=write_captions([(0, 2000, "先提议")]))
    return made


@pytest.fixture
def learner(client: Client, db: None) -> Client:
    client.force_login(CadreFactory())
    return client


def asked(client: Client, film: Film) -> dict[str, object]:
    answer = client.get(reverse("films:sources", args=[film.pk]))
    assert answer.status_code == 200
    told: dict[str, object] = answer.json()
    return told


def body(answer: HttpResponseBase) -> bytes:
    return answer.getvalue()  # type: ignore[attr-defined]  # both sorts of answers have it


@time_machine.travel(NOW, tick=False)
def test_the_sources_name_what_can_be_played_now(learner: Client, film: Film) -> None:
    told = asked(learner, film)
    assert told["now"] == NOW.timestamp() * 1000
    assert told["expires"] - told["now"] >= 6 * 3600 * 1000  # type: ignore[operator]  # JSON
    assert set(told["mp4"]) == {"240", "original"}  # type: ignore[arg-type]  # JSON
    assert told["m4a"]["bytes"] == 1000  # type: ignore[index]  # JSON
    assert [caption["label"] for caption in told["captions"]] == ["中文"]  # type: ignore[union-attr,index]
    strip = dict(told["thumbnails"])  # type: ignore[call-overload]  # JSON
    assert learner.get(strip.pop("url"))["Content-Type"] == "image/jpeg"
    assert strip == {"width": 160, "height": 90, "columns": 10, "every_seconds": 5, "count": 13}


def test_the_sources_are_kept_nowhere_and_cost_few_queries(
    learner: Client, film: Film, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    put(film, Rung.HLS_480)
    with django_assert_max_num_queries(5):
        answer = learner.get(reverse("films:sources", args=[film.pk]))
    assert "no-store" in answer["Cache-Control"]


def test_a_stranger_who_asks_in_the_background_is_told_to_sign_in(client: Client, film: Film) -> None:
    answer = client.get(reverse("films:sources", args=[film.pk]))
    assert (answer.status_code, answer.json()) == (401, {"error": "login"})


def test_a_film_of_nothing_but_its_upload_still_plays(learner: Client) -> None:
    told = asked(learner, FilmFactory())
    assert (told["hls"], told["audio_hls"], told["m4a"], told["thumbnails"]) == (None, None, None, None)
    original = told["mp4"]["original"]["url"]  # type: ignore[index]  # JSON
    answer = learner.get(original)
    assert (answer.status_code, body(answer)) == (200, b"\0" * 64)
    assert original.endswith(".mp4")


def test_one_rung_is_one_playlist_and_one_piece(learner: Client, film: Film) -> None:
    opening = str(asked(learner, film)["hls"])
    playlist = learner.get(opening)
    assert playlist["Content-Type"] == "application/vnd.apple.mpegurl"
    assert body(playlist).decode() == PLAYLIST
    piece = learner.get(opening.replace("index.m3u8", "00000.ts"))
    assert (piece["Content-Type"], body(piece)) == ("video/mp2t", BYTES)


def test_several_rungs_begin_with_the_playlist_above_them(learner: Client, film: Film) -> None:
    heavy = put(film, Rung.HLS_480)
    told = asked(learner, film)
    master = str(told["hls"])
    lines = body(learner.get(master)).decode().splitlines()
    assert lines[3].startswith("#EXT-X-STREAM-INF:BANDWIDTH=120000,RESOLUTION=426x240,CODECS=")
    assert [line for line in lines if not line.startswith("#")] == [
        "hls240-2/index.m3u8",
        f"hls480-{heavy.run}/index.m3u8",
    ]
    beside = master.replace("master.m3u8", lines[-1])
    assert told["rungs"]["480"] == beside  # type: ignore[index]  # JSON
    assert learner.get(beside).status_code == 200


def test_a_rung_that_is_not_done_is_not_offered(learner: Client, film: Film) -> None:
    Rendition.objects.create(film=film, rung=Rung.HLS_480, digest=film.digest)
    told = asked(learner, film)
    assert list(told["rungs"]) == ["240"]  # type: ignore[call-overload]  # JSON
    assert [choice for choice, _label, _bytes in film.sizes] == ["240", "audio"]


def test_the_page_says_sizes_after_one_prefetch(
    film: Film, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = Film.objects.prefetch_related("renditions", "subtitles").get(pk=film.pk)
    with django_assert_num_queries(0):
        assert [(choice, size) for choice, _label, size in found.sizes] == [("240", 1000), ("audio", 1000)]
        assert [caption.language for caption in found.captions] == ["zh-Hans"]


def test_subtitles_come_as_text_from_here(learner: Client, film: Film) -> None:
    url = asked(learner, film)["captions"][0]["url"]  # type: ignore[index]  # JSON
    answer = learner.get(url)
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert body(answer).decode().startswith("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n先提议\n")


def test_a_piece_needs_neither_a_session_nor_the_database(
    learner: Client, film: Film, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    opening = str(asked(learner, film)["hls"])
    with django_assert_num_queries(0):
        answer = Client().get(opening)
    assert answer.status_code == 200
    assert "Cookie" not in answer.get("Vary", "")


def test_playing_goes_on_after_the_session_ended_and_stops_when_the_address_expires(
    learner: Client, film: Film
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        opening = str(asked(learner, film)["hls"])
        learner.logout()
        clock.shift(timedelta(hours=5, minutes=59))
        answer = learner.get(opening)
        assert answer.status_code == 200
        assert 0 < int(answer["Cache-Control"].split("max-age=")[1].split(",")[0]) <= 16 * 60
        clock.shift(timedelta(minutes=17))
        answer = learner.get(opening)
    assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")


def test_a_signature_opens_its_film_only(learner: Client, film: Film) -> None:
    other = FilmFactory()
    put(other, Rung.HLS_240)
    opening = str(asked(learner, film)["hls"])
    assert learner.get(opening.replace(f"/{film.pk}/", f"/{other.pk}/")).status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        "hls240-2/../../../secret.txt",
        "hls240-2/..%2f..%2f..%2fsecret.txt",
        "hls240-2/%2e%2e/secret.txt",
        "hls240-2/secret.txt",
        "hls240-2/00000.ts.txt",
        "hls240-2/000000.ts",
        "hls240-3/index.m3u8",
        "hls999-2/index.m3u8",
        "../hls240-2/index.m3u8",
        "hls240-2//index.m3u8",
        "original/" + "0" * 64 + ".mp4",
        "captions/zh-Hans/" + "0" * 64 + ".vtt",
        "captions/xx/" + "0" * 64 + ".vtt",
    ],
)
def test_nothing_but_what_was_made_can_be_named(learner: Client, film: Film, name: str) -> None:
    (Path(configured.MEDIA_ROOT) / "secret.txt").write_text("secret")
    opening = str(asked(learner, film)["hls"])
    answer = learner.get(opening.replace("hls240-2/index.m3u8", name))
    assert answer.status_code in (400, 403, 404)


def test_ranges_are_answered(learner: Client, film: Film) -> None:
    url = asked(learner, film)["mp4"]["240"]["url"]  # type: ignore[index]  # JSON
    answer = learner.get(url, headers={"Range": "bytes=10-19"})
    assert (answer.status_code, body(answer)) == (206, BYTES[10:20])
    assert learner.get(url, headers={"Range": "bytes=99999999-"}).status_code == 416
    kept = learner.get(url, headers={"If-None-Match": answer["ETag"]})
    assert kept.status_code == 304


def test_nginx_sends_the_bytes_where_it_is_set(learner: Client, film: Film, settings: Settings) -> None:
    settings.ACCEL_PREFIX = "/protected/"
    told = asked(learner, film)
    for url, stored in [
        (told["hls"], f"renditions/{film.pk}/hls240/2/index.m3u8"),
        (told["m4a"]["url"], f"renditions/{film.pk}/m4a/2/sound.m4a"),  # type: ignore[index]  # JSON
        (told["mp4"]["original"]["url"], film.file.name),  # type: ignore[index]  # JSON
    ]:
        answer = learner.get(url)
        assert (answer.status_code, body(answer)) == (200, b"")
        assert answer["X-Accel-Redirect"] == f"/protected/{stored}"


def test_only_reading_is_allowed(learner: Client, film: Film) -> None:
    assert learner.post(str(asked(learner, film)["hls"])).status_code == 405


def test_an_answer_names_nobody(learner: Client, film: Film) -> None:
    person = str(CadreFactory().number)
    assert person not in json.dumps(asked(learner, film))
