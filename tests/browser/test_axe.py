"""axe finds nothing on any page of the list, and none runs out of the screen, in all three versions."""

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import violations
from tests.browser.shots import walk
from tests.browser.site import DemoSite
from tests.browser.versions import VERSIONS, Version
from tests.browser.words import told

# A page with the same fault on every row of a list says so a few times.
SAID = 6


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_every_page_is_without_violations_and_fits_the_screen(
    version: Version, browser: Browser, demo: DemoSite
) -> None:
    wrong: dict[str, list[str]] = {}
    for shown, page in walk(browser, demo, version):
        found = violations(page)[:SAID]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > version.width:
            found.append(f"is {width} px wide")
        if found:
            wrong[shown.name] = found
    assert not wrong, told(wrong)
