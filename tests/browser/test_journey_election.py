"""An election in a county: a village by ticks on a phone, the other villages by a list at a desk."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.axe import clean
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import Open

LISTS = "/desk/elections/"
NEWCOMER = "程新选"
# Nobody of this village plays a part in another journey.
VILLAGE = "闫壁村"


def to_the_election(page: Page) -> None:
    """From the desk to the election that is open."""
    page.goto("/desk/")
    page.locator(f".rail a[href='{LISTS}']").click()
    page.locator("table tbody th a").first.click()
    page.wait_for_url("**/desk/elections/*/")


@pytest.fixture
def township(open_page: Open) -> Page:
    """A clerk of the township with a phone."""
    return open_page(as_="township", size=PHONE, has_touch=True)


@pytest.fixture
def county(open_page: Open) -> Page:
    """The county's officer at a desk."""
    return open_page(as_="county", size=DESKTOP)


def test_a_village_by_ticks_and_the_others_by_a_list(township: Page, county: Page, tmp_path: Path) -> None:
    to_the_election(township)
    clean(township)
    township.locator(".rows.tap a", has_text=VILLAGE).click()
    township.wait_for_url("**/villages/*/")
    clean(township)

    # The term began some time ago; this village votes today.
    today = timezone.localdate().isoformat()
    township.locator("input[name=begins_on]").fill(today)
    first = township.locator("section .roll > li").first
    ending = first.locator(".body b").inner_text()
    for tick in first.locator("input").all():
        tick.set_checked(False)
    row = township.locator("fieldset.field").first
    row.locator("input[name$=name]").fill(NEWCOMER)
    row.locator("input[name$=phone]").fill("13712340777")
    row.locator("input[value=COMMITTEE_MEMBER]").check()
    township.locator("form .acts button:not([name])").last.click()
    preview = township.locator("section[aria-labelledby=changes]")
    expect(preview).to_contain_text(ending)
    expect(preview).to_contain_text(NEWCOMER)
    clean(township)
    township.locator("button[name=confirm]").click()
    township.wait_for_url("**/desk/elections/*/?township=*")
    expect(township.locator(".rows.tap li", has_text=VILLAGE)).to_contain_text("1")

    to_the_election(county)
    clean(county)
    county.locator("a[href$='/list/']").click()
    county.wait_for_url("**/list/")
    clean(county)
    with county.expect_download() as download:
        county.locator("a[href$='present.xlsx']").click()
    sheet = tmp_path / "present.xlsx"
    download.value.save_as(sheet)
    county.locator("input[type=file]").set_input_files(sheet)
    county.locator("input[name=begins_on]").fill(today)
    county.locator("form.fields button").click()
    county.wait_for_url("**/desk/elections/lists/*/")
    clean(county)
    county.locator("table tbody tr:not([data-is=stop]) th a").first.click()
    county.wait_for_url("**/lists/*/?township=*")
    clean(county)
    # Whoever has other work in hand leaves a township with a wrong row out.
    for leave_out in county.locator("input[name=leave_out]").all():
        leave_out.check()
    county.locator("button[name=confirm]").click()
    expect(county.locator(".say[role=status]")).to_be_visible()
    clean(county)
    county.goto(county.locator("main .acts a.main").get_attribute("href") or "")
    county.locator("a[href$='/close/']").click()
    county.wait_for_url("**/close/")
    expect(county.locator("ul.rows > li", has_text=VILLAGE)).to_have_count(0)
    expect(county.locator("button[name=confirm]")).to_be_visible()
    clean(county)
