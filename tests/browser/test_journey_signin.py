"""Somebody of 78 without a phone comes in with the township's code, and sees where else he is signed in."""

from playwright.sync_api import Locator, Page, expect

from lms.demo.cast import PARTS, account_number
from tests.browser.axe import clean
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import Open
from tests.browser.site import DemoSite

NEW = "weir-and-willow-78"


def test_township_makes_a_code_and_an_old_man_comes_in_with_it(open_page: Open, demo: DemoSite) -> None:
    number = account_number([part.key for part in PARTS].index("exempt") + 1)
    code = made_at_the_desk(open_page(as_="township", size=DESKTOP), number)

    borrowed = open_page(size=PHONE)
    come_in(borrowed, number, code)
    borrowed.locator("input[name=password1]").fill(NEW)
    borrowed.locator("input[name=password2]").fill(NEW)
    follow(borrowed, borrowed.locator("form:has(input[name=password1]) button"))
    expect(borrowed.locator("main h1")).to_be_visible()

    other = open_page(size=PHONE)
    come_in(other, number, code)
    expect(other.locator("[role=alert]")).to_be_visible()
    other.goto("/account/login/?with=password")
    other.locator("input[name=login]").fill(number)
    other.locator("input[name=password]").fill(NEW)
    follow(other, other.locator("form:has(input[name=password]) button"))
    end_the_other(other)
    borrowed.goto("/me/")
    expect(borrowed.locator("input[name=phone]")).to_be_visible()


def made_at_the_desk(desk: Page, number: str) -> str:
    """Find the person by the account, and make the code."""
    desk.goto(f"/desk/people/?q={number}")
    follow(desk, desk.locator("table tbody th a").first)
    follow(desk, desk.locator("main a[href$='/code/']"))
    follow(desk, desk.locator("main form button"))
    return desk.locator("#one-time-code").inner_text()


def come_in(page: Page, number: str, code: str) -> None:
    """By the link on the sign-in page."""
    page.goto("/account/login/")
    follow(page, page.locator("main a[href='/account/login/township/']"))
    page.locator("input[name=login]").fill(number)
    page.locator("input[name=code]").fill(code)
    follow(page, page.locator("form:has(input[name=code]) button"))


def end_the_other(page: Page) -> None:
    """Me, where I am signed in, and out there."""
    page.goto("/me/")
    follow(page, page.locator("main a[href='/account/sessions/']"))
    expect(page.locator("main ul.rows > li")).to_have_count(2)
    follow(page, page.locator("main ul.rows form button"))
    expect(page.locator("main ul.rows > li")).to_have_count(1)


def follow(page: Page, what: Locator) -> None:
    """Go where it leads, and look at the page with axe."""
    with page.expect_navigation():
        what.click()
    clean(page)
