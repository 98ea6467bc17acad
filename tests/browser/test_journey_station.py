"""An evening at two stations: guests, one who sits in two places, hours by what was shown; and a film."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from lms.demo.cast import PARTS, phone_number
from tests.browser.axe import clean
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import Open
from tests.browser.site import DemoSite
from tests.browser.test_journey_class import step
from tests.browser.test_journey_learner import PAUSE, PLACE, PLAY_MS, until

# Two villages of the township that the demo leaves without a station.
HERE, THERE = "城南堡村", "新南堡村"
BROADCAST, MINUTES, MOST = "三晋乡村大讲堂：合作社的账怎么记", 1, Decimal("0.25")
FILM = "二十秒记住转移避险"
SAID = "大家商定先把合作社的旧账理清，月底公开一次。"
CAST = [part.key for part in PARTS]
KEEPER, GUEST = "helper", "corrected"
NAME = PARTS[CAST.index(GUEST)].name
PHONES = {key: phone_number(CAST.index(key) + 1) for key in (KEEPER, GUEST)}
PLAYED = r"实际播放了 [1-9]\d* %"
SENT = "[data-mark-there][data-is=sent]"


@pytest.fixture
def township(open_page: Open) -> Page:
    """The township's clerk at a desk, who keeps the second station without a keeper."""
    return open_page(as_="township", size=DESKTOP)


@pytest.fixture
def keeper(open_page: Open) -> Page:
    """Whoever is named keeper of the first station, with a phone: not signed in yet."""
    return open_page(size=PHONE, has_touch=True)


def test_two_stations_on_one_evening_and_a_film(
    township: Page, keeper: Page, open_page: Open, demo: DemoSite
) -> None:
    open_station(township, HERE, keeper=demo.numbers[KEEPER])
    open_station(township, THERE)
    schedule(township, HERE, THERE)

    sign_in(keeper, PHONES[KEEPER])
    start(keeper)
    second = start_at_the_desk(township)
    first = keeper.url
    take_the_roll(keeper, demo.numbers[GUEST])
    name_the_same_guest(township)
    keeper.reload()
    guest = keeper.locator("ul.roll > li", has_text=NAME)
    expect(guest.locator("input")).to_be_checked()
    expect(guest).to_contain_text(THERE)
    clean(keeper)

    keeper.goto(first)
    finish(keeper)
    township.goto(second)
    expect(township.locator(".say[data-is=mind]", has_text=NAME)).to_contain_text(HERE)
    finish(township)
    hours = look_at_the_hours(township, first)
    stands_in_the_record(open_page(as_=GUEST, size=PHONE, has_touch=True), hours)
    stands_in_the_register(township)

    cookies = {cookie["name"]: cookie["value"] for cookie in keeper.context.cookies()}
    play_a_film(open_page(session=cookies["sessionid"], size=DESKTOP))


def sign_in(page: Page, number: str) -> None:
    """With the code that the demo shows instead of sending it."""
    page.goto("/account/login/")
    page.locator("input[name=phone]").fill(number)
    step(page, page.locator("form:has(input[name=phone]) button"))
    page.locator("input[name=code]").fill(page.locator("#demo-code").inner_text())
    step(page, page.locator("form:has(input[name=code]) button"))


def open_station(desk: Page, village: str, *, keeper: str = "") -> None:
    """A village's station, and who keeps it."""
    desk.goto("/desk/")
    step(desk, desk.locator(".rail a[href='/desk/stations/']"))
    step(desk, desk.locator("main a[href='/desk/stations/add/']").first)
    option = desk.locator("select[name=unit] option", has_text=village)
    desk.locator("select[name=unit]").select_option(option.get_attribute("value"))
    step(desk, desk.locator("main form button.main"))
    if keeper:
        desk.locator("input[name=who]").fill(keeper)
        step(desk, desk.locator("form[action$='/keepers/'] button"))
        expect(desk.locator("section[aria-labelledby=keepers] ul.rows > li")).to_have_count(1)


def schedule(desk: Page, *villages: str) -> None:
    """One broadcast for both stations, about now."""
    desk.goto("/desk/stations/")
    step(desk, desk.locator("main a[href='/desk/stations/schedule/']").first)
    step(desk, desk.locator("a[href='?broadcast=1']"))
    desk.locator("[name=title]").fill(BROADCAST)
    desk.locator("[name=minutes]").fill(str(MINUTES))
    desk.locator("[name=planned_at]").fill(now())
    for village in villages:
        desk.locator("label.choice", has_text=village).locator("input[name=stations]").check()
    step(desk, desk.locator("form button.main"))


def now() -> str:
    """This minute, as the browser's own field takes it."""
    return timezone.localtime().strftime("%Y-%m-%dT%H:%M")


def start(keeper: Page, title: str = BROADCAST) -> None:
    """From the keeper's home to the viewing that runs."""
    keeper.goto("/desk/")
    step(keeper, keeper.locator("a[href='/station/']").first)
    step(keeper, keeper.locator("ul.rows > li", has_text=title).locator("form button"))
    expect(keeper.locator("form[action$='/end/'] button")).to_be_visible()


