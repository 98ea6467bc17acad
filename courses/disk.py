"""Stored files as they lie: on a disk here, or in an object store elsewhere."""

import shutil
from pathlib import Path

from django.core.files.storage import Storage, default_storage


def on_this_disk(name: str, storage: Storage | None = None) -> Path | None:
    """The path of a stored file, or None where the storage is no file system."""
    try:
        return Path((storage or default_storage).path(name))
    except NotImplementedError:
        return None


def clear_folder(folder: str) -> None:
    """Delete whatever lies below a folder, also what a killed job left there and no row names.

    One that is not there is no error, and "" names none.
    """
    if not folder:
        return
    path = on_this_disk(folder)
    if path is not None:
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    for inner in folders:
        clear_folder(f"{folder}/{inner}")
