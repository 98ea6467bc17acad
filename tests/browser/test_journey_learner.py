"""A village secretary with a phone: from the code by message to the certificate that a stranger checks."""

import re
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, TimeoutError, expect
from pypdf import PdfReader

from tests.browser.axe import clean
from tests.browser.chromium import PHONE
from tests.browser.conftest import Open
from tests.browser.players import BY_ENGINE
from tests.browser.site import DemoSite

FILM, FILM_SECONDS = "leave-early", 20
OTHER_FILM = "before-the-rain"
ONLINE = "网络自学"
# What a loaded machine may take for twenty seconds of film, and for three rounds of the job runner.
PLAY_MS, JOBS_MS, LOOK_MS, GLANCE_MS = 90_000, 120_000, 2_000, 100
PLACE = "document.querySelector('video, audio').currentTime"
# Of a film that is over, the beginning.
STANDS = "((film) => (film.ended ? 0 : Math.floor(film.currentTime)))(document.querySelector('video, audio'))"
# Which of the phone's stores were written in which order, and whether with seconds.
WRITTEN = """(() => {
  const { put } = IDBObjectStore.prototype;
  window.written = [];
  IDBObjectStore.prototype.put = function (value) {
    const { segments } = value.body || value;
    if (segments) written.push([this.name, segments.length > 0]);
    return put.call(this, value);
  };
})()"""
PLAY, PAUSE = (f"document.querySelector('video, audio').{verb}()" for verb in ("play", "pause"))


@pytest.fixture
def phone(open_page: Open) -> Page:
    """A stranger's phone, touched with a finger."""
    return open_page(size=PHONE, has_touch=True, is_mobile=True)


def test_learner_earns_the_last_quarter_hour_and_a_stranger_checks_the_certificate(
    phone: Page, open_page: Open, demo: DemoSite
) -> None:
    sign_in_by_code(phone, demo.phones["learner"])
    expect(online(phone).locator(".fig.short b")).to_have_text("0.25")

    find_film(phone)
    play_until(phone, FILM_SECONDS / 2 - 2)
    before = interrupted(phone)
    play_to_the_end(phone)
    after = state(phone)
    assert after["finished"]
    assert before["covered"] < after["covered"] <= FILM_SECONDS
    assert merged(before["ranges"], after["ranges"]) == after["ranges"]

    follow(phone, phone.locator("nav.tabs a[href='/']"))
    reload_until(phone, phone.locator("article.owed[data-is=met]", has_text=ONLINE))
    expect(online(phone).locator(".fig b")).to_have_text(["50", "50", "0"])
    clean(phone)
    count_in_record(phone)

    phone.goto("/certificates/")
    row = phone.locator("ul.rows > li", has_text=ONLINE)
    reload_until(phone, row)
    clean(phone)
    printed = downloaded(phone, row.locator("a.btn"))
    check_as_stranger(open_page(), row, printed)


def sign_in_by_code(page: Page, number: str) -> None:
    """Through the front door, with the code that the demo shows instead of sending it."""
    page.goto("/")
    clean(page)
    follow(page, page.locator("main a[href^='/account/login/']").first)
    page.locator("input[name=phone]").fill(number)
    follow(page, page.locator("form:has(input[name=phone]) button"))
    code = page.locator("#demo-code").inner_text()
    page.locator("input[name=code]").fill(code)
    follow(page, page.locator("form:has(input[name=code]) button"))
    expect(page.locator("article.owed").first).to_be_visible()


def follow(page: Page, what: Locator) -> None:
    """Tap what leads to another page, and look at that page with axe."""
    with page.expect_navigation():
        what.tap()
    clean(page)


def find_film(page: Page) -> None:
    """By the catalogue's search and the course, as one looks for something half remembered."""
    follow(page, page.locator("nav.tabs a[href='/courses/']"))
    page.locator("input[name=q]").fill("防汛")
    with page.expect_navigation():
        page.locator("input[name=q]").press("Enter")
    follow(page, page.locator("main a[href='/courses/flood-safety/']").first)
    follow(page, page.locator(f"main a[href$='/{FILM}/']").first)
    expect(page.locator("[data-so-far]")).to_be_visible()


def play_until(page: Page, seconds: float) -> None:
    """Press the big button and watch."""
    page.locator("[data-start]").click()
    until(page, f"{PLACE} >= {seconds}")


