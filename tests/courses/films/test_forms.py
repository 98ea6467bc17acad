"""The library's upload form, driven through the admin."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import StaffRole
from courses.films.models import Film
from courses.models import LessonKind, LessonPage
from tests.courses.conftest import FILM, RECORDING, publisher, signed_in, upload
from tests.factories import CadreFactory, CourseFactory

pytestmark = pytest.mark.django_db


def add(client: Client, kind: str = "video", **fields: object) -> Film | None:
    """Upload through the library's own page; the new film, or None when it was refused."""
    answer = client.post(
        reverse("wagtailmedia:add", args=[kind]), {"title": "转移避险", "tags": "", **fields}
    )
    assert answer.status_code in (200, 302)
    return Film.objects.order_by("-pk").first() if answer.status_code == 302 else None


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_an_upload_gets_its_length_size_fingerprint_and_poster(trainer: Client) -> None:
    film = add(trainer, file=upload())
    assert film is not None
    assert (film.length_ms, film.size_bytes) == (20_000, FILM.stat().st_size)
    assert (film.width, film.height, film.duration) == (426, 240, 20)
    assert len(film.digest) == 64
    assert film.thumbnail
    assert trainer.get(film.poster_url).status_code == 200
    assert trainer.get(film.url).status_code == 200


def test_a_recording_is_taken_as_audio(trainer: Client) -> None:
    film = add(trainer, "audio", file=upload(RECORDING))
    assert film is not None
    assert (film.seconds, bool(film.thumbnail)) == (42, False)


def test_a_given_poster_is_kept_but_drawn_again(trainer: Client) -> None:
    png = io.BytesIO()
    Image.new("RGB", (2000, 1000), "#a61b1b").save(png, "PNG")
    film = add(trainer, file=upload(), thumbnail=upload(name="mine.png", content=png.getvalue()))
    assert film is not None
    with film.thumbnail.open() as kept, Image.open(kept) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 320))


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("video", {"name": "film.mp4", "content": b""}),
        ("video", {"name": "film.mp4", "content": b"\0" * 4096}),
        ("video", {"name": "film.mp4", "content": FILM.read_bytes()[:60_000]}),
        ("video", {"name": "page.mp4", "content": b"<html><script>alert(1)</script>"}),
        ("video", {"name": "list.mp4", "content": b"#EXTM3U\n/etc/passwd\n"}),
        ("video", {"name": "sound.mp4", "content": RECORDING.read_bytes()}),
        ("audio", {"name": "film.m4a", "content": FILM.read_bytes()}),
        ("video", {"name": "film.html", "content": FILM.read_bytes()}),
        ("video", {"name": "film.exe", "content": FILM.read_bytes()}),
    ],
)
def test_a_hostile_or_broken_upload_is_refused_in_words_and_leaves_nothing(
    trainer: Client, kind: str, file: dict[str, object]
) -> None:
    answer = trainer.post(
        reverse("wagtailmedia:add", args=[kind]), {"title": "坏", "tags": "", "file": upload(**file)}
    )
    assert answer.status_code == 200
    assert len(answer.context["form"].errors["file"]) == 1
    assert not Film.objects.exists()
    assert stored() == []


def test_a_poster_that_is_no_picture_is_refused(trainer: Client) -> None:
    svg = upload(name="x.png", content=b"<svg onload='alert(1)'/>")
    assert add(trainer, file=upload(), thumbnail=svg) is None
    assert not Film.objects.exists()


def test_an_upload_inside_the_chooser_is_read_too(trainer: Client) -> None:
    url = reverse("wagtailmedia:chooser_upload", args=["video"])
    prefix = "media-chooser-upload"
    answer = trainer.post(url, {f"{prefix}-title": "甲", f"{prefix}-tags": "", f"{prefix}-file": upload()})
    assert answer.json()["step"] == "media_chosen"
    assert Film.objects.get().length_ms == 20_000


def edit(client: Client, film: Film, **fields: object) -> int:
    url = reverse("wagtailmedia:edit", args=[film.pk])
    return client.post(url, {"title": film.title, "tags": "", **fields}).status_code


def test_an_unused_film_may_be_replaced_and_is_read_anew(trainer: Client) -> None:
    film = add(trainer, file=upload())
    assert film is not None
    Film.objects.filter(pk=film.pk).update(length_ms=1, digest="", thumbnail="media_thumbnails/old.jpg")
    assert edit(trainer, film, file=upload(name="other.mp4")) == 302
    assert edit(trainer, film, file=upload(name="broken.mp4", content=b"x")) == 200
    film.refresh_from_db()
    assert (film.length_ms, len(film.digest)) == (20_000, 64)
    assert film.thumbnail_filename != "old.jpg"


def test_the_file_of_a_published_lesson_stays_as_it_is() -> None:
    client = signed_in(publisher(StaffRole.TRAINER))
    film = add(client, file=upload())
    lesson = CourseFactory().add_child(
        instance=LessonPage(title="甲", slug="a", kind=LessonKind.FILM, film=film)
    )
    lesson.save_revision().publish()
    assert edit(client, film, file=upload(name="other.mp4")) == 200
    assert edit(client, film, title="改了标题") == 302
    film.refresh_from_db()
    assert film.title == "改了标题"
    assert Path(film.file.path).exists()


def test_a_learner_may_not_upload(client: Client) -> None:
    publisher(StaffRole.TRAINER)
    client.force_login(CadreFactory())
    client.post(reverse("wagtailmedia:add", args=["video"]), {"title": "甲", "file": upload()})
    assert not Film.objects.exists()
