"""Real packages that others made; what needs them is skipped, and says so, where they are not."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("SAMPLES") or ROOT.parent / "shared" / "samples")


def sample(path: str) -> Path:
    """A sample by its path in the folder (`h5p/true-false.h5p`); skips the test where it is missing."""
    found = FOLDER / path
    if not found.exists():
        pytest.skip(f"no sample {path} in {FOLDER}")
    return found
