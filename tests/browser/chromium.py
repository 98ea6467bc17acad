"""Finding Chromium and starting it so that it speaks to nobody but the site and has Chinese type."""

import os
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType

from lms.certificates.fonts import FONT_NAME, unpacked_font

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Where Playwright keeps what it downloaded.
DOWNLOADED = "chromium-*/chrome-linux*/chrome"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""


def executable(own: Path | None = None) -> Path | None:
    """CHROMIUM, else the system's browser, else the one that Playwright downloaded, else none."""
    kept = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    downloaded = sorted(kept.glob(DOWNLOADED), reverse=True)
    system = [shutil.which(name) or "" for name in NAMES]
    given = [os.environ.get("CHROMIUM", ""), *system, own or "", *downloaded]
    return next((Path(path) for path in given if path and Path(path).is_file()), None)


def launch_options(browser_type: BrowserType, folder: Path) -> dict[str, Any]:  # as launch() takes them
    """How the browser is started; the folder keeps the unpacked type."""
    return {
        "executable_path": str(executable(Path(browser_type.executable_path)) or ""),
        "args": FLAGS,
        "headless": True,
        "env": {**os.environ, "FONTCONFIG_FILE": str(fontconfig(folder))},
    }


def fontconfig(folder: Path) -> Path:
    """The project's own type for machines without Chinese fonts, which would show boxes."""
    folder.mkdir(parents=True, exist_ok=True)
    font = folder / f"{FONT_NAME}.ttf"
    if not font.exists():
        font.write_bytes(unpacked_font(folder))
    path = folder / "fonts.conf"
    path.write_text(FONTCONFIG.format(folder=folder), encoding="utf-8")
    return path