def until(page: Page, fact: str) -> None:
    """Wait for something in the page; asked from outside, since the page's policy forbids to evaluate."""
    for _look in range(PLAY_MS // GLANCE_MS):
        if page.evaluate(fact):
            return
        page.wait_for_timeout(GLANCE_MS)
    pytest.fail(f"never: {fact}")


def interrupted(page: Page) -> dict[str, Any]:
    """Pause, see both marks, lose the page, and stand where one stopped; what the server then holds."""
    reached = held(page)["position"]
    expect(page.locator("[data-mark-here]")).to_be_visible()
    expect(page.locator("[data-mark-there][data-is=sent]")).to_be_visible()
    page.reload()
    expect(page.locator("[data-so-far]")).to_be_visible()
    found = state(page)
    assert reached - 2 <= found["position"] <= reached + 1
    assert 0 < found["covered"] <= reached + 1
    return found


def held(page: Page) -> dict[str, Any]:
    """Pause, and see what the server holds when it knows of that; a mark may speak of an earlier report."""
    page.evaluate(PAUSE)
    place = page.evaluate(STANDS)
    for _look in range(PLAY_MS // GLANCE_MS):
        found = state(page)
        if found["position"] == place:
            return found
        page.wait_for_timeout(GLANCE_MS)
    pytest.fail(f"the server never heard of {place} s")


def play_to_the_end(page: Page) -> None:
    """Go on from the kept place until the page says what was granted."""
    page.locator("[data-start]").click()
    until(page, f"{PLACE} > 1")
    assert page.evaluate(PLACE) >= FILM_SECONDS / 2 - 4
    outcome = page.locator("[data-outcome][data-is=good]")
    expect(outcome).to_be_visible(timeout=PLAY_MS)
    expect(outcome).to_contain_text("0.25")
    clean(page)


def state(page: Page) -> dict[str, Any]:
    """What the server holds of the lesson."""
    answer: dict[str, Any] = page.request.get(
        page.locator("[data-study]").get_attribute("data-study") or ""
    ).json()
    return answer


def merged(one: list[list[int]], other: list[list[int]]) -> list[list[int]]:
    """The seconds of both, as stretches."""
    seconds = sorted({second for start, end in [*one, *other] for second in range(start, end)})
    found: list[list[int]] = []
    for second in seconds:
        if found and found[-1][1] == second:
            found[-1][1] += 1
        else:
            found.append([second, second + 1])
    return found


def online(page: Page) -> Locator:
    """The home's row of the year's online hours."""
    return page.locator("article.owed", has_text=ONLINE)


def count_in_record(page: Page) -> None:
    """One line in the record for the film, whatever was reported twice."""
    page.goto("/me/record/")
    expect(page.get_by_text("二十秒记住转移避险")).to_have_count(1)
    clean(page)


def reload_until(page: Page, wanted: Locator) -> None:
    """Look again until background work has brought what is wanted."""
    for _look in range(JOBS_MS // LOOK_MS):
        try:
            wanted.first.wait_for(timeout=LOOK_MS)
        except TimeoutError:
            page.reload()
        else:
            return
    pytest.fail(f"{wanted} did not come")


def downloaded(page: Page, link: Locator) -> str:
    """The text of the PDF behind a link, without spaces."""
    with page.expect_download() as download:
        link.tap()
    reader = PdfReader(BytesIO(Path(download.value.path()).read_bytes()))
    assert len(reader.pages) == 1
    return squeezed(reader.pages[0].extract_text())


def check_as_stranger(page: Page, row: Locator, printed: str) -> None:
    """The address on the paper, opened by somebody else: valid, and every field as printed."""
    address = row.locator("a[href*='/verify/']").get_attribute("href") or "-"
    assert address in printed
    page.goto(address)
    expect(page.locator(".verdict[data-is=valid]")).to_be_visible()
    fields = page.locator("dl.facts dd").all_inner_texts()
    serial = re.search(r"XX-\d+-\d{4}-\d+-\w", "\n".join(fields))
    assert serial
    assert serial[0] in printed
    assert "梁晓燕" in printed
    missing = [part for field in fields for part in parts(field) if part not in printed]
    assert not missing
    assert len(fields) >= 12
    clean(page)


def parts(field: str) -> list[str]:
    """What a field says, apart from how the page joins it."""
    return [squeezed(part) for part in re.split(r"[·–;；、]", field) if squeezed(part)]


def squeezed(text: str) -> str:
    """Without any space."""
    return "".join(text.split())


def test_film_plays_without_scripts(open_page: Open, demo: DemoSite) -> None:
    page = open_page(as_="fresh", java_script_enabled=False)
    page.goto(demo.content[OTHER_FILM])
    video = page.locator("video[controls][src]")
    expect(video).to_be_visible()
    expect(page.locator("[data-start]")).to_be_hidden()
    expect(page.locator("noscript p")).to_be_visible()
    answer = page.request.get(video.get_attribute("src") or "", headers={"Range": "bytes=0-99"})
    assert (answer.status, answer.headers["content-type"]) == (206, "video/mp4")
    # The browser itself is asked to play it, past the page that has no scripts.
    page.evaluate(PLAY)
    until(page, f"{PLACE} > 1")


def test_second_phone_goes_on_from_what_the_server_had_when_the_first_died(
    open_page: Open, demo: DemoSite
) -> None:
    first = open_page(as_="fresh")
    first.add_init_script(BY_ENGINE)
    first.goto(demo.content[OTHER_FILM])
    play_until(first, 5)
    told = held(first)
    expect(first.locator("[data-mark-there][data-is=sent]")).to_be_visible()
    first.context.set_offline(True)
    first.evaluate(PLAY)
    until(first, f"{PLACE} >= {told['position'] + 4}")
    first.context.close()

    second = open_page(as_="fresh")
    second.goto(demo.content[OTHER_FILM])
    expect(second.locator("[data-so-far]")).to_be_visible()
    found = state(second)
    # Nothing told is lost; a last beacon of the dying page may have got through and added to it.
    assert (found["covered"], found["position"]) >= (told["covered"], told["position"])
    since = time.monotonic()
    second.locator("[data-start]").click()
    until(second, f"{PLACE} > 0.5")
    ran = second.evaluate(PLACE) - found["position"]
    assert -1 <= ran <= time.monotonic() - since + 1


def test_what_is_played_before_the_page_is_ready_counts(open_page: Open, demo: DemoSite) -> None:
    page = open_page(as_="mover", service_workers="block")
    page.add_init_script(BY_ENGINE)
    page.add_init_script(WRITTEN)
    # The phone knows who studies on it.
    page.goto(demo.content[FILM])
    expect(page.locator("[data-so-far]")).to_be_visible()
    scripts, states = late(page, "**/study.bundle*.js"), late(page, "**/study/lessons/*/")
    # By the browser's own bar, before any script is there.
    page.goto(demo.content[OTHER_FILM], wait_until="commit")
    page.locator("video").evaluate("film => film.play()")
    until(page, f"{PLACE} > 3")
    scripts.pop().continue_()
    expect(page.locator("[data-controls]")).to_be_visible()
    begun = page.evaluate(PLACE)
    until(page, f"{PLACE} > {begun} + 2")
    # Before the server has said who studies what, the page is left, or might be.
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    expect(page.locator("[data-mark-here][data-is=here]")).to_be_visible()
    page.evaluate(PAUSE)
    states.pop().continue_()
    expect(page.locator("[data-mark-there][data-is=sent]")).to_be_visible()
    # Wherever the page had been killed, it lay somewhere.
    written = page.evaluate("written")
    assert written.index(["outbox", True]) < written.index(["rests", False])
    # As soon as the server's clock pays for it.
    assert until_covered(page, 4)["ranges"][0][0] == 0


def until_covered(page: Page, seconds: int) -> dict[str, Any]:
    """Wait until the server holds so many seconds of the lesson."""
    for _look in range(PLAY_MS // LOOK_MS):
        found = state(page)
        if found["covered"] >= seconds:
            return found
        page.wait_for_timeout(LOOK_MS)
    pytest.fail(f"never covered: {seconds} s")


def late(page: Page, address: str) -> list[Route]:
    """What is asked for at an address, which comes when the test lets it."""
    waiting: list[Route] = []

    def asked(route: Route) -> None:
        waiting.append(route)

    page.route(address, asked)
    return waiting


def test_marks_kept_on_the_phone_are_sent_when_the_network_is_back(open_page: Open, demo: DemoSite) -> None:
    page = open_page(as_="fresh", size=PHONE)
    page.add_init_script(BY_ENGINE)
    page.goto(demo.content["flood-broadcast"])
    expect(page.locator("[data-so-far]")).to_be_visible()
    start = state(page)["covered"]
    page.evaluate(PLAY)
    until(page, f"{PLACE} >= 2")
    page.context.set_offline(True)
    until(page, f"{PLACE} >= 5")
    page.evaluate(PAUSE)
    expect(page.locator("[data-mark-there][data-is=wait]")).to_be_visible()
    expect(page.locator("[data-mark-here][data-is=here]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-mark-there][data-is=sent]")).to_be_visible(timeout=PLAY_MS)
    assert state(page)["covered"] >= start + 3
