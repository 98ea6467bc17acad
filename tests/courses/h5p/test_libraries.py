"""Libraries live once, by name and version; patches come and are set back; what is used cannot be removed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditLine
from courses.h5p.actions import (
    LibraryInUse,
    WrongPatch,
    install_libraries,
    playing,
    remove_library,
    set_patch,
)
from courses.h5p.actions.libraries import keep_libraries, store_libraries
from courses.h5p.judging import judge_libraries
from courses.h5p.models import Dependency, DependencyKind, Library, LibraryPatch
from courses.h5p.names import LibraryName
from courses.h5p.needs import installed
from courses.h5p.reading import read_libraries
from courses.packages.archives import open_archive
from courses.packages.refusals import Refused
from lms.jobs.registry import unheard
from tests.courses.h5p import made
from tests.courses.h5p.bringing import AT, installer, nothing_is_left, stored, unpacked

pytestmark = pytest.mark.django_db
Install = Callable[[bytes], list[LibraryPatch]]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    def bring(package: bytes) -> list[LibraryPatch]:
        path = tmp_path / "brought.h5p"
        path.write_bytes(package)
        return install_libraries(path=path, by=installer(), at=AT)

    return bring


def alone(*libraries: str, **changes: object) -> bytes:
    """A package of libraries without a content; the changes are for the first of them."""
    files: dict[str, bytes | str] = {}
    for library in libraries[1:]:
        files |= made.library_files(library)
    return made.zipped({**files, **made.library_files(libraries[0], **changes)})


def small() -> Library:
    return Library.objects.get(machine_name="H5P.Small")


def test_libraries_are_found_among_more_names_than_a_database_can_be_asked_for(install: Install) -> None:
    install(made.small())
    small = LibraryName("H5P.Small", 1, 0)
    assert set(installed([small, *(LibraryName(f"a{number}", 1, 0) for number in range(251_000))])) == {small}


def test_libraries_without_a_content_are_installed_with_their_needs(install: Install) -> None:
    patches = install(alone(made.SET, made.SMALL))
    assert [str(patch) for patch in patches] == ["H5P.Small 1.0 (3)", "H5P.SmallSet 1.0 (0)"]
    assert small().current == patches[0]
    assert small().is_runnable
    assert patches[0].folder.startswith("h5p/libraries/H5P.Small-1.0.3-")
    assert sorted(stored()) == sorted(f"{one.folder}/{path}" for one in patches for path in one.files)
    need = Dependency.objects.get()
    assert (str(need.patch), str(need.library), need.kind) == (
        "H5P.SmallSet 1.0 (0)",
        "H5P.Small 1.0",
        "PRELOADED",
    )
    assert AuditLine.objects.get(action="h5p.libraries_installed").detail["libraries"] == list(
        map(str, patches)
    )


def test_installing_twice_is_installing_once(install: Install) -> None:
    install(alone(made.SET, made.SMALL))
    before = stored()
    assert install(alone(made.SET, made.SMALL)) == []
    assert stored() == before
    assert (Library.objects.count(), Dependency.objects.count(), AuditLine.objects.count()) == (2, 1, 1)


def test_a_higher_patch_plays_and_a_lower_one_is_passed_over(install: Install) -> None:
    install(alone(made.SMALL))
    install(alone(made.SMALL, patchVersion=5, title="Newer"))
    assert install(alone(made.SMALL, patchVersion=4)) == []
    library = small()
    assert library.current is not None
    assert (library.current.patch, library.title) == (5, "Newer")
    assert list(library.patches.values_list("patch", flat=True)) == [5, 3]


def test_the_same_patch_with_other_bytes_is_refused(install: Install) -> None:
    install(alone(made.SMALL))
    before = stored()
    with pytest.raises(Refused) as refused:
        install(alone(made.SMALL, author="Somebody else"))
    assert (refused.value.code, refused.value.name) == ("library_differs", "H5P.Small-1.0/library.json")
    assert stored() == before


def test_a_refused_package_takes_no_files_from_one_that_brings_the_same(
    tmp_path: Path, install: Install
) -> None:
    """Both wrote the files of a library that nobody had; then the one is refused for another library."""
    by = installer()
    packages = {"both.h5p": alone(made.SMALL, made.PAGE), "one.h5p": alone(made.PAGE)}
    waiting = {}
    for name, package in packages.items():
        (tmp_path / name).write_bytes(package)
        with open_archive(tmp_path / name) as archive:
            drafts = judge_libraries(archive, read_libraries(archive), unheard)
            waiting[name] = store_libraries(archive=archive, drafts=drafts, mark=name, report=unheard)
    install(alone(made.SMALL, author="Somebody else"))
    with pytest.raises(Refused):
        keep_libraries(stored=waiting["both.h5p"], by=by, at=AT)
    keep_libraries(stored=waiting["one.h5p"], by=by, at=AT)
    patches = LibraryPatch.objects.all()
    assert sorted(stored()) == sorted(f"{patch.folder}/{path}" for patch in patches for path in patch.files)


def test_files_that_are_not_kept_make_no_other_library(install: Install) -> None:
    install(alone(made.SMALL))
    assert install(made.zipped({**made.library_files(made.SMALL), f"{made.SMALL}/README.html": "x"})) == []


def test_a_package_without_libraries_is_refused(install: Install) -> None:
    with pytest.raises(Refused) as refused:
        install(made.package(libraries=()))
    assert refused.value.code == "no_libraries"
    assert nothing_is_left()


def test_what_is_needed_has_to_be_there(install: Install) -> None:
    with pytest.raises(Refused) as refused:
        install(alone(made.SET))
    assert (refused.value.code, refused.value.values) == ("needs", {"missing": "H5P.Small 1.0"})
    assert nothing_is_left()
    install(alone(made.SMALL))
    assert len(install(alone(made.SET))) == 1


def test_what_is_needed_for_writing_may_come_later(install: Install) -> None:
    install(alone(made.SMALL, editorDependencies=[made.needed(made.PAGE)]))
    assert not Dependency.objects.exists()
    install(alone(made.PAGE))
    assert Dependency.objects.get().kind == DependencyKind.EDITOR


def test_libraries_may_need_each_other(install: Install) -> None:
    both = made.zipped(
        {
            **made.library_files(made.SMALL, dynamicDependencies=[made.needed(made.SET)]),
            **made.library_files(made.SET),
        }
    )
    assert len(install(both)) == 2
    bare = made.small(libraries=(), metadata={"preloadedDependencies": [made.needed(made.SMALL)]})
    assert unpacked(bare).libraries.count() == 2


def test_a_patch_is_set_back_and_forward_again(install: Install) -> None:
    content = unpacked(made.small())
    install(alone(made.SMALL, made.PAGE, patchVersion=5, preloadedDependencies=[made.needed(made.PAGE)]))
    library = small()
    older = library.patches.get(patch=3)
    assert {str(one) for one in content.libraries.all()} == {"H5P.Small 1.0", "H5P.SmallPage 1.0"}
    for _twice in range(2):
        set_patch(library=library, patch=older, by=installer(), at=AT)
        assert small().current == older
    assert {str(one) for one in content.libraries.all()} == {"H5P.Small 1.0"}
    line = AuditLine.objects.get(action="h5p.patch_set")
    assert line.detail == {"library": "H5P.Small 1.0", "before": 5, "after": 3}
    set_patch(library=library, patch=library.patches.get(patch=5), by=installer(), at=AT)
    assert content.libraries.count() == 2


def test_setting_a_patch_reads_few_contents_at_a_time_and_asks_seldom(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "AT_ONCE", 2)
    contents = [unpacked(made.small(), title=str(number)) for number in range(5)]
    install(alone(made.SMALL, made.PAGE, patchVersion=5, preloadedDependencies=[made.needed(made.PAGE)]))
    assert {content.libraries.count() for content in contents} == {2}
    library = small()
    with CaptureQueriesContext(connection) as asked:
        set_patch(library=library, patch=library.patches.get(patch=3), by=installer(), at=AT)
    assert {content.libraries.count() for content in contents} == {1}
    read = [query["sql"] for query in asked if '"params"' in query["sql"]]
    assert len(read) == 3
    assert not any('"files"' in sql or '"findings"' in sql for sql in read)
    # What they need is found once for all of them.
    assert len([1 for query in asked if query["sql"].startswith('SELECT "h5p_dependency"')]) <= 3


def test_a_patch_that_changes_no_needs_writes_nothing_to_the_contents(install: Install) -> None:
    unpacked(made.small())
    install(alone(made.SMALL, patchVersion=5))
    library = small()
    with CaptureQueriesContext(connection) as asked:
        set_patch(library=library, patch=library.patches.get(patch=3), by=installer(), at=AT)
    writes = [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]
    assert not [sql for sql in writes if "h5p_content" in sql]


def test_a_patch_of_another_library_does_not_play(install: Install) -> None:
    install(alone(made.SET, made.SMALL))
    other = LibraryPatch.objects.get(library__machine_name="H5P.SmallSet")
    with pytest.raises(WrongPatch):
        set_patch(library=small(), patch=other, by=installer(), at=AT)


def test_a_library_that_is_used_is_not_removed_and_its_users_are_named(install: Install) -> None:
    content = unpacked(made.small_set())
    with pytest.raises(LibraryInUse) as used:
        remove_library(library=small())
    assert used.value.contents == [content]
    assert [str(library) for library in used.value.libraries] == ["H5P.SmallSet 1.0"]
    assert Library.objects.count() == 3


def test_a_library_that_nobody_needs_goes_with_its_files(install: Install) -> None:
    install(alone(made.SMALL))
    install(alone(made.SMALL, patchVersion=5))
    install(alone(made.PAGE, editorDependencies=[made.needed(made.SMALL)]))
    with TestCase.captureOnCommitCallbacks(execute=True):
        remove_library(library=small())
    assert [str(library) for library in Library.objects.all()] == ["H5P.SmallPage 1.0"]
    assert all("H5P.SmallPage" in name for name in stored())
    assert len(install(alone(made.SMALL))) == 1


def test_the_promises_are_kept_by_the_database(install: Install) -> None:
    install(alone(made.SET, made.SMALL))
    library, patch, need = small(), small().current, Dependency.objects.get()
    assert patch is not None
    for row in (
        Library(machine_name=library.machine_name, major=1, minor=0, title="a"),
        LibraryPatch(library=library, patch=3, digest="0", metadata={}, folder="a", installed_at=AT),
        Dependency(patch=need.patch, library=need.library, kind=need.kind),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
    with pytest.raises(ProtectedError):
        patch.delete()
