"""A package is unpacked whole or leaves nothing."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import ProtectedError
from django.test import TestCase

from courses.disk import clear_folder
from courses.packages.actions import ask_unpacking, drop_package
from courses.packages.refusals import Refused
from courses.scorm import actions
from courses.scorm.file_types import KEPT, PROGRAMS, SKIPPED
from courses.scorm.models import Courseware
from courses.scorm.refusals import in_words
from lms.jobs import runner
from lms.jobs.models import JobStatus
from tests.courses.packages.hostile import entry
from tests.courses.scorm.made import item, manifest, organisation, packed, resource, several, single
from tests.factories import CadreFactory, scorm
from tests.samples import sample

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
ITEMS = organisation(item("one", "r1"))


def brought(package: bytes, title: str = "") -> Courseware:
    return Courseware.objects.create(title=title, upload=ContentFile(package, "a.zip"))


def unpack(courseware: Courseware) -> Courseware:
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.unpack(courseware=courseware)
    return Courseware.objects.get(pk=courseware.pk)


def left(courseware: Courseware) -> list[str]:
    """Every file below the courseware's folders."""
    found, waiting = [], [f"scorm/{courseware.pk}"]
    while waiting:
        folder = waiting.pop()
        try:
            folders, names = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        found += [f"{folder}/{name}" for name in names]
        waiting += [f"{folder}/{inner}" for inner in folders]
    return sorted(found)


@pytest.mark.parametrize("standard", ["1.2", "2004"])
def test_a_package_is_unpacked(standard: str) -> None:
    courseware = brought(single(standard, points=70))
    upload = courseware.upload.name
    courseware = unpack(courseware)
    assert (courseware.title, courseware.standard, courseware.pass_percent) == (
        "Before the flood",
        standard,
        70,
    )
    assert (list(courseware.scos), courseware.parts) == (["one"], ["one"])
    assert courseware.folder == f"scorm/{courseware.pk}/{courseware.digest[:16]}"
    assert sorted(courseware.files) == ["imsmanifest.xml", "object.html", "object.js", "page.html"]
    assert left(courseware) == [f"{courseware.folder}/{name}" for name in sorted(courseware.files)]
    assert courseware.files["object.html"]["type"] == "text/html"
    assert courseware.unapplied == []
    assert courseware.size_bytes == sum(file["bytes"] for file in courseware.files.values())
    assert not courseware.upload
    assert not default_storage.exists(upload)


def test_titles_and_points_of_the_trainer_stay() -> None:
    courseware = brought(single(points=70), title="防汛")
    courseware.pass_percent = 90
    courseware.save()
    courseware = unpack(courseware)
    assert (courseware.title, courseware.pass_percent) == ("防汛", 90)


def test_what_other_programs_need_is_left_out() -> None:
    other = dict.fromkeys(["a.xsd", "film.swf", "LICENSE", "kurs.elpx"], "x")
    courseware = unpack(brought(several(**other, **{"a/b.PNG": "x", "README.md": "x"})))
    assert set(courseware.files) & set(other) == set()
    assert {"a/b.PNG", "README.md"} <= set(courseware.files)
    assert not KEPT & SKIPPED
    assert not PROGRAMS & (KEPT | SKIPPED)


def test_a_manifest_is_found_in_any_case() -> None:
    package = single().replace(b"imsmanifest.xml", b"IMSManifest.XML")
    assert unpack(brought(package)).is_ready


