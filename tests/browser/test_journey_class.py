"""A class from the yearly plan to the hours on a learner's phone; its roll is taken without a network."""

import re
from contextlib import closing
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from lms.demo.cast import PARTS
from tests.browser.axe import clean
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import Open, SwitchOn
from tests.browser.memory import until_kept, until_waiting
from tests.browser.network import Network
from tests.browser.site import DemoSite
from tests.browser.slow import SLOW_MEMORY
from tests.browser.test_journey_learner import reload_until
from tests.browser.test_journey_offline import look_after, page_of

TITLE = "村级财务公开现场班"
VILLAGE = "北城村"
NAMES = {part.key: part.name for part in PARTS}
# Two of one village: the first comes all day, the second is proposed twice and leaves at noon.
DILIGENT, HASTY = "replaced", "revoked"
REASON = "请先安排没有参加过的同志"
HERE, THERE = "[data-mark-here][data-is=here]", "[data-mark-there][data-is=sent]"
# Gives an outbox's own words to the server once more.
SEND_AGAIN = """body => fetch("/uploads/", {
  method: "POST", headers: { "Content-Type": "application/json" }, body,
}).then((response) => response.json())"""


def test_from_the_plan_to_the_hours_on_a_phone(
    open_page: Open, switch_on: SwitchOn, network: Network, demo: DemoSite
) -> None:
    desk = open_page(as_="township", size=DESKTOP)
    learner = open_page(as_=DILIGENT, size=PHONE, has_touch=True)
    before = days_at_home(learner)
    # Yesterday is over at every hour of today; the class itself lasts until today, so that it can be called.
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)

    plan_it(desk, open_page(as_="county", size=DESKTOP), today)
    make_a_class(desk, yesterday, today)
    call_names(desk)
    pk = desk.url.rstrip("/").split("/")[-2]
    roll = f"/roll/class/{pk}/"
    sent = take_the_roll_offline(switch_on, network, roll)
    close(desk, pk)
    send_again(switch_on, roll, sent)
    changes_stay(desk, pk)

    learner.goto("/")
    clean(learner)
    # Background work brings it there.
    reload_until(learner, days_of_home(learner).filter(has_text=re.compile(rf"^{before + 1:g}$")))
    learner.goto("/me/record/")
    line = learner.locator("ul.lines > li", has_text=TITLE)
    expect(line).to_have_count(1)
    expect(line.locator("b")).to_contain_text("6")
    clean(learner)
    hasty = open_page(as_=HASTY, size=PHONE, has_touch=True)
    hasty.goto("/me/record/")
    expect(hasty.locator("ul.lines > li", has_text=TITLE).locator("b")).to_contain_text("0")


def days_at_home(page: Page) -> float:
    """The days of concentrated training that the home page shows as earned."""
    page.goto("/")
    return float(days_of_home(page).inner_text())


def days_of_home(page: Page) -> Locator:
    """Where the home page shows them."""
    return page.locator("article.owed", has_text="集中培训").first.locator(".fig b").nth(1)


def plan_it(desk: Page, county: Page, today: date) -> None:
    """An item is added to the plan that is approved already, and the county approves it anew."""
    desk.goto("/desk/")
    step(desk, desk.locator(".rail a[href='/desk/plans/']"))
    step(desk, desk.locator("table tbody th a").first)
    plan = desk.url
    step(desk, desk.locator("main a[href$='/items/new/']").first)
    for name, value in {
        "title": TITLE,
        "starts_on": today.isoformat(),
        "ends_on": today.isoformat(),
        "days": "1",
        "hours": "6",
        "place": "镇党校",
        "reason": "村级财务公开检查提前",
    }.items():
        desk.locator(f"[name={name}]").fill(value)
    step(desk, desk.locator("form .acts button.main"))
    expect(desk.locator("tbody tr", has_text=TITLE)).to_have_count(1)

    county.goto(plan)
    step(county, county.locator("a[href$='/decide/']"))
    step(county, county.locator("button[name=approve]"))
    desk.goto(plan)


def make_a_class(desk: Page, yesterday: date, today: date) -> None:
    """The item becomes a class with a timetable and places, and is announced."""
    step(desk, desk.locator("tbody tr", has_text=TITLE).locator("a[href*='/desk/classes/new/']"))
    expect(desk.locator("[name=title]")).to_have_value(TITLE)
    desk.locator("[name=starts_on]").fill(yesterday.isoformat())
    desk.locator("[name=names_due_on]").fill(today.isoformat())
    step(desk, desk.locator("form .acts button.main"))

    fill = desk.locator("form", has=desk.locator("button[name=fill]"))
    fill.locator("[name=fill-first]").fill(yesterday.isoformat())
    fill.locator("[name=fill-days]").fill("1")
    fill.locator("[name=fill-topic]").fill("看懂村级账目")
    fill.locator("[name=fill-with_weekends]").check()
    step(desk, fill.locator("button[name=fill]"))
    expect(desk.locator("table tbody tr")).to_have_count(2)
    step(desk, desk.locator("main .acts a.main"))

    desk.get_by_label(VILLAGE, exact=True).fill("2")
    step(desk, desk.locator("form .acts button.main"))
    step(desk, desk.locator("form[action$='/announce/'] button.main"))


