"""Packages that are brought at the same moment share their libraries."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from django.db import connection

from courses.h5p.actions import contents as unpacking
from courses.h5p.actions import install_libraries, set_patch, unpack
from courses.h5p.models import Content, Dependency, Library, LibraryPatch
from courses.packages.refusals import Refused
from tests.courses.h5p import made
from tests.courses.h5p.bringing import AT, brought, installer, on_disk, stored
from tests.parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_same_libraries_brought_at_once_are_installed_once() -> None:
    by = installer()
    contents = [brought(made.small_set(), by) for _ in range(4)]

    def one(content: Content) -> Callable[[], None]:
        return lambda: unpack(content=content, by=by, at=AT)

    at_once(map(one, contents))
    assert (Library.objects.count(), LibraryPatch.objects.count(), Dependency.objects.count()) == (3, 3, 1)
    assert all(content.libraries.count() == 3 for content in Content.objects.all())
    expected = {f"{patch.folder}/{path}" for patch in LibraryPatch.objects.all() for path in patch.files}
    assert set(stored()) == expected


def test_of_two_with_the_same_patch_and_other_bytes_one_is_refused(tmp_path: Path) -> None:
    by = installer()
    paths = []
    for place, author in enumerate(("one", "two")):
        folder = tmp_path / str(place)
        folder.mkdir()
        paths.append(on_disk(folder, made.zipped(made.library_files(made.SMALL, author=author))))

    def one(path: Path) -> Callable[[], str]:
        def install() -> str:
            try:
                return str(len(install_libraries(path=path, by=by, at=AT)))
            except Refused as refused:
                return refused.code

        return install

    assert sorted(at_once(map(one, paths))) == ["1", "library_differs"]
    patch = LibraryPatch.objects.get()
    assert {name.split("/")[2] for name in stored()} == {patch.folder.split("/")[2]}


def test_refused_ones_at_once_take_no_files_from_those_that_are_installed(tmp_path: Path) -> None:
    """Four bring a new library; two of them also bring another one, each with bytes of its own."""
    by = installer()
    paths = []
    for place in range(4):
        folder = tmp_path / str(place)
        folder.mkdir()
        also = made.library_files(made.SMALL, author=str(place)) if place < 2 else {}
        paths.append(on_disk(folder, made.zipped({**made.library_files(made.PAGE), **also})))

    def one(path: Path) -> Callable[[], None]:
        def install() -> None:
            with suppress(Refused):
                install_libraries(path=path, by=by, at=AT)

        return install

    at_once(map(one, paths))
    assert LibraryPatch.objects.count() == 2
    expected = {f"{patch.folder}/{path}" for patch in LibraryPatch.objects.all() for path in patch.files}
    assert set(stored()) == expected


def test_patches_brought_at_once_leave_the_highest_playing(tmp_path: Path) -> None:
    by = installer()

    def one(patch: int) -> Callable[[], None]:
        folder = tmp_path / str(patch)
        folder.mkdir()
        path = on_disk(folder, made.zipped(made.library_files(made.SMALL, patchVersion=patch)))
        return lambda: install_libraries(path=path, by=by, at=AT) and None

    at_once(map(one, (4, 7, 5, 6)))
    library = Library.objects.get()
    assert library.current is not None
    assert library.current.patch == 7


def test_a_patch_that_is_set_while_a_content_is_noted_counts_for_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = installer()
    wide = made.library_files(made.SMALL, patchVersion=5, preloadedDependencies=[made.needed(made.PAGE)])
    for libraries in (made.library_files(made.PAGE), wide, made.library_files(made.SMALL, patchVersion=6)):
        install_libraries(path=on_disk(tmp_path, made.zipped(libraries)), by=by, at=AT)
    library = Library.objects.get(machine_name="H5P.Small")
    bare = made.small(libraries=(), metadata={"preloadedDependencies": [made.needed(made.SMALL)]})
    content = brought(bare, by)
    needed_by = unpacking.needed_by

    def set_back() -> None:
        try:
            set_patch(library=library, patch=library.patches.get(patch=5), by=by, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:

        def needed_before(libraries: Iterable[Library]) -> set[int]:
            """What is needed, and then the other patch comes, or waits to come."""
            found = needed_by(libraries)
            setting = pool.submit(set_back)
            until = monotonic() + 20
            while not (setting.done() or somebody_waits()):
                assert monotonic() < until
            return found

        monkeypatch.setattr(unpacking, "needed_by", needed_before)
        unpack(content=content, by=by, at=AT)
    assert content.libraries.count() == 2


def somebody_waits() -> bool:
    """Whether another connection waits for a lock of this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.rowcount > 0
