"""Running ffmpeg in the background: followed, bounded in time and size, ended with whoever asked for it."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from courses.films.models import Trouble

LEASH = Path(__file__).with_name("leash.py")
LISTEN_SECONDS = 5
STALL_SECONDS = 120
# The slowest machine that is worth having needs this many seconds for one of the film.
SLOWEST = 30
LEAST_SECONDS = 600
MOST_FILE_BYTES = 16 << 30
TOLD_BYTES = 4000
OUT_TIME = re.compile(rb"out_time_us=(\d+)")
NO_ROOM = ("No space left on device", "Disk quota exceeded", "File too large")
NO_MEMORY = ("Cannot allocate memory",)
SIGNALLED = 255  # what ffmpeg answers after SIGTERM


class Failed(Exception):
    """A conversion ended badly; `trouble` says why, the text is for whoever operates the machine."""

    def __init__(self, trouble: Trouble, told: str = "") -> None:
        super().__init__(told or trouble.value)
        self.trouble = trouble

    @property
    def is_final(self) -> bool:
        """Whether trying again cannot help."""
        return self.trouble in {Trouble.BROKEN, Trouble.MISSING}


Heard = Callable[[int], None]


def follow(command: Sequence[str], *, length_ms: int, heard: Heard) -> int:
    """Run ffmpeg over a film of this length; `heard` gets the milliseconds done. Gives how far it came.

    Raises Failed. Whatever `heard` raises ends ffmpeg too.
    """
    program = shutil.which(command[0]) or command[0]
    leashed = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(MOST_FILE_BYTES), "--"]
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(  # noqa: S603  # no shell
            [*leashed, program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
        )
        try:
            reached = _listen(process, length_ms, heard)
            status = process.wait(STALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Failed(Trouble.STALLED) from error
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        last_words = _last(told)
        # A write that failed at the very end is told and yet no error to ffmpeg.
        if status or any(sign in last_words for sign in NO_ROOM):
            raise _why(status, last_words)
    return reached


def _listen(process: "subprocess.Popen[bytes]", length_ms: int, heard: Heard) -> int:
    """Pass progress on until ffmpeg closes its end; raises Failed when it stands still."""
    if process.stdout is None:
        raise ValueError("a process without a pipe")
    quiet_since = begun = time.monotonic()
    longest = max(LEAST_SECONDS, length_ms * SLOWEST / 1000)
    reached = 0
    while True:
        heard(min(reached, length_ms))  # also when nothing is told: whoever waits keeps the job
        is_told, _, _ = select.select([process.stdout], [], [], LISTEN_SECONDS)
        now = time.monotonic()
        if now - begun > longest or (not is_told and now - quiet_since > STALL_SECONDS):
            raise Failed(Trouble.STALLED)
        if not is_told:
            continue
        piece = os.read(process.stdout.fileno(), 65536)
        if not piece:
            return reached
        quiet_since = now
        for found in OUT_TIME.findall(piece):
            reached = max(reached, int(found) // 1000)


def _last(told: IO[bytes]) -> str:
    size = told.seek(0, os.SEEK_END)
    told.seek(max(0, size - TOLD_BYTES))
    return told.read().decode(errors="replace")


def _why(status: int, told: str) -> Failed:
    """What an ffmpeg that ended with an error died of."""
    if status == -signal.SIGXFSZ or any(sign in told for sign in NO_ROOM):
        return Failed(Trouble.NO_ROOM, told)
    if status < 0 or status == SIGNALLED or any(sign in told for sign in NO_MEMORY):
        return Failed(Trouble.KILLED, told or f"ended by signal {-status}")
    return Failed(Trouble.BROKEN, told)
