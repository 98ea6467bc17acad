"""What a first visit of a page costs: its HTML, what is transferred, and in how many requests."""

import re
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, Request

from tests.browser.chromium import PHONE
from tests.browser.site import DemoSite, Shown

HTML_BYTES = 30_000
FIRST_VISIT_BYTES = 60_000
REQUESTS = 10
BEGUN_MS, SETTLED_MS = 60_000, 3_000
# Films apart: what somebody asked to see or hear is content; so are a page of a document and all that a
# package loads in its frame.
CONTENT = re.compile(r"/films/\d|/documents/\d")
# What the page fetches for that frame.
HANDED = re.compile(r"/h5p/(player|bundles)/")


@dataclass(frozen=True)
class Weight:
    """Bytes of the HTML as it is, bytes over the wire by address (headers included)."""

    html: int
    transferred: dict[str, int]

    @property
    def bytes(self) -> int:
        """All that was transferred."""
        return sum(self.transferred.values())

    @property
    def requests(self) -> int:
        """How often something was asked for."""
        return len(self.transferred)

    def over_budget(self) -> list[str]:
        """What the visit spends beyond its budget."""
        largest = sorted(self.transferred.items(), key=lambda item: -item[1])[:3]
        return [
            *([f"{self.html} bytes of HTML"] if self.html > HTML_BYTES else []),
            *([f"{self.bytes} bytes, the largest {largest}"] if self.bytes > FIRST_VISIT_BYTES else []),
            *([f"{self.requests} requests: {list(self.transferred)}"] if self.requests > REQUESTS else []),
        ]


def first_visit(browser: Browser, site: DemoSite, shown: Shown) -> Weight:
    """Open a page on a phone that has nothing of the site yet."""
    with site.context(browser, session=shown.session, size=PHONE) as context:
        page = context.new_page()
        finished: list[Request] = []
        page.on("requestfinished", lambda request: finished.append(request))
        response = page.goto(shown.path, wait_until="networkidle")
        assert response is not None
        sizes = {each.url: size_of(each) for each in finished if not is_content(each)}
        return Weight(len(response.body()), sizes)


def is_content(request: Request) -> bool:
    """Whether it is what the page is about, and not what the page is made of."""
    in_frame = request.frame.parent_frame is not None
    return (
        in_frame
        or bool(HANDED.search(request.url))
        or (request.resource_type in ("media", "image") and bool(CONTENT.search(request.url)))
    )


def packages_weight(page: Page, path: str, origin: str) -> dict[str, int]:
    """Visit a lesson and give the bytes that came from the content origin, by address; its films apart."""
    finished: list[Request] = []

    def hear(request: Request) -> None:
        finished.append(request)

    page.on("requestfinished", hear)
    page.goto(path, wait_until="networkidle")
    # On a slow machine the network rests now and then before the package has begun.
    page.locator("[data-package] iframe").wait_for(timeout=BEGUN_MS)
    page.locator("[data-package] [data-note]").wait_for(state="hidden", timeout=BEGUN_MS)
    page.wait_for_timeout(SETTLED_MS)
    page.remove_listener("requestfinished", hear)
    mine = [each for each in finished if each.url.startswith(origin) and each.resource_type != "media"]
    # What the browser had kept has no size.
    return {each.url: size for each in mine if (size := size_of(each)) > 0}


def size_of(request: Request) -> int:
    """Bytes over the wire, headers included."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
