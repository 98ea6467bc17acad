"""A film on a phone: in pieces by either player, through ended addresses, by ear, in the size once chosen."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Open
from tests.browser.players import BY_ENGINE, BY_ITSELF
from tests.browser.site import DemoSite
from tests.browser.test_journey_learner import held, until

FILM = "leave-early"
PLACE, SOURCE = "document.querySelector('video').currentTime", "document.querySelector('video').currentSrc"
HEIGHT = "document.querySelector('video').videoHeight"
ENGINE = "/static/vendor/hls/"
# What a loaded machine may take to play a few seconds; how far a film may run beyond the time that passed.
PLAY_MS, SLACK = 60_000, 1
PLAYS_LISTS = "document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== ''"
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true, effectiveType: '4g'}});"


@pytest.fixture(scope="module")
def sizes(demo: DemoSite) -> None:
    """The film in all its sizes, with captions."""
    demo.manage("shell", "-c", f"from tests.browser.sizes import make; make({FILM!r})")


@pytest.fixture
def film_page(open_page: Open, demo: DemoSite, sizes: None) -> Callable[..., Page]:
    """Opens the film's page as somebody; `says` is what the browser thinks of lists of pieces."""

    def opened(as_: str, says: str = BY_ENGINE) -> Page:
        page = open_page(as_=as_, has_touch=True)
        page.add_init_script(says)
        page.goto(demo.content[FILM])
        expect(page.locator("[data-so-far]")).to_be_visible()
        return page

    return opened


def asked(page: Page) -> list[str]:
    """The addresses that the page asks for from now on."""
    found: list[str] = []

    def heard(request: Request) -> None:
        found.append(request.url)

    page.on("request", heard)
    return found


def start(page: Page) -> None:
    """Tap the big button and wait for the film to run."""
    begun = page.evaluate(PLACE)
    page.locator("[data-start]").tap()
    until(page, f"{PLACE} > {begun} + 1")


def test_engine_is_fetched_at_the_first_tap_where_the_browser_plays_no_lists(
    film_page: Callable[..., Page],
) -> None:
    page = film_page("fresh")
    urls = asked(page)
    start(page)
    assert page.evaluate(SOURCE).startswith("blob:")
    assert sum(ENGINE in url for url in urls) == 1
    assert any(url.endswith(".m3u8") for url in urls)


def test_browser_that_plays_lists_gets_the_list_and_no_engine(film_page: Callable[..., Page]) -> None:
    page = film_page("trainer", BY_ITSELF)
    urls = asked(page)
    plays = page.context.new_page()
    can_play = plays.evaluate(PLAYS_LISTS)
    plays.close()
    page.locator("[data-start]").tap()
    until(page, f"{SOURCE}.endsWith('.m3u8')")
    assert not [url for url in urls if ENGINE in url]
    # An older Chromium says no and means it: there only the choice can be looked at.
    if can_play:
        until(page, f"{PLACE} > 1")


@pytest.mark.parametrize(("as_", "says"), [("county", BY_ENGINE), ("city", BY_ITSELF)])
def test_film_plays_on_when_its_address_ends_in_the_middle(
    film_page: Callable[..., Page], as_: str, says: str
) -> None:
    page = film_page(as_, says)
    urls, refused = asked(page), []

    def piece(route: Route) -> None:
        """After the first few, nothing comes until addresses have been asked for a second time."""
        pieces = [url for url in urls if "/films/s/" in url]
        if len(pieces) > 2 and sum(url.endswith("/sources/") for url in urls) < 2:
            refused.append(route.request.url)
            route.fulfill(status=403, body="")
        else:
            route.continue_()

    page.route("**/films/s/**", piece)
    start(page)
    page.evaluate(f"{PLACE} = 12")
    until(page, f"{PLACE} > 14")
    assert refused
    expect(page.locator("[data-says]")).to_be_hidden()
    begin, end = held(page)["ranges"][-1]
    assert begin <= 12
    assert end >= 14


