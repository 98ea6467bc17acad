"""The job: ten units, one after another; the first attempt stops in the middle and waits to be killed."""

import os
import signal
from pathlib import Path
from typing import Any

from accounts.models import Level, Unit
from lms.jobs.registry import Work, job

STEPS = 10
STOP_AT = 5


@job("steps")
def steps(work: Work) -> dict[str, Any]:
    journal = Path(work.args["journal"])
    is_first = not journal.exists()
    journal.with_suffix(".pid").write_text(str(os.getpid()))
    for step in range(STEPS):
        if is_first and step == STOP_AT:
            signal.pause()
        code = f"1407281{step:02d}000"
        Unit.objects.get_or_create(code=code, defaults={"name": f"镇{step}", "level": Level.TOWNSHIP})
        with journal.open("a") as lines:
            lines.write(f"{step}\n")
        work.report(step + 1, STEPS)
    return {"steps": STEPS}


@job("steps.wait")
def wait(work: Work) -> dict[str, Any]:
    """Ends when the test takes the file away."""
    gate = Path(work.args["gate"])
    gate.with_suffix(".began").touch()
    while gate.exists():
        work.report(0, 1)
    return {}