def call_names(desk: Page) -> None:
    """Two names; one is not accepted, is proposed again with the reason in sight, and then accepted."""
    detail = desk.url
    propose(desk, DILIGENT, HASTY)
    desk.goto(detail)
    step(desk, desk.locator(".say a[href$='/review/']"))
    hasty = desk.locator("ul.rows > li", has_text=NAMES[HASTY])
    hasty.locator("summary").last.click()
    hasty.locator("input[name=reason]").fill(REASON)
    step(desk, hasty.locator("button[name=reject]"))
    diligent = desk.locator("ul.rows > li", has_text=NAMES[DILIGENT])
    step(desk, diligent.locator("button[name=accept]"))

    desk.goto(detail)
    propose(desk, HASTY, reason=REASON)
    desk.goto(detail)
    step(desk, desk.locator(".say a[href$='/review/']"))
    step(desk, desk.locator("button[name=all]"))
    expect(desk.locator("section[aria-labelledby=accepted] ul.rows > li")).to_have_count(2)


def propose(desk: Page, *keys: str, reason: str = "") -> None:
    """Tick people of the village; a doubt about one of them is read and answered."""
    step(desk, desk.locator("main a[href$='/names/']"))
    if reason:
        listed = desk.locator("section[aria-labelledby=listed] ul.rows > li", has_text=NAMES[keys[0]])
        listed.locator("summary").click()
        expect(listed.get_by_text(reason)).to_be_visible()
    for key in keys:
        desk.locator("ul.roll > li", has_text=NAMES[key]).locator("input").check()
    step(desk, desk.locator("form:has(textarea) button.main"))
    if desk.locator("button[name=confirm]").count():
        step(desk, desk.locator("button[name=confirm]"))
    expect(desk.locator("section[aria-labelledby=listed] ul.rows > li")).to_have_count(2)


def take_the_roll_offline(switch_on: SwitchOn, network: Network, roll: str) -> str:
    """Tick in a hall without a network, close the browser, open it again; gives what was sent in the end."""
    with closing(switch_on("township")) as context:
        page = page_of(context, roll)
        look_after(page)
        page.reload()
        clean(page)
        until_kept(page, roll)
        page.add_init_script(SLOW_MEMORY)
        network.pull()
        page.reload()
        expect(page.locator("[data-offline]")).to_be_visible()
        choose(page, 0)
        page.locator("[data-everybody]").click()
        choose(page, 1)
        box(page, DILIGENT).check()
        expect(page.locator(HERE)).to_be_visible()
        expect(page.locator("[data-mark-there][data-is=wait]")).to_be_visible()
        until_waiting(page, lambda entries: len(entries) == 3)
        clean(page)

    with closing(switch_on("township")) as context:
        page = page_of(context, roll)
        for half_day, is_hasty_there in enumerate((True, False)):
            choose(page, half_day)
            expect(box(page, DILIGENT)).to_be_checked()
            expect(box(page, HASTY)).to_be_checked(checked=is_hasty_there)

    network.plug()
    with closing(switch_on("township")) as context:
        page = context.pages[0]
        with page.expect_request("**/uploads/") as asked:
            page.goto(roll)
        expect(page.locator(THERE)).to_be_visible()
        page.reload()
        for half_day, is_hasty_there in enumerate((True, False)):
            choose(page, half_day)
            expect(box(page, DILIGENT)).to_be_checked()
            expect(box(page, HASTY)).to_be_checked(checked=is_hasty_there)
        return asked.value.post_data or ""


def choose(page: Page, half_day: int) -> None:
    """Look at another half-day of the roll."""
    page.locator("#slot").select_option(index=half_day)


def box(page: Page, key: str) -> Locator:
    """Somebody's box on the roll."""
    return page.locator("ul.roll > li", has_text=NAMES[key]).locator("input")


def close(desk: Page, pk: str) -> None:
    """Look at the marks and at who gets what, and say yes to it."""
    desk.goto(f"/desk/classes/{pk}/marks/")
    clean(desk)
    expect(desk.locator("tbody td", has_text="✓")).to_have_count(3)
    step(desk, desk.locator(".head a[href$='/close/']"))
    row = desk.locator("tbody tr", has_text=NAMES[DILIGENT])
    expect(row.locator("td.n")).to_have_text(["2", "0", "6", "1"])
    row = desk.locator("tbody tr[data-is=mind]", has_text=NAMES[HASTY])
    expect(row.locator("td.n")).to_have_text(["1", "1", "0", "0"])
    step(desk, desk.locator("button[name=confirm]"))
    expect(desk.locator(".say[data-is=good]")).to_be_visible()


def send_again(switch_on: SwitchOn, roll: str, sent: str) -> None:
    """The phone synchronises once more, and everything that it sent comes a second time."""
    with closing(switch_on("township")) as context:
        page = page_of(context, roll)
        answer: dict[str, Any] = page.evaluate(SEND_AGAIN, sent)
        assert answer["ack"] > 0


def changes_stay(desk: Page, pk: str) -> None:
    """Each mark came once, and nothing waits behind the closing."""
    desk.goto(f"/desk/classes/{pk}/marks/")
    expect(desk.locator(".say[data-is=mind]")).to_have_count(0)
    marks = [link.get_attribute("href") or "" for link in desk.locator("tbody td a", has_text="✓").all()]
    assert len(marks) == 3
    for mark in marks:
        desk.goto(mark)
        expect(desk.locator("section[aria-labelledby=history] ul.lines > li")).to_have_count(1)
    clean(desk)


def step(page: Page, what: Locator) -> None:
    """Click what leads to another page, and look at that page with axe."""
    with page.expect_navigation():
        what.click()
    clean(page)
