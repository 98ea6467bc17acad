"""`run.py bench interactive [a.h5p b.zip ...]`: what a first and a second visit of a package cost.

Packages are those that are named, else the samples, else small ones that the tests make. Each is a lesson of
the demo, opened on a phone; what comes from the content origin over the wire counts (headers included, films
and recordings apart). The second visit has what the first one left in the browser.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import PHONE, executable, launch_options
from tests.browser.site import DemoSite
from tests.browser.weight import packages_weight
from tests.courses.h5p import made
from tests.samples import FOLDER

REQUESTS = 12
HEAD = f"{'package':<32}{'requests':>10}{'bytes':>11}{'again':>8}{'bytes':>10}{'share':>7}  "
BRING = "from tests.browser.lessons import bring; bring(*{paths!r})"


def main(argv: Sequence[str] | None = None) -> int:
    """Bring the packages into a fresh demo, visit each twice, print the table; 1 where one is over."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as data:
        if executable(Path(playwright.chromium.executable_path)) is None:
            print("No Chromium found: install it, or name its path in CHROMIUM.")
            return 1
        packages = [Path(name).resolve() for name in argv or []] or _usual(Path(data))
        with DemoSite(Path(data) / "site") as site:
            browser = playwright.chromium.launch(**launch_options(playwright.chromium, Path(data)))
            is_over = _table(browser, site, packages)
            browser.close()
    return int(is_over)


def _usual(folder: Path) -> list[Path]:
    if samples := sorted([*FOLDER.glob("h5p/*.h5p"), *FOLDER.glob("scorm/*.zip")]):
        return samples
    ours = {"small": made.small(), "small-set": made.small_set(), "small-page": made.small_page()}
    for name, package in ours.items():
        (folder / f"{name}.h5p").write_bytes(package)
    return [folder / f"{name}.h5p" for name in ours]


def _table(browser: Browser, site: DemoSite, packages: list[Path]) -> bool:
    print(f"{HEAD}\n{'(at most)':<32}{REQUESTS:>10}")
    is_over = False
    for path, lesson in zip(packages, _lessons(site, packages), strict=True):
        with site.context(browser, session=site.sessions["learner"], size=PHONE) as context:
            page = context.new_page()
            first, again = (packages_weight(page, lesson, site.content_origin) for _ in range(2))
        # How many files a SCORM object is made of is its own affair.
        over = path.suffix == ".h5p" and len(first) > REQUESTS
        is_over = is_over or over
        before, after = sum(first.values()), sum(again.values())
        costs = f"{len(first):>10}{before:>11,}{len(again):>8}{after:>10,}{after / before:>7.0%}"
        print(f"{path.stem:<32}{costs}{'  over' if over else ''}", flush=True)
    return is_over


def _lessons(site: DemoSite, packages: list[Path]) -> list[str]:
    """Where each package is studied."""
    told = site.manage("shell", "-v", "0", "-c", BRING.format(paths=[str(path) for path in packages]))
    return [line for line in told.splitlines() if line.startswith("/courses/")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
