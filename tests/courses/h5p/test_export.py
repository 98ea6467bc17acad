"""A content goes out as .h5p and comes in elsewhere unchanged."""

import io
import zipfile
from typing import Any

import pytest
from django.test import TestCase

from courses.h5p.actions import install_libraries, remove_library, set_patch
from courses.h5p.export import export
from courses.h5p.models import Content, Library, LibraryPatch
from courses.packages.actions import drop_package
from tests.courses.h5p import made
from tests.courses.h5p.bringing import AT, installer, nothing_is_left, on_disk, unpacked
from tests.samples import sample

pytestmark = pytest.mark.django_db
SAMPLES = ["dialog-cards", "drag-text", "interactive-video", "question-set", "true-false"]


def exported(content: Content) -> bytes:
    file = io.BytesIO()
    export(content, file)
    return file.getvalue()


def facts(content: Content) -> dict[str, Any]:
    """All that a content is, wherever it is kept."""
    libraries = LibraryPatch.objects.filter(current_of__contents=content).order_by("folder")
    return {
        "params": content.params,
        "metadata": content.metadata,
        "main": str(content.main),
        "parts": content.parts,
        "film": content.film_seconds,
        "findings": content.findings,
        "files": content.files,
        "libraries": list(libraries.values_list("digest", "files", "metadata", "semantics")),
    }


def emptied() -> None:
    """Another house, where nothing was ever brought."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        for content in Content.objects.all():
            drop_package(package=content)
        while Library.objects.exists():
            _remove_some()
    assert nothing_is_left()


def _remove_some() -> None:
    needed = Library.objects.filter(needed_by__kind__in=("PRELOADED", "DYNAMIC"))
    free = list(Library.objects.exclude(pk__in=needed))
    assert free
    for library in free:
        remove_library(library=library)


def comes_back_unchanged(package: bytes) -> None:
    content = unpacked(package)
    before, out = facts(content), exported(content)
    assert exported(content) == out
    emptied()
    after = unpacked(out)
    assert facts(after) == before
    assert exported(after) == out


def test_a_content_comes_back_unchanged() -> None:
    files = {
        "content/images/large.jpg": made.picture("JPEG", (2400, 1200), noise=60, quality=95),
        "content/images/heavy.png": made.picture("PNG", (700, 700), noise=60),
        "content/a.txt": "甲",
    }
    dirty = made.question(question="<p>洪水</p><script>a</script>", media={"path": "images/large.jpg"})
    comes_back_unchanged(made.small(files=files, params=dirty))


def test_a_content_of_several_libraries_comes_back_unchanged() -> None:
    comes_back_unchanged(
        made.small_set(params={**made.SET_OF_THREE, "questions": made.SET_OF_THREE["questions"][:1]})
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_what_others_made_comes_back_unchanged(name: str) -> None:
    comes_back_unchanged(sample(f"h5p/{name}.h5p").read_bytes())


def test_libraries_for_writing_go_along_and_what_plays_is_their_current_patch(tmp_path: Any) -> None:
    by = installer()
    newer = made.library_files(made.SMALL, patchVersion=4, editorDependencies=[made.needed(made.PAGE)])
    content = unpacked(made.small(files={**newer, **made.library_files(made.PAGE)}), by)
    newest = made.zipped(made.library_files(made.SMALL, patchVersion=5))
    install_libraries(path=on_disk(tmp_path, newest), by=by, at=AT)
    with zipfile.ZipFile(io.BytesIO(exported(content))) as archive:
        assert b'"patchVersion": 5' in archive.read("H5P.Small-1.0/library.json")
        assert "H5P.SmallPage-1.0/library.json" not in archive.namelist()
    library = Library.objects.get(machine_name="H5P.Small")
    set_patch(library=library, patch=library.patches.get(patch=4), by=by, at=AT)
    with zipfile.ZipFile(io.BytesIO(exported(content))) as archive:
        assert b'"patchVersion": 4' in archive.read("H5P.Small-1.0/library.json")
        assert "H5P.SmallPage-1.0/library.json" in archive.namelist()
        assert archive.namelist()[:2] == ["h5p.json", "content/content.json"]
