"""A learner's page costs little: its HTML, what a first visit transfers, and in how many requests."""

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.chromium import PHONE
from tests.browser.site import DemoSite
from tests.browser.words import told
from tests.pages import Kind

LEARNERS = {Kind.LEARNER, Kind.PUBLIC}
HTML_BYTES = 30_000
FIRST_VISIT_BYTES = 60_000
REQUESTS = 10

pytestmark = pytest.mark.sweep


def test_first_visit_of_every_learner_page_is_within_the_budget(browser: Browser, demo: DemoSite) -> None:
    wrong: dict[str, list[str]] = {}
    for shown in (shown for shown in demo.shown if shown.kind in LEARNERS):
        # A window of its own for each page: nothing is in its cache.
        context = demo.context(browser, session=shown.session, size=PHONE)
        if found := over_budget(context.new_page(), shown.path):
            wrong[shown.name] = found
        context.close()
    assert not wrong, told(wrong)


def over_budget(page: Page, path: str) -> list[str]:
    """What a first visit spends beyond its budget."""
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    response = page.goto(path, wait_until="networkidle")
    assert response is not None
    sizes = {request.url: size_of(request) for request in finished if request.resource_type != "media"}
    html, total = len(response.body()), sum(sizes.values())
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:3]
    return [
        *([f"{html} bytes of HTML"] if html > HTML_BYTES else []),
        *([f"{total} bytes in all, the largest {largest}"] if total > FIRST_VISIT_BYTES else []),
        *([f"{len(sizes)} requests: {list(sizes)}"] if len(sizes) > REQUESTS else []),
    ]


def size_of(request: Request) -> int:
    """Bytes over the wire, headers included."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
