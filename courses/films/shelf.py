"""Where what is made of films lies: in the site's storage, on a disk here or an object store elsewhere."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from courses.disk import clear_folder, on_this_disk

ROOT = "renditions"
CHUNK = 1 << 20


class MovedFile(File):  # type: ignore[type-arg]  # bytes
    """A finished file that a storage on the same disk may take instead of copying it."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        super().__init__(file, path.name)
        self.path = path

    def temporary_file_path(self) -> str:
        """Where it lies; Django's own storage moves what has such a place."""
        return str(self.path)


@contextmanager
def at_hand(name: str, folder: Path) -> Iterator[Path]:
    """A stored file as a path that ffmpeg can open; fetched into the folder from an object store."""
    path = on_this_disk(name)
    if path is None:
        path = folder / "source"
        with default_storage.open(name) as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy, CHUNK)
    if not path.exists():
        raise FileNotFoundError(name)
    yield path


def keep(made: Path, target: str, *, heard: Callable[[], None]) -> None:
    """Put the files of a folder on the shelf below `target`; raises OSError."""
    for path in sorted(made.iterdir()):
        name = f"{target}/{path.name}"
        with path.open("rb") as file:
            stored = default_storage.save(name, MovedFile(file, path))
        if stored != name:
            default_storage.delete(stored)
            raise FileExistsError(name)
        heard()


def clear(folder: str) -> None:
    """Take a folder and everything below it from the shelf; one that is not there is no error."""
    if not (folder == ROOT or folder.startswith(f"{ROOT}/")):
        raise ValueError(folder)
    clear_folder(folder)


def film_folders() -> dict[int, str]:
    """The folders on the shelf by the number of their film."""
    try:
        folders, _files = default_storage.listdir(ROOT)
    except FileNotFoundError:
        return {}
    return {int(name): f"{ROOT}/{name}" for name in folders if name.isdecimal()}
