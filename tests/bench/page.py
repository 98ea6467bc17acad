"""`run.py bench page`: what each learner page costs on a first visit, beside its budget.

Queries are those of the page itself in the demo's database; bytes and requests are Chromium's on a phone
that has nothing of the site yet.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import executable, launch_options
from tests.browser.site import DemoSite
from tests.browser.weight import FIRST_VISIT_BYTES, HTML_BYTES, REQUESTS, first_visit

QUERIES = 12
HEAD = f"{'page':<28}{'SQL':>6}{'HTML':>9}{'bytes':>9}{'requests':>10}"


def main(argv: Sequence[str] | None = None) -> int:
    """Start a fresh demo, visit every learner page, print the table; 1 where a page is over its budget."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as data:
        if executable(Path(playwright.chromium.executable_path)) is None:
            print("No Chromium found: install it, or name its path in CHROMIUM.")
            return 1
        with DemoSite(Path(data) / "site") as site:
            browser = playwright.chromium.launch(**launch_options(playwright.chromium, Path(data)))
            is_over = _table(browser, site)
            browser.close()
    return int(is_over)


def _table(browser: Browser, site: DemoSite) -> bool:
    light = [shown for shown in site.shown if shown.is_light]
    asked = [[shown.name, shown.path, shown.session] for shown in light]
    queries = json.loads(site.run("-m", "tests.bench.queries", json.dumps(asked)).splitlines()[-1])
    print(f"{HEAD}\n{'(at most)':<28}{QUERIES:>6}{HTML_BYTES:>9,}{FIRST_VISIT_BYTES:>9,}{REQUESTS:>10}")
    is_over = False
    for shown in light:
        weight = first_visit(browser, site, shown)
        over = weight.over_budget() or queries[shown.name] > QUERIES
        is_over = is_over or bool(over)
        print(
            f"{shown.name:<28}{queries[shown.name]:>6}{weight.html:>9,}{weight.bytes:>9,}{weight.requests:>10}"
            f"{'  over' if over else ''}",
            flush=True,
        )
    return is_over


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
