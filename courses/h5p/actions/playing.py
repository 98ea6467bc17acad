"""Noting which libraries the contents need to be played."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from courses.h5p.models import Content, Library
from courses.h5p.names import LibraryName
from courses.h5p.needs import installed, name_of, named_in, needed_by

# So many contents' parameters are held in memory at a time; each may have some megabytes.
AT_ONCE = 20
MAIN = ("main__machine_name", "main__major", "main__minor")
Needs = Callable[[frozenset[LibraryName]], set[int]]


def hold_libraries() -> None:
    """Hold every library until the transaction ends; to be called before any content is held.

    Which patch plays, and which libraries a content needs by that, are written one after the other.
    """
    list(Library.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def play_anew(libraries: set[int]) -> None:
    """Note anew what the contents need to be played after patches of these libraries have moved."""
    found = Content.objects.filter(libraries__in=libraries).order_by("pk").values_list("pk", flat=True)
    keys = list(found.distinct())
    # Most contents name the same few libraries: each set of names is asked for once.
    needs = lru_cache(maxsize=1_000)(_needs)
    for first in range(0, len(keys), AT_ONCE):
        _note(keys[first : first + AT_ONCE], needs)


def _needs(names: frozenset[LibraryName]) -> set[int]:
    return needed_by(installed(names).values())


def _note(keys: Sequence[int], needs: Needs) -> None:
    """Of some contents, and write only what is new; two queries where nothing is."""
    wanted = _wanted(keys, needs)
    noted = Content.libraries.through.objects.filter(content__in=keys)
    known = set(noted.values_list("content_id", "library_id"))
    for content in Content.objects.filter(pk__in={key for key, _library in wanted ^ known}).only("pk"):
        content.libraries.set({library for key, library in wanted if key == content.pk})


def _wanted(keys: Sequence[int], needs: Needs) -> set[tuple[int, int]]:
    contents = Content.objects.filter(pk__in=keys).select_related("main").only("params", *MAIN)
    return {(content.pk, library) for content in contents for library in needs(_named(content))}


def _named(content: Content) -> frozenset[LibraryName]:
    assert content.main is not None  # as the constraint says of unpacked contents
    return frozenset({*named_in(content.params), name_of(content.main)})
