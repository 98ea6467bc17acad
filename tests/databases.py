"""SQLite databases that several processes of a run begin with: each made once, by whoever comes first."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAME = "xiangxue.sqlite3"
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

    def copy_demo(self, target: Path) -> None:
        """Put the loaded demo in a place, instead of what was there."""
        _copy(self._demo(), target)

    def _migrated(self) -> Path:
        return self._once("migrated", None, "migrate", "--verbosity=0")

    def _demo(self) -> Path:
        return self._once("demo", self._migrated(), "load_demo")

    def _once(self, name: str, begin: Path | None, *command: str) -> Path:
        """The database that a command of manage.py makes out of another; the others wait for the first."""
        made = self.folder / name / "made.sqlite3"
        made.parent.mkdir(parents=True, exist_ok=True)
        with (made.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                making = made.parent / NAME
                if begin is not None:
                    _copy(begin, making)
                environment = demo_environment(made.parent)
                subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
                making.rename(made)
        return made


def _copy(made: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.copy(made, target)
