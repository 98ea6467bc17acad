"""H5P's player: it begins, resumes, reports, fits its content, and costs few requests."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import Open
from tests.browser.frames import bring, has_verb, heard, play, wait_for
from tests.browser.lessons import INSIDE, with_film
from tests.browser.packages import Brought
from tests.browser.site import DemoSite
from tests.browser.weight import size_of
from tests.courses.h5p import made
from tests.samples import sample

REQUESTS = 12
WORDS = "WEBVTT\n\n00:00.000 --> 00:05.000\nBefore the rain.\n"
# As H5P.Video does it: the film is the content's own, and its subtitles are read by the film's rights.
SUBTITLED = """() => new Promise((resolve) => {
  const film = document.createElement("video");
  film.crossOrigin = H5P.getCrossOrigin({path: "videos/film.mp4"}) || null;
  const track = document.createElement("track");
  track.src = H5P.getPath("videos/words.vtt", H5P.instances[0].contentId);
  track.addEventListener("load", () => resolve(track.track.cues.length));
  track.addEventListener("error", () => resolve("refused"));
  film.append(track);
  track.track.mode = "showing";
})"""
STORED = """() => {
  localStorage.clear();
  localStorage.setItem("one", 1);
  localStorage.two = "b";
  const found = [Object.keys(localStorage), "one" in localStorage, "three" in localStorage];
  localStorage.clear();
  return found.concat(localStorage.length);
}"""
SAMPLES = ("true-false", "question-set", "interactive-video", "drag-text", "dialog-cards")


@pytest.fixture(scope="module")
def small(demo: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Brought]:
    """The tests' own packages in the demo."""
    folder = tmp_path_factory.mktemp("small")
    packages = {
        "one": made.small(files={"content/videos/words.vtt": WORDS}),
        "set": made.small_set(),
        "page": made.small_page(),
    }
    paths = []
    for name, package in packages.items():
        paths.append(folder / f"{name}.h5p")
        paths[-1].write_bytes(package)
    return dict(zip(packages, bring(demo, *paths), strict=True))


def test_an_answer_is_told_whole_and_its_state_kept(
    open_page: Open, demo: DemoSite, small: dict[str, Brought]
) -> None:
    page = open_page(as_="learner")
    frame = play(page, small["one"]["address"])
    frame.get_by_role("button", name="Right").click()
    done = wait_for(page, "statement", has_verb("completed"))["statement"]
    assert done["object"]["id"] == f"{demo.url}/h5p/{small['one']['package']}"
    assert done["result"]["score"] == {"min": 0, "max": 1, "raw": 1, "scaled": 1}
    page.evaluate("ask()")
    state = wait_for(page, "state")
    assert (state["key"], json.loads(state["data"])) == ("0/state", {"answer": True})
    page.evaluate("ask()")
    assert len(heard(page, "state")) == 1

    again = open_page(as_="learner", size=DESKTOP)
    frame = play(again, small["one"]["address"], {state["key"]: state["data"]})
    expect(frame.get_by_role("button", name="Right")).to_have_attribute("aria-pressed", "true")


def test_the_answers_inside_a_set_are_its_childrens(
    open_page: Open, demo: DemoSite, small: dict[str, Brought]
) -> None:
    page = open_page(as_="learner")
    frame = play(page, small["set"]["address"])
    frame.get_by_role("button", name="Right").first.click()
    told = wait_for(page, "statement", has_verb("answered"))["statement"]
    whole = f"{demo.url}/h5p/{small['set']['package']}"
    assert told["object"]["id"] == f"{whole}?subContentId=11111111-1111-4111-8111-111111111111"
    assert told["context"]["contextActivities"]["parent"][0]["id"] == whole


def test_the_frame_is_as_tall_as_its_content_and_comes_to_rest(
    open_page: Open, small: dict[str, Brought]
) -> None:
    page = open_page(as_="learner", size=PHONE)
    frame = play(page, small["set"]["address"])
    content = frame.locator(".h5p-content")
    wait_for(
        page, "height", lambda told: told["height"] == content.evaluate("it => Math.ceil(it.offsetHeight)")
    )
    page.wait_for_timeout(1000)
    before = heard(page, "height")
    assert before[-1]["height"] == content.evaluate("it => Math.ceil(it.offsetHeight)")
    page.wait_for_timeout(1000)
    assert heard(page, "height") == before
    assert frame.locator("html").evaluate("it => it.scrollHeight <= window.innerHeight")


def test_what_it_says_is_as_large_as_the_page_around_it(open_page: Open, small: dict[str, Brought]) -> None:
    size = "it => getComputedStyle(it).fontSize"
    sizes = []
    for is_elder in (False, True):
        page = open_page(as_="learner", elder=is_elder)
        frame = play(page, small["one"]["address"], is_elder=is_elder)
        sizes.append(frame.locator(".h5p-content").evaluate(size))
    assert sizes == ["16px", "22px"]


def test_the_keyboard_reaches_into_the_content(open_page: Open, small: dict[str, Brought]) -> None:
    page = open_page(as_="learner")
    frame = play(page, small["one"]["address"])
    page.locator("body").press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    button = frame.get_by_role("button", name="Right")
    button.focus()
    page.keyboard.press("Enter")
    wait_for(page, "statement", has_verb("completed"))
    assert frame.locator("html").get_attribute("lang")
    assert frame.locator("title").text_content() == "one"


def test_libraries_find_subtitles_and_a_storage_as_on_any_page(
    open_page: Open, small: dict[str, Brought]
) -> None:
    inside = play(open_page(as_="learner"), small["one"]["address"]).locator("body")
    assert inside.evaluate(SUBTITLED) == 1
    assert inside.evaluate(STORED) == [["one", "two"], True, False, 0]


def test_a_script_that_does_not_come_is_told(
    browser: Browser, demo: DemoSite, small: dict[str, Brought]
) -> None:
    with demo.context(browser, session=demo.sessions["learner"], size=PHONE) as context:
        page = context.new_page()
        context.route("**/h5p/bundles/*.js", lambda route: route.abort())
        play(page, small["one"]["address"])
        assert heard(page, "cannot") == [{"xiangxue": 1, "type": "cannot", "why": "file"}]


@pytest.fixture
def asked() -> Callable[[Page], list[Request]]:
    """Follows what a page fetches of the content origin."""

    def follow(page: Page) -> list[Request]:
        finished: list[Request] = []
        page.on("requestfinished", lambda request: finished.append(request))
        return finished

    return follow


@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_begins_on_a_phone_within_its_requests(
    name: str, browser: Browser, demo: DemoSite, asked: Callable[[Page], list[Request]], tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.h5p"
    given = sample(f"h5p/{name}.h5p")
    path.write_bytes(with_film(given) if "video" in name else given.read_bytes())
    [brought] = bring(demo, path)
    with demo.context(
        browser, session=demo.sessions["learner"], size={"width": 390, "height": 800}
    ) as context:
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        requests = asked(page)
        play(page, brought["address"])
        wait_for(page, "height")
        page.wait_for_timeout(2000)
        # A film comes in as many pieces as the browser likes.
        mine = [
            request
            for request in requests
            if request.url.startswith(demo.content_origin) and not request.url.endswith(INSIDE)
        ]
        assert len(mine) <= REQUESTS, [request.url for request in mine]
        assert sum(map(size_of, mine)) < 700_000
        assert faults == []
        assert heard(page, "begun")
