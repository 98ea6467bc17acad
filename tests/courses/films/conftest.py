"""Films are converted in a folder of the test's own: other processes of the run convert films too."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_workshop(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"
