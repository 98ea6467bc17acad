"""How H5P names a library: by machine name, major and minor version; and the core that we play with."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

# The core inside the vendored frame bundle.
CORE_API = (1, 28)
MACHINE_NAME = re.compile(r"[A-Za-z][\w-]{0,59}(\.[\w-]{1,60}){0,3}", re.ASCII)
IN_PARAMS = re.compile(r"(\S{1,127}) (\d{1,4})\.(\d{1,4})", re.ASCII)
MOST_VERSION = 9_999
MOST_LISTED = 5


class LibraryName(NamedTuple):
    """A library as others ask for it."""

    machine_name: str
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.machine_name} {self.major}.{self.minor}"

    @property
    def directory(self) -> str:
        """How H5P names its folder."""
        return f"{self.machine_name}-{self.major}.{self.minor}"

    @classmethod
    def from_params(cls, text: object) -> Self | None:
        """The library that `"H5P.TrueFalse 1.6"` names, or nothing."""
        found = IN_PARAMS.fullmatch(text) if isinstance(text, str) else None
        if found is None or not MACHINE_NAME.fullmatch(found[1]):
            return None
        return cls(found[1], int(found[2]), int(found[3]))

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:  # Any: JSON
        """The library that an object of h5p.json or library.json names; raises ValueError."""
        name = said.get("machineName")
        if not (isinstance(name, str) and MACHINE_NAME.fullmatch(name)):
            raise ValueError("machineName")
        return cls(name, version(said, "majorVersion"), version(said, "minorVersion"))


def version(said: Mapping[str, Any], key: str) -> int:  # Any: JSON
    """A number of a version, also where it was written as text; raises ValueError."""
    number = said.get(key)
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 6:
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_VERSION:
        raise ValueError(key)
    return number


def listed(names: Iterable[LibraryName]) -> str:
    """Names for a sentence, the first few of many."""
    several = sorted(set(names))
    return ", ".join(map(str, several[:MOST_LISTED])) + (" …" if len(several) > MOST_LISTED else "")
