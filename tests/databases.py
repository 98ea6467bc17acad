"""SQLite databases that several processes of a run begin with: each made once, by whoever comes first.

The one that is only migrated is kept in VAR_DIR for later runs, until anything that makes it has changed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parent.parent
NAME = "xiangxue.sqlite3"
MEDIA = "media"
# What a migrated database depends on; whatever else changes leaves it as it is.
MAKERS = ("**/migrations/*.py", "**/apps.py", "settings.py")
SERVERS = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"}


def demo_environment(var: Path) -> dict[str, str]:
    """For a process with a demo of its own on SQLite, whatever this process is connected to."""
    others = {name: value for name, value in os.environ.items() if name not in SERVERS}
    return {**others, "DEMO": "true", "VAR_DIR": str(var)}


class Databases:
    """The databases of one run, in a folder that all of its processes see."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        mine = factory.getbasetemp()
        self.folder = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "databases"

    def copy_migrated(self, target: Path) -> None:
        """Put what the migrations make in a place, instead of what was there."""
        _copy(self._migrated(), target)

    def copy_demo(self, target: Path, media: Path) -> None:
        """Put the loaded demo in a place, instead of what was there, and its files in another."""
        made = self._demo()
        _copy(made, target)
        shutil.copytree(made.parent / MEDIA, media, symlinks=True)

    def _migrated(self) -> Path:
        return _once(kept_folder(), None, "migrate", "--verbosity=0")

    def _demo(self) -> Path:
        return _once(self.folder / "demo", self._migrated(), "load_demo")


def kept_folder() -> Path:
    """Where the migrated database of the present sources is kept; what older sources made goes."""
    digest = hashlib.sha256()
    ours = (ROOT / name for name in ("accounts", "courses", "lms"))
    makers = sorted(path for room in ours for pattern in MAKERS for path in room.glob(pattern))
    for path in [ROOT / "requirements.lock", *makers]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    folder = Path(settings.VAR_DIR) / "migrated"
    made = folder / digest.hexdigest()[:16]
    made.mkdir(parents=True, exist_ok=True)
    for other in folder.iterdir():
        if other != made:
            shutil.rmtree(other, ignore_errors=True)
    return made


def _once(folder: Path, begin: Path | None, *command: str) -> Path:
    """The database that a command of manage.py makes out of another; the others wait for the first."""
    made = folder / "made.sqlite3"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = folder / NAME
            making.unlink(missing_ok=True)  # of a run that was stopped in the middle
            if begin is not None:
                _copy(begin, making)
            environment = {**demo_environment(folder), "MEDIA_ROOT": str(_media(folder))}
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
            making.rename(made)
    return made


def _copy(made: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.copy(made, target)


def _media(folder: Path) -> Path:
    """A place for files, with those that are shipped."""
    media = folder / MEDIA
    media.mkdir(exist_ok=True)
    if not (media / "demo").is_symlink():
        (media / "demo").symlink_to(ROOT / MEDIA / "demo")
    return media