def start_at_the_desk(desk: Page) -> str:
    """The township starts what its own station shows; gives the address of the viewing."""
    desk.goto("/desk/stations/held/")
    row = desk.locator("tbody tr", has_text=BROADCAST).filter(has_text=THERE)
    row.locator("th a").click()
    desk.locator("main a[href^='/station/']").click()
    desk.locator("form[action$='/start/'] button").click()
    expect(desk.locator("form[action$='/end/'] button")).to_be_visible()
    clean(desk)
    return desk.url


def take_the_roll(keeper: Page, number: str) -> None:
    """Two of the village by a tick, and a guest of another village by the account number."""
    step(keeper, keeper.locator("main a[href^='/roll/viewing/']"))
    people = keeper.locator("ul.roll > li[data-person]")
    for line in (people.nth(0), people.nth(1)):
        line.locator("input").check()
    keeper.locator("#guest").fill(number)
    keeper.locator("[data-guest]").click()
    expect(keeper.locator("ul.roll > li[data-person]", has_text=NAME).locator("input")).to_be_checked()
    expect(keeper.locator(SENT)).to_be_visible()
    expect(keeper.locator("ul.roll > li[data-person] input:checked")).to_have_count(3)
    clean(keeper)


def name_the_same_guest(desk: Page) -> None:
    """Whoever sits at the first station is refused at the second, which says where they are."""
    step(desk, desk.locator("main a[href^='/roll/viewing/']"))
    desk.locator("#guest").fill(PHONES[GUEST])
    desk.locator("[data-guest]").click()
    guest = desk.locator("ul.roll > li", has_text=NAME)
    for _look in range(2):
        expect(guest.locator("[data-refused]")).to_contain_text(HERE)
        expect(guest.locator("[data-refused]")).to_contain_text(BROADCAST)
        expect(guest.locator("input")).not_to_be_checked()
        clean(desk)
        desk.reload()


def finish(page: Page) -> None:
    """The end, a few lines of discussion, the closing."""
    step(page, page.locator("form[action$='/end/'] button"))
    page.locator("textarea[name=discussion]").fill(SAID)
    step(page, page.locator("form[action$='/discussion/'] button"))
    expect(page.locator("textarea[name=discussion]")).to_have_value(SAID)
    step(page, page.locator("form[action$='/close/'] button"))
    expect(page.locator("section[aria-labelledby=said]")).to_contain_text(SAID)


def look_at_the_hours(desk: Page, viewing: str) -> str:
    """All three have the same hours, in proportion to what was shown; gives them as they are written."""
    desk.goto(viewing)
    step(desk, desk.locator("a[href^='/desk/stations/held/']"))
    hours = desk.locator("section[aria-labelledby=roll] tbody td.n").all_inner_texts()
    assert len(hours) == 3
    assert len(set(hours)) == 1
    assert 0 < Decimal(hours[0]) <= MOST
    step(desk, desk.locator("section[aria-labelledby=roll] tbody th a", has_text=NAME))
    expect(desk.locator("h1")).to_have_text(NAME)
    return hours[0]


def stands_in_the_record(guest: Page, hours: str) -> None:
    """The guest finds the evening once, with the place where it was."""
    guest.goto("/me/record/")
    line = guest.locator("ul.lines > li", has_text=BROADCAST)
    expect(line).to_have_count(1)
    expect(line).to_contain_text(hours)
    clean(guest)


def stands_in_the_register(desk: Page) -> None:
    """The books as they are filed have both evenings; the guest stands in the first one's line only."""
    desk.goto("/desk/stations/")
    step(desk, desk.locator("nav.views a[href*='/registers/']"))
    rows = desk.locator("tbody tr", has_text=BROADCAST)
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=NAME)).to_have_count(1)
    expect(rows.filter(has_text=NAME)).to_contain_text(HERE)
    step(desk, desk.locator("nav.chips a[href*='/registers/feedback/']"))
    expect(desk.locator("tbody tr", has_text=BROADCAST).first).to_contain_text(SAID)


def play_a_film(screen: Page) -> None:
    """The keeper plans a film at the station itself; some seconds run on its screen and are kept for it."""
    screen.goto("/station/")
    step(screen, screen.locator("main a[href='/station/schedule/']").first)
    screen.locator("#q").fill(FILM)
    step(screen, screen.locator("form.filters button"))
    step(screen, screen.locator("ul.rows a", has_text=FILM))
    screen.locator("[name=planned_at]").fill(now())
    step(screen, screen.locator("form button.main"))
    start(screen, FILM)
    viewing = screen.url
    step(screen, screen.locator("main a[href$='/play/']"))
    screen.locator("[data-start]").click()
    until(screen, f"{PLACE} >= 4")
    expect(screen.locator("[data-seen]")).to_be_visible()
    clean(screen)
    screen.evaluate(PAUSE)
    expect(screen.locator(SENT)).to_be_visible()
    screen.goto(viewing)
    played(screen)
    clean(screen)
    finish(screen)


def played(page: Page) -> None:
    """Wait until the server has some of the film."""
    for _look in range(PLAY_MS // 500):
        if re.search(PLAYED, page.locator("main").inner_text()):
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail("what the screen played never arrived")
