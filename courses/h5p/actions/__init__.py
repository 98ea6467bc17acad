"""Writes to the libraries and contents of H5P."""

from courses.h5p.actions.contents import unpack
from courses.h5p.actions.libraries import (
    LibraryInUse,
    WrongPatch,
    install_libraries,
    remove_library,
    set_patch,
)

__all__ = [
    "LibraryInUse",
    "WrongPatch",
    "install_libraries",
    "remove_library",
    "set_patch",
    "unpack",
]