def test_sound_only_keeps_the_place_and_the_choice_is_remembered(film_page: Callable[..., Page]) -> None:
    page = film_page("province")
    start(page)
    until(page, f"{PLACE} > 2")
    since = time.monotonic()
    left = page.evaluate(PLACE)
    page.locator("[data-sizes]").select_option("audio")
    expect(page.locator("[data-sound]")).to_be_visible()
    until(page, f"{HEIGHT} === 0 && {PLACE} > {left} + 0.5")
    assert page.evaluate(PLACE) <= left + time.monotonic() - since + SLACK
    page.locator("[data-sizes]").select_option("240")
    until(page, f"{HEIGHT} > 0 && {PLACE} > {left} + 2")
    reached = held(page)
    # One stretch from the beginning: nothing was lost or invented between the addresses.
    assert len(reached["ranges"]) == 1
    assert reached["ranges"][0][0] == 0
    assert page.evaluate(PLACE) - 1 <= reached["covered"] <= page.evaluate(PLACE) + 0.3
    page.locator("[data-sizes]").select_option("audio")
    page.reload()
    expect(page.locator("[data-so-far]")).to_be_visible()
    expect(page.locator("[data-sizes]")).to_have_value("audio")
    since = time.monotonic()
    page.locator("[data-start]").tap()
    until(page, f"{PLACE} > {reached['position']} + 0.5")
    assert page.evaluate(PLACE) <= reached["position"] + time.monotonic() - since + SLACK


def test_captions_show_when_wanted_and_stay_through_a_change_of_size(film_page: Callable[..., Page]) -> None:
    page = film_page("township")
    shown = "Array.from(document.querySelector('video').textTracks).filter((t) => t.mode === 'showing')"
    start(page)
    assert page.evaluate(f"{shown}.length") == 0
    page.locator("[data-captions]").select_option("zh-Hans")
    until(page, f"{shown}.length === 1 && {shown}[0].activeCues.length === 1")
    assert page.evaluate(f"{shown}[0].activeCues[0].text") == "听到通知马上走"
    page.locator("[data-sizes]").select_option("240")
    until(page, f"{SOURCE} && {PLACE} > 1 && {shown}[0].activeCues.length === 1")


def test_saved_data_means_the_smallest_picture_and_says_so(film_page: Callable[..., Page]) -> None:
    page = film_page("auditor", BY_ENGINE + SAVES_DATA)
    expect(page.locator("[data-sizes]")).to_have_value("240")
    expect(page.locator("[data-says]")).to_be_visible()
    urls = asked(page)
    start(page)
    assert page.evaluate(HEIGHT) <= 240
    assert any("240" in url for url in urls)


def test_film_that_nothing_plays_says_so_and_is_tried_again(film_page: Callable[..., Page]) -> None:
    page = film_page("reviewer")

    def refuse(route: Route) -> None:
        route.fulfill(status=404, body="")

    page.route(lambda url: "/films/" in url and "poster" not in url and "sources" not in url, refuse)
    page.locator("[data-start]").tap()
    says = page.locator("[data-says]")
    expect(says).to_have_text(says.get_attribute("data-say-none") or "-")
    expect(page.locator("[data-when-paused]")).to_be_visible()
    page.unroute_all()
    page.locator("[data-toggle]").tap()
    until(page, f"{PLACE} > 0.5")
    expect(page.locator("[data-says]")).to_be_hidden()


def test_two_tabs_of_one_film_play_and_the_next_lesson_stands_under_its_end(
    film_page: Callable[..., Page],
) -> None:
    page = film_page("station")
    other = page.context.new_page()
    other.add_init_script(BY_ENGINE)
    other.goto(page.url)
    start(page)
    start(other)
    other.close()
    expect(page.locator("[data-after]")).to_be_hidden()
    page.evaluate(f"{PLACE} = document.querySelector('video').duration - 1")
    expect(page.locator("[data-after]")).to_be_visible(timeout=PLAY_MS)
    with page.expect_navigation():
        page.locator("[data-after]").tap()
    expect(page.locator("h1")).not_to_have_text("二十秒记住转移避险")
