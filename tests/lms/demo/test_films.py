"""The files beside the demo's courses are what the courses say."""

import shutil

import imageio_ffmpeg
import pytest
from PIL import Image

from courses.films.captions import read_captions
from courses.films.probe import probe
from lms.demo.courses import COURSES, Audio, Film
from lms.demo.films import FILM_SIZE, film_cues
from lms.demo.library import SHIPPED

PLAYED = [lesson for course in COURSES for lesson in course.lessons if isinstance(lesson, Film | Audio)]


def has_ffmpeg() -> bool:
    try:
        return bool(shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return False


@pytest.mark.skipif(not has_ffmpeg(), reason="no ffmpeg to read films with")
@pytest.mark.parametrize("lesson", PLAYED, ids=lambda lesson: lesson.slug)
def test_film_lasts_as_long_as_its_lesson_says(lesson):
    found = probe(SHIPPED / lesson.filename)
    # The container's last sound packet may end some hundredths after the picture.
    assert found.length_ms == pytest.approx(lesson.seconds * 1000, abs=150)
    assert found.audio == "aac"
    if isinstance(lesson, Film):
        assert found.video == "h264"
        assert (found.width, found.height) == FILM_SIZE


@pytest.mark.parametrize(
    "poster",
    [course.poster for course in COURSES] + [lesson.poster for lesson in PLAYED if isinstance(lesson, Film)],
)
def test_posters_are_pictures(poster):
    with Image.open(SHIPPED / poster) as picture:
        picture.verify()
        assert picture.width > picture.height


@pytest.mark.parametrize(
    "film", [lesson for lesson in PLAYED if isinstance(lesson, Film)], ids=lambda film: film.slug
)
def test_subtitles_say_what_the_film_says(film):
    shipped = (SHIPPED / film.captions).read_text()
    assert read_captions(shipped.encode(), length_ms=film.seconds * 1000).text == shipped
    assert [block.split("\n")[1] for block in shipped.strip().split("\n\n")[1:]] == [
        cue.text for cue in film_cues(film)
    ]
