"""Contents are unpacked by a job; a refused package leaves its title and the reason, nothing else."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client, TestCase
from django.urls import reverse

from courses.h5p.films import INTERACTIVE_VIDEO
from courses.h5p.integration import integration
from courses.h5p.models import Content, Library
from courses.h5p.telling import tells_result
from courses.packages.actions import ask_unpacking, drop_package
from courses.packages.completion import Gate
from courses.packages.refusals import Refused
from lms.jobs.models import Job, JobStatus
from tests.courses.h5p import made
from tests.courses.h5p.bringing import AT, brought, installer, run, stored, unpack, unpacked
from tests.factories import CadreFactory

pytestmark = pytest.mark.django_db
FILM = Path(settings.BASE_DIR) / "media" / "demo" / "films" / "leave-early.mp4"  # 20 s


def test_the_job_unpacks_what_was_brought_and_the_upload_is_gone() -> None:
    content = unpacked(made.small(files={"content/images/a.png": made.picture()}))
    assert content.main is not None
    assert str(content.main) == "H5P.Small 1.0"
    assert [str(library) for library in content.libraries.all()] == ["H5P.Small 1.0"]
    assert content.params == made.QUESTION
    assert content.metadata["authors"] == [{"name": "Water office", "role": "Author"}]
    assert (content.metadata["license"], content.metadata["licenseVersion"]) == ("CC BY", "4.0")
    assert "preloadedDependencies" not in content.metadata
    assert content.files["images/a.png"]["type"] == "image/png"
    assert content.upload.name == ""
    assert f"{content.folder}/images/a.png" in stored()
    assert not [name for name in stored() if name.startswith("packages")]
    assert content.title == "防汛"
    assert content.film_seconds == 0


def test_a_content_without_a_title_takes_that_of_its_package() -> None:
    assert unpacked(made.small(), title="").title == "Before the flood"


def test_unpacking_twice_is_unpacking_once() -> None:
    content = brought(made.small_set())
    unpack(content)
    before = stored(), Library.objects.count()
    kept = Content.objects.get(pk=content.pk)
    unpack(kept)
    assert (stored(), Library.objects.count()) == before
    assert Content.objects.get(pk=content.pk).params == kept.params


def test_a_job_killed_in_the_middle_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    content = brought(made.small(files={"content/a.txt": b"a", "content/b.txt": b"b"}))

    def die(**_given: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("courses.h5p.actions.contents.keep_libraries", die)
        with pytest.raises(SystemExit):
            unpack(content)
    assert not Library.objects.exists()
    unpack(Content.objects.get(pk=content.pk))
    kept = Content.objects.get(pk=content.pk)
    assert sorted(kept.files) == ["a.txt", "b.txt"]
    assert len([name for name in stored() if name.startswith("h5p/contents")]) == 2


def test_asking_twice_is_asking_once() -> None:
    content = brought(made.small())
    ask_unpacking(package=content, by=installer(), at=AT)
    assert Job.objects.count() == 1


def test_a_trainer_brings_contents_of_libraries_that_are_there() -> None:
    trainer = CadreFactory()
    refused = run(brought(made.small(), trainer))
    assert refused.job is not None
    assert refused.job.status == JobStatus.FAILED
    assert "H5P.Small 1.0" in refused.job.words
    assert stored() == []
    unpacked(made.small())
    newer = made.library_files(made.SMALL, patchVersion=9)
    content = unpacked(made.small(files=newer, params=made.question(correct=False)), trainer)
    assert content.main is not None
    assert content.main.current is not None
    assert content.main.current.patch == 3
    assert not content.params["correct"]


def test_a_package_without_libraries_plays_with_those_that_are_installed() -> None:
    unpacked(made.small_set())
    bare = made.package(
        main=made.SET,
        libraries=(),
        params=made.SET_OF_THREE,
        metadata={"preloadedDependencies": [made.needed(made.SET)]},
    )
    content = unpacked(bare, CadreFactory())
    assert {str(library) for library in content.libraries.all()} == {
        "H5P.Small 1.0",
        "H5P.SmallSet 1.0",
        "H5P.SmallPage 1.0",
    }


def test_only_what_is_used_is_loaded() -> None:
    params = {**made.SET_OF_THREE, "questions": made.SET_OF_THREE["questions"][:1]}
    content = unpacked(made.small_set(params=params))
    assert {str(library) for library in content.libraries.all()} == {"H5P.Small 1.0", "H5P.SmallSet 1.0"}
    assert content.parts == ["sub:11111111-1111-4111-8111-111111111111"]


def test_another_package_takes_the_place_of_the_one_before() -> None:
    content = unpacked(made.small(files={"content/a.txt": b"a"}))
    before = content.folder
    content.upload = ContentFile(made.small(params=made.question(correct=False)), "b.h5p")
    content.save()
    ask_unpacking(package=content, by=installer(), at=AT)
    after = run(content)
    assert after.folder != before
    assert after.params["correct"] is False
    assert not [name for name in stored() if name.startswith(before)]


def test_a_refused_package_leaves_what_was_there_before() -> None:
    content = unpacked(made.small(files={"content/a.txt": b"a"}))
    before = stored()
    content.upload = ContentFile(b"nothing", "b.h5p")
    content.save()
    ask_unpacking(package=content, by=installer(), at=AT)
    after = run(content)
    assert after.is_ready
    assert after.upload.name == ""
    assert stored() == before


def test_a_package_that_was_replaced_meanwhile_is_passed_over() -> None:
    content = brought(made.small())
    stale = Content.objects.get(pk=content.pk)
    content.upload = ContentFile(made.small_set(), "b.h5p")
    content.save()
    assert not run(content).is_ready
    unpack(stale)
    assert not Content.objects.get(pk=content.pk).is_ready
    assert not [name for name in stored() if name.startswith("h5p/contents")]


def test_deleting_takes_the_files_along_and_leaves_the_libraries() -> None:
    content = unpacked(made.small(files={"content/a.txt": b"a"}))
    with TestCase.captureOnCommitCallbacks(execute=True):
        drop_package(package=content)
    assert not Content.objects.exists()
    assert Library.objects.count() == 1
    assert not [name for name in stored() if not name.startswith("h5p/libraries")]


def test_large_pictures_are_made_smaller_under_their_names() -> None:
    large = made.picture("JPEG", (2400, 1200), noise=60, quality=95)
    content = unpacked(made.small(files={"content/images/a.jpg": large}))
    facts = content.files["images/a.jpg"]
    assert facts["bytes"] < len(large) / 2
    path = Path(settings.MEDIA_ROOT) / content.folder / "images/a.jpg"
    assert path.stat().st_size == facts["bytes"]


def film_params(*paths: str) -> dict[str, object]:
    files = [{"path": path, "mime": "video/mp4"} for path in paths]
    return {"interactiveVideo": {"video": {"files": files}}}


def film_package(*paths: str, **changes: object) -> bytes:
    """An interactive video, as far as its packaging goes; its film in as many formats as paths."""
    folder = "H5P.InteractiveVideo-1.22"
    said = {
        "title": "Interactive Video",
        "machineName": "H5P.InteractiveVideo",
        "majorVersion": 1,
        "minorVersion": 22,
        "patchVersion": 0,
        "runnable": 1,
    }
    files = {f"{folder}/library.json": json.dumps(said), **changes}
    metadata = {"preloadedDependencies": [made.needed(folder)]}
    return made.package(
        main=folder,
        libraries=(),
        params=film_params(*paths),
        metadata=metadata,
        files=files,  # type: ignore[arg-type]
    )


def test_the_film_inside_an_interactive_video_is_measured() -> None:
    files = {"content/videos/a.mp4": FILM.read_bytes()}
    assert unpacked(film_package("videos/a.mp4", **files)).film_seconds == 20
    assert unpacked(film_package("videos/a.mp4", **{"content/videos/a.mp4": b"no film"})).film_seconds == 0


def test_what_tells_no_result_is_finished_by_its_time_unless_points_are_asked_for(trainer: Client) -> None:
    def told(package: bytes, **fields: object) -> tuple[bool, str, bool]:
        content = unpacked(package, **fields)
        page = trainer.get(reverse("h5p_contents:edit", args=[content.pk])).content.decode()
        return content.tells_result, content.gate, "data-tells-nothing" in page

    assert told(made.small()) == (True, Gate.RESULT, False)
    assert told(made.small_page()) == (False, Gate.OPENED, False)
    assert told(made.small_page(), pass_percent=60) == (False, Gate.RESULT, True)
    assert told(made.small_page(), gate=Gate.PARTS) == (False, Gate.PARTS, False)


def test_an_interactive_video_tells_its_result_on_a_submit_screen_alone() -> None:
    for screens in ([], [{"time": 20}], "hostile"):
        params = {"interactiveVideo": {"assets": {"endscreens": screens}}}
        expected = isinstance(screens, list) and bool(screens)
        assert tells_result(INTERACTIVE_VIDEO, "this.triggerXAPIScored(1)", params) is expected
    assert tells_result("H5P.Other", "new H5P.XAPIEvent()", {})
    assert not tells_result("H5P.Other", "no triggers here", {})


def test_of_a_film_in_two_formats_the_one_that_is_read_is_measured() -> None:
    files = {"content/videos/a.webm": b"another format", "content/videos/a.mp4": FILM.read_bytes()}
    assert unpacked(film_package("videos/a.webm", "videos/a.mp4", **files)).film_seconds == 20


@pytest.mark.parametrize(
    ("path", "is_elsewhere"),
    [
        ("https://example.org/a.mp4", True),
        ("//example.org/a.mp4", True),
        ("https://youtu.be/a", True),
        ("videos/a.mp4", False),
    ],
)
def test_a_film_on_another_site_is_told_to_the_trainer_and_to_the_frame(
    path: str, is_elsewhere: bool, trainer: Client
) -> None:
    content = unpacked(film_package(path, **{"content/videos/a.mp4": FILM.read_bytes()}))
    assert content.is_film_elsewhere is is_elsewhere
    assert bool(content.film_seconds) is not is_elsewhere
    assert integration(content, [], frame="/f/", loads=[])["is_film_elsewhere"] is is_elsewhere
    page = trainer.get(reverse("h5p_contents:edit", args=[content.pk])).content.decode()
    assert ("data-film-elsewhere" in page) is is_elsewhere
    assert (path in page) is is_elsewhere
    where = "content/content.json: interactiveVideo.video.files[0].path"
    assert content.findings == ([{"where": where, "address": path}] if is_elsewhere else [])


def test_what_was_refused_is_told_in_words() -> None:
    content = run(brought(made.small(files={"content/a.html": b"<p>"})))
    assert content.is_refused
    assert content.job is not None
    assert "content/a.html" in content.job.words
    assert (content.title, content.upload.name, content.folder, content.digest) == ("防汛", "", "", "")
    assert stored() == []
    with pytest.raises(Refused):
        unpack(brought(b"nothing"))
