"""Which libraries something needs to be played, and which a content names."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from courses.h5p.models import Dependency, DependencyKind, Library
from courses.h5p.names import LibraryName

TO_PLAY = (DependencyKind.PRELOADED, DependencyKind.DYNAMIC)
TO_WRITE = (*TO_PLAY, DependencyKind.EDITOR)
MOST_ASKED = 1_000


def needed_by(libraries: Iterable[Library], kinds: Iterable[str] = TO_PLAY) -> set[int]:
    """The keys of the libraries and of all that they need at their current patches; a query a level."""
    needed: set[int] = set()
    waiting = {library.pk for library in libraries}
    while waiting:
        needed |= waiting
        below = Dependency.objects.filter(patch__current_of__in=waiting, kind__in=list(kinds))
        waiting = set(below.values_list("library", flat=True)) - needed
    return needed


def installed(names: Iterable[LibraryName]) -> dict[LibraryName, Library]:
    """Those of the names that are installed, with their current patches; one query."""
    wanted = set(names)
    machine_names = {name.machine_name for name in wanted}
    found = Library.objects.filter(current__isnull=False).select_related("current")
    # Hostile parameters name more than a database can be asked for, and far more than any site has.
    rows = found.filter(machine_name__in=machine_names) if len(machine_names) <= MOST_ASKED else found
    named = {name_of(library): library for library in rows}
    return {name: library for name, library in named.items() if name in wanted}


def name_of(library: Library) -> LibraryName:
    """What others call a library."""
    return LibraryName(library.machine_name, library.major, library.minor)


def named_in(params: Any) -> set[LibraryName]:  # Any: JSON
    """The libraries that parameters name."""
    return set(_names(params))


def users_of(library: Library) -> list[Library]:
    """Libraries that are not played without this one."""
    by = Q(patches__dependencies__library=library, patches__dependencies__kind__in=TO_PLAY)
    return list(Library.objects.filter(by).exclude(pk=library.pk).distinct())


def _names(value: Any) -> Iterator[LibraryName]:  # Any: JSON
    if isinstance(value, dict):
        if name := LibraryName.from_params(value.get("library")):
            yield name
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _names(one)
