"""`python3 run.py bench [name] [options]`: one benchmark, or all of them, each in a process of its own."""

import sys
from importlib import import_module

from run import leave_on_signal, run

BENCHES = {
    "progress": "the report of study beside a bare view and a one-statement view",
    "standings": "standings made anew from the ledger",
    "page": "what a first visit of each learner page costs",
    "imports": "people out of a spreadsheet",
    "film": "a lecture made into what phones play",
    "interactive": "what the frame of an interactive content costs",
}


def main(arguments: list[str]) -> int:
    """Run the bench that is named, or each after the other."""
    leave_on_signal()
    if not arguments:
        statuses = [run([sys.executable, "-m", "tests.bench", name]) for name in BENCHES]
        return int(any(statuses))
    name, *rest = arguments
    if name not in BENCHES:
        print("\n".join(f"{name:10} {about}" for name, about in BENCHES.items()))
        return 2
    print(f"── {name}: {BENCHES[name]}", flush=True)
    return int(import_module(f"tests.bench.{name}").main(rest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
