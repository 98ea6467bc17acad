"""Starts a program that reads hostile files: politely, within bounds, and never longer than its parent lives.

Run as `python -I -S leash.py PARENT BYTES -- PROGRAM …`; the standard library only, so it starts at once.
"""

import ctypes
import os
import resource
import signal
import sys

NICE = 10
MOST_MEMORY = 3 << 30
PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Tie the process to its parent, bound it, and become the program."""
    parent, most_bytes, separator, *program = arguments
    if separator != "--" or not program:
        raise SystemExit(64)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):  # it died before the line above
            raise SystemExit(70)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most_bytes), int(most_bytes)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGXFSZ, signal.SIGPIPE):  # which Python ignores, and its children would too
        signal.signal(number, signal.SIG_DFL)
    os.nice(NICE)
    os.execv(program[0], program)  # noqa: S606  # no shell


if __name__ == "__main__":
    main(sys.argv[1:])
