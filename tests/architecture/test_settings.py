"""`.env.example` lists every setting that can be given, and none that cannot."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Read by programs other than the site.
OTHERS = {"CHROMIUM"}


def test_env_example_lists_every_setting_and_no_other() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "lms" / "settings.py").read_text()))
    told = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert told - OTHERS == read