def of_one(href: str, **files: str) -> bytes:
    return packed(manifest("1.2", ITEMS, resource("1.2", "r1", href)), files)


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "no archive": (lambda: b"GIF89a", "no_zip", ""),
    "no manifest": (lambda: entry("a.html"), "no_manifest", ""),
    "in a folder": (lambda: entry("kurs/imsmanifest.xml"), "folder", "kurs"),
    "in two folders": (lambda: entry("kurs/1/imsmanifest.xml"), "folder", "kurs/1"),
    "leading out": (lambda: entry("../a.html"), "name", "../a.html"),
    "no xml": (lambda: packed("{}"), "xml", "imsmanifest.xml"),
    "entities": (lambda: packed("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "dtd", "imsmanifest.xml"),
    "php": (lambda: single(**{"shared/save.php": "x"}), "program", "shared/save.php"),
    "jsp": (lambda: single(**{"save.JSP": "x"}), "program", "save.JSP"),
    "exe": (lambda: single(**{"a.b.exe": "x"}), "program", "a.b.exe"),
    "htaccess": (lambda: single(**{"a/.htaccess": "x"}), "program", "a/.htaccess"),
    "unknown kind": (lambda: single(**{"a.xyz": "x"}), "type", "a.xyz"),
    "flash": (lambda: of_one("film.swf", **{"film.swf": "x"}), "href_type", "film.swf"),
    "gone": (lambda: of_one("gone.html"), "href_missing", "gone.html"),
    "elsewhere": (lambda: of_one("https://x.example/"), "href_outside", "https://x.example/"),
    "damaged": (lambda: single().replace(b"PK\1\2", b"PK\1\3", 1), "broken", ""),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_refused_leaves_nothing(case: str) -> None:
    make, code, name = HOSTILE[case]
    courseware = brought(make(), title="防汛")
    upload = courseware.upload.name
    with pytest.raises(Refused) as refusal:
        unpack(courseware)
    assert (refusal.value.code, refusal.value.name) == (code, name)
    assert name in in_words(refusal.value)
    courseware.refresh_from_db()
    assert (courseware.title, courseware.folder, courseware.files, courseware.scos) == ("防汛", "", {}, {})
    assert left(courseware) == []
    assert not courseware.upload
    assert not default_storage.exists(upload)


def test_a_file_that_turns_out_damaged_in_the_middle_takes_the_others_along() -> None:
    package = packed(manifest("1.2", ITEMS, resource("1.2", "r1")), {"z.txt": "z" * 100})
    place = package.index(b"PK\1\2")
    broken = bytearray(package)
    broken[place - 3] ^= 255  # in the bytes of the last file
    courseware = brought(bytes(broken))
    with pytest.raises(Refused):
        unpack(courseware)
    assert left(courseware) == []


def run(courseware: Courseware) -> Courseware:
    ask_unpacking(package=courseware, by=CadreFactory(), at=AT)
    assert courseware.job_id is not None
    with TestCase.captureOnCommitCallbacks(execute=True):
        runner.run(courseware.job_id, now=lambda: AT)
    return Courseware.objects.select_related("job").get(pk=courseware.pk)


def test_the_job_unpacks_once() -> None:
    courseware = run(brought(single()))
    assert (courseware.is_ready, courseware.is_refused) == (True, False)
    assert courseware.job is not None
    assert courseware.job.status == JobStatus.DONE
    before = left(courseware)
    again = run(courseware)
    assert (again.files, left(again)) == (courseware.files, before)


def test_the_job_of_a_refused_package_says_why() -> None:
    courseware = run(brought(single(**{"save.php": "x"})))
    assert courseware.title == "a.zip", "by the file, which is gone"
    assert (courseware.is_ready, courseware.is_refused) == (False, True)
    assert courseware.job is not None
    assert "save.php" in courseware.job.words


def test_a_package_that_was_deleted_meanwhile_leaves_nothing() -> None:
    courseware = brought(single())

    def delete_it(done: int, total: int) -> None:
        Courseware.objects.filter(pk=courseware.pk).delete()

    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.unpack(courseware=courseware, report=delete_it)
    assert left(courseware) == []


def test_what_is_dropped_takes_its_files_along() -> None:
    courseware = unpack(brought(single()))
    pk = courseware.pk
    with TestCase.captureOnCommitCallbacks(execute=True):
        drop_package(package=courseware)
    assert not Courseware.objects.exists()
    courseware.pk = pk
    assert left(courseware) == []


def test_what_a_lesson_uses_is_not_dropped() -> None:
    lesson = scorm()
    with pytest.raises(ProtectedError):
        drop_package(package=lesson.scorm)
    assert Courseware.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "RuntimeBasicCalls_SCORM12.zip",
        "RuntimeBasicCalls_SCORM20043rdEdition.zip",
        "singlescobasic_missingorg.zip",
    ],
)
def test_real_packages_are_unpacked(name: str) -> None:
    courseware = unpack(brought(sample(f"scorm/{name}").read_bytes()))
    assert courseware.is_ready
    assert len(courseware.scos) == 1
    assert not [name for name in courseware.files if name.endswith((".xsd", ".dtd"))]
    clear_folder(courseware.folder)
