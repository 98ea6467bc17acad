"""The library's edit page: rungs, subtitles, and who may do what with them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import StaffRole
from courses.films.actions import keep_captions
from courses.films.captions import write_captions
from courses.films.models import Caption, Film, Rendition, RenditionStatus, Trouble
from courses.films.rungs import Rung
from tests.courses.conftest import FILM, publisher, signed_in, upload
from tests.factories import CadreFactory, FilmFactory

SRT = "1\n00:00:01,000 --> 00:00:02,500\n先提议\n".encode("gbk")
pytestmark = pytest.mark.django_db


@pytest.fixture
def film() -> Film:
    made = FilmFactory()
    fields = {"digest": made.digest, "film": made}
    Rendition.objects.create(
        rung=Rung.HLS_240, status=RenditionStatus.DONE, size_bytes=2_000_000, bandwidth=1, **fields
    )
    Rendition.objects.create(
        rung=Rung.HLS_480, status=RenditionStatus.FAILED, trouble=Trouble.NO_ROOM, **fields
    )
    return made


def page(client: Client, film: Film) -> str:
    answer = client.get(reverse("wagtailmedia:edit", args=[film.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def address(name: str, film: Film, *more: object) -> str:
    return reverse(f"film_library:{name}", args=[film.pk, *more])


def subtitles(content: bytes = SRT, language: str = "zh-Hans") -> dict[str, object]:
    return {"language": language, "file": SimpleUploadedFile("甲.srt", content)}


def messages(client: Client, film: Film) -> str:
    return page(client, film)


def test_the_page_says_what_is_done_and_why_something_failed(trainer: Client, film: Film) -> None:
    told = page(trainer, film)
    assert "240p" in told
    assert escape(str(Trouble.NO_ROOM.label)) in told
    failed = film.renditions.get(rung=Rung.HLS_480)
    assert address("again", film, failed.pk) in told
    assert told.count("data-busy") == 0


def test_one_press_runs_a_failed_rung_again(trainer: Client, film: Film) -> None:
    failed = film.renditions.get(rung=Rung.HLS_480)
    answer = trainer.post(address("again", film, failed.pk))
    assert answer.status_code == 302
    failed.refresh_from_db()
    assert (failed.status, failed.trouble, failed.is_being_made) == (RenditionStatus.WAITING, "", True)
    first = failed.job_id
    trainer.post(address("again", film, failed.pk))
    failed.refresh_from_db()
    assert failed.job_id == first
    assert "data-busy" in trainer.get(address("rungs", film)).content.decode()


def test_a_rung_of_another_film_cannot_be_named(trainer: Client, film: Film) -> None:
    failed = film.renditions.get(rung=Rung.HLS_480)
    assert trainer.post(address("again", FilmFactory(), failed.pk)).status_code == 404


def test_a_new_upload_asks_for_its_rungs_and_the_720_is_asked_for_by_hand(trainer: Client) -> None:
    answer = trainer.post(
        reverse("wagtailmedia:add", args=["video"]), {"title": "甲", "tags": "", "file": upload(FILM)}
    )
    assert answer.status_code == 302
    film = Film.objects.get()
    assert film.renditions.count() == 5
    Film.objects.update(width=1280, height=720)
    trainer.post(reverse("wagtailmedia:edit", args=[film.pk]), {"title": "甲", "tags": "", "wants_720": "on"})
    assert set(film.renditions.values_list("rung", flat=True)) >= {Rung.HLS_480, Rung.HLS_720}
    trainer.post(reverse("wagtailmedia:edit", args=[film.pk]), {"title": "甲", "tags": ""})
    assert not film.renditions.filter(rung=Rung.HLS_720).exists()
    assert film.renditions.filter(rung=Rung.HLS_480).exists()


def test_a_recording_is_not_asked_about_720_lines(trainer: Client) -> None:
    form = trainer.get(reverse("wagtailmedia:add", args=["audio"])).content.decode()
    assert "wants_720" not in form
    assert "wants_720" in trainer.get(reverse("wagtailmedia:add", args=["video"])).content.decode()


def test_a_file_beyond_the_limit_is_refused_in_words(trainer: Client, settings: Settings) -> None:
    settings.FILM_MEGABYTES = 0
    answer = trainer.post(
        reverse("wagtailmedia:add", args=["video"]), {"title": "甲", "tags": "", "file": upload(FILM)}
    )
    assert answer.status_code == 200
    assert len(answer.context["form"].errors["file"]) == 1
    assert not Film.objects.exists()


def test_deleting_a_film_takes_its_rungs_along(trainer: Client, film: Film) -> None:
    trainer.post(reverse("wagtailmedia:delete", args=[film.pk]))
    assert not Film.objects.exists()
    assert not Rendition.objects.exists()


def test_subtitles_are_added_replaced_and_removed(trainer: Client, film: Film) -> None:
    assert trainer.post(address("add_captions", film), subtitles()).status_code == 302
    caption = Caption.objects.get()
    assert (caption.label, caption.cues) == ("中文", 1)
    assert "先提议" in caption.text
    trainer.post(address("add_captions", film), subtitles(SRT.replace(b"1\n", b"7\n", 1)))
    trainer.post(address("add_captions", film), subtitles(language="en"))
    assert [found.language for found in Caption.objects.all()] == ["zh-Hans", "en"]
    assert "中文" in page(trainer, film)
    trainer.post(address("remove_captions", film, caption.pk))
    assert Caption.objects.get().language == "en"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (subtitles(b""), ""),
        (subtitles(b"\0" * 99), ""),
        (subtitles(b"x" * (1 << 21)), ""),
        (subtitles(b"1\n00:00:09,000 --> 00:00:01,000\nx\n"), "2"),
        (subtitles(b"1\n01:00:09,000 --> 01:00:11,000\nx\n"), "2"),
        (subtitles(language="xx"), ""),
        ({"language": "en"}, ""),
        ({"file": "text", "language": "en"}, ""),
        ({}, ""),
    ],
)
def test_subtitles_that_cannot_be_used_are_refused_in_words_and_leave_nothing(
    trainer: Client, film: Film, given: dict[str, object], said: str
) -> None:
    answer = trainer.post(address("add_captions", film), given, follow=True)
    assert answer.status_code == 200
    told = [str(message) for message in answer.context["messages"]]
    assert told
    assert said in " ".join(told)
    assert not Caption.objects.exists()


def test_replacing_subtitles_with_broken_ones_keeps_the_old(trainer: Client, film: Film) -> None:
    keep_captions(film=film, language="zh-Hans", subtitles=write_captions([(0, 1, "甲")]))
    trainer.post(address("add_captions", film), subtitles(b"broken"))
    assert "甲" in Caption.objects.get().text


def test_the_page_takes_as_many_queries_for_all_rungs_as_for_one(
    trainer: Client, film: Film, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for rung in (Rung.M4A, Rung.STRIP, Rung.HLS_AUDIO, Rung.MP4_240):
        Rendition.objects.create(film=film, rung=rung, digest=film.digest)
    with django_assert_max_num_queries(14):
        trainer.get(address("rungs", film))


@pytest.mark.parametrize(
    ("name", "more"), [("rungs", []), ("again", [1]), ("add_captions", []), ("remove_captions", [1])]
)
def test_nobody_but_publishers_comes_near(film: Film, name: str, more: list[int]) -> None:
    publisher(StaffRole.TRAINER)
    url = address(name, film, *more)
    learner = signed_in(CadreFactory())
    for client in (Client(), learner):
        for answer in (client.get(url), client.post(url)):
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/login/")
    assert film.renditions.get(rung=Rung.HLS_480).status == RenditionStatus.FAILED
    assert not Caption.objects.exists()
