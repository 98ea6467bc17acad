"""Packages that others made, each played in its own way and recorded rightly; skipped where they are not."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.axe import clean
from tests.browser.conftest import Open
from tests.browser.site import DemoSite
from tests.browser.test_journey_package import (
    OPEN_MS,
    SIZE,
    content,
    courseware,
    opened,
    progress,
    told,
    until_sent,
)
from tests.browser.test_scorm_host import ANSWERS
from tests.samples import sample

H5P = ("dialog-cards", "drag-text", "interactive-video", "question-set", "true-false")
GOLF = ("RuntimeBasicCalls_SCORM12", "RuntimeBasicCalls_SCORM20043rdEdition")
PATHS = (*(f"h5p/{name}.h5p" for name in H5P), *(f"scorm/{name}.zip" for name in GOLF))
FILM_SECONDS = 4
# From where to where a film ran last.
LAST_RUN = """({ played }) => {
  const last = played.length - 1;
  return last < 0 ? [0, 0] : [played.start(last), played.end(last)];
}"""
# Long enough to be told from no time at all.
A_MOMENT_MS = 1_500

Played = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def lessons(demo: DemoSite) -> dict[str, str]:
    """The addresses of the samples' lessons by their paths."""
    paths = [str(sample(path)) for path in PATHS]
    said = demo.manage(
        "shell", "-v", "0", "-c", f"from tests.browser.lessons import bring; bring(*{paths!r})"
    )
    found = [line for line in said.splitlines() if line.startswith("/courses/")]
    return dict(zip(PATHS, found, strict=True))


@pytest.fixture
def play(open_page: Open, lessons: dict[str, str]) -> Played:
    """Opens a sample as somebody: `play("h5p/true-false.h5p", "fresh")`."""

    def play(path: str, who: str) -> Page:
        return opened(open_page(as_=who, size=SIZE), lessons[path])

    return play


@pytest.fixture(scope="module")
def without_film(demo: DemoSite) -> str:
    """The address of the interactive video as it came: its film lies on another site."""
    path = str(sample("h5p/interactive-video.h5p"))
    call = f"from tests.browser.lessons import bring; bring({path!r}, with_films=False)"
    said = demo.manage("shell", "-v", "0", "-c", call)
    return next(line for line in said.splitlines() if line.startswith("/courses/"))


def check(frame: FrameLocator | Locator) -> None:
    frame.locator(".h5p-question-check-answer:visible").first.press("Enter")


def answers_listed(page: Page, *, within: float) -> Locator:
    """The answers of the latest attempt on the learner's page, which names no more seconds than `within`."""
    page.locator("a[href$='/attempts/']").click()
    latest = page.locator("main section").first
    seconds = int(latest.locator("[data-seconds]").get_attribute("data-seconds") or 0)
    assert 0 < seconds <= within
    return latest.locator(".reviewed li")


def test_true_or_false(play: Played) -> None:
    began = time.monotonic()
    page = play("h5p/true-false.h5p", "fresh")
    frame = content(page)
    frame.locator(".h5p-true-false-answer").nth(1).press("Enter", timeout=OPEN_MS)
    page.wait_for_timeout(A_MOMENT_MS)
    check(frame)
    expect(page.locator("[data-result]")).to_contain_text("100", timeout=OPEN_MS)
    result = told(page)["result"]
    assert (result["score"], result["success"], result["complete"]) == ("1/1", True, True)
    expect(answers_listed(page, within=time.monotonic() - began)).to_have_count(1)
    expect(page.locator("main")).to_contain_text("1/1")


def test_another_go_counts_its_own_time(play: Played) -> None:
    page = play("h5p/true-false.h5p", "learner")
    frame = content(page)
    answer = frame.locator(".h5p-true-false-answer").first
    answer.press("Enter", timeout=OPEN_MS)
    page.wait_for_timeout(5_000)
    check(frame)
    ended = time.monotonic()
    page.wait_for_timeout(3_000)
    frame.locator(".h5p-question-try-again:visible").press("Enter")
    answer.press("Enter")
    check(frame)
    until_sent(page)
    assert told(page)["attempts"] == 2
    answers_listed(page, within=time.monotonic() - ended)


def test_words_dragged_into_a_text(play: Played) -> None:
    began = time.monotonic()
    page = play("h5p/drag-text.h5p", "fresh")
    frame = content(page)
    words = frame.locator(".h5p-drag-draggables-container .ui-draggable")
    expect(words.first).to_be_visible(timeout=OPEN_MS)
    words.filter(has_text="blue").drag_to(frame.locator(".h5p-drag-dropzone-container .ui-droppable").first)
    page.wait_for_timeout(A_MOMENT_MS)
    check(frame)
    expect(page.locator("[data-result]")).to_be_visible(timeout=OPEN_MS)
    until_sent(page)
    result = told(page)["result"]
    assert result["complete"] is True
    points, of = result["score"].split("/")
    assert of == "3"
    assert f"Score: {points} of 3." in frame.locator(".h5p-content").inner_text()
    answers = answers_listed(page, within=time.monotonic() - began)
    expect(answers).to_have_count(1)
    expect(answers).to_contain_text("blue")


# How each kind of question in the set is answered; one of them has nothing that could be done.
ANSWERED: dict[str, Callable[[Locator], None]] = {
    "h5p-multichoice": lambda asked: asked.locator(".h5p-answer").first.press("Enter"),
    "h5p-blanks": lambda asked: asked.locator("input").first.fill("Oslo"),
    "h5p-mark-the-words": lambda asked: asked.locator("[role=option]").first.press("Enter"),
    "h5p-drag-text": lambda asked: asked.locator(".ui-draggable").first.drag_to(
        asked.locator(".ui-droppable").first
    ),
    "h5p-true-false": lambda asked: asked.locator(".h5p-true-false-answer").first.press("Enter"),
    "h5p-dragquestion": lambda asked: None,
}
QUESTIONS = 9


def test_a_set_of_questions_is_answered_to_its_end(play: Played) -> None:
    began = time.monotonic()
    page = play("h5p/question-set.h5p", "learner")
    frame = content(page)
    asked = frame.locator(".question-container:visible")
    for number in range(QUESTIONS):
        expect(frame.locator(f".question-container >> nth={number}")).to_be_visible(timeout=OPEN_MS)
        kinds = (asked.get_attribute("class") or "").split()
        next(answer for kind, answer in ANSWERED.items() if kind in kinds)(asked)
        check(asked)
        if number < QUESTIONS - 1:
            asked.locator(".h5p-question-next:visible").press("Enter")
    # It is offered once every question has an answer.
    frame.locator(".h5p-question-finish:visible").press("Enter")
    expect(page.locator("[data-result]")).to_be_visible(timeout=OPEN_MS)
    until_sent(page)
    result = told(page)["result"]
    points, of = map(int, result["score"].split("/"))
    assert f"{points}/{of}" in frame.locator(".questionset-results").inner_text()
    assert of == 14
    # Half of the points is what its author asks for.
    assert (result["complete"], result["success"]) == (True, points / of >= 0.5)
    assert result["percent"] == 100 * points // of
    answers = answers_listed(page, within=time.monotonic() - began)
    expect(answers).to_have_count(QUESTIONS)
    expect(answers.filter(has_text="Oslo is the capital of")).to_have_count(2)
    expect(answers.filter(has_text="This is another line")).to_contain_text("/5")


def test_a_set_of_questions_is_gone_on_with(play: Played) -> None:
    page = play("h5p/question-set.h5p", "fresh")
    frame = content(page)
    expect(frame.locator(".h5p-question-check-answer:visible").first).to_be_visible(timeout=OPEN_MS)
    frame.locator(".h5p-answer:visible").first.press("Enter")
    check(frame)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    until_sent(page)
    found = told(page)
    assert found["attempts"] == 1
    assert found["result"] is None
    page.reload()
    expect(frame.locator(".h5p-question-check-answer, .h5p-question-show-solution").first).to_be_attached(
        timeout=OPEN_MS
    )
    assert told(page)["attempts"] == 1


def test_a_film_counts_as_far_as_it_ran_and_goes_on_there(play: Played) -> None:
    page = play("h5p/interactive-video.h5p", "fresh")
    assert told(page)["film_seconds"] > FILM_SECONDS
    frame = content(page)
    video = frame.locator("video")
    expect(video).to_be_attached(timeout=OPEN_MS)
    # Its questions stop it now and then.
    for _look in range(120):
        video.evaluate("film => film.play().catch(() => {})")
        page.wait_for_timeout(500)
        if video.evaluate("film => film.currentTime") > FILM_SECONDS:
            break
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    until_sent(page)
    stood = video.evaluate("film => film.currentTime")
    page.reload()
    expect(video).to_be_attached(timeout=OPEN_MS)
    for _look in range(120):
        video.evaluate("film => film.play().catch(() => {})")
        page.wait_for_timeout(500)
        begins, reached = video.evaluate(LAST_RUN)
        if reached > stood / 2:
            break
    # It did not run there from the beginning.
    assert begins > stood / 2


def test_a_question_inside_a_film_is_answered_and_its_result_told_at_the_end(play: Played) -> None:
    began = time.monotonic()
    page = play("h5p/interactive-video.h5p", "learner")
    frame = content(page)
    frame.locator(".h5p-splash").click(timeout=OPEN_MS)
    video = frame.locator("video")
    frame.locator(".h5p-truefalse-interaction").first.press("Enter")
    asked = frame.locator(".h5p-dialog:visible")
    asked.locator(".h5p-true-false-answer").first.press("Enter")
    check(asked)
    asked.locator(".h5p-question-iv-continue:visible").press("Enter")
    submit = frame.locator(".h5p-interactive-video-endscreen-submit-button:visible")
    # Its questions stop it now and then, and at its end it asks for what was answered.
    for _look in range(160):
        if submit.count():
            break
        video.evaluate("film => film.play().catch(() => {})")
        page.wait_for_timeout(500)
    submit.press("Enter")
    expect(page.locator("[data-result]")).to_be_visible(timeout=OPEN_MS)
    expect(page.locator("[data-outcome]")).to_have_attribute("data-is", "good", timeout=OPEN_MS)
    until_sent(page)
    result = told(page)["result"]
    assert (result["score"], result["percent"], result["complete"]) == ("1/10", 10, True)
    assert progress(page)["finished"]
    answers = answers_listed(page, within=time.monotonic() - began)
    expect(answers).to_have_count(1)
    expect(answers.locator(".mark[data-is=met]")).to_have_count(1)


def test_a_film_on_another_site_is_said_to_be_missing_and_never_asked_for(
    open_page: Open, without_film: str
) -> None:
    page = open_page(as_="learner", size=SIZE)
    page.goto(without_film)
    said = page.locator("[data-package] [data-note]")
    elsewhere = page.locator("[data-package]").get_attribute("data-say-elsewhere")
    assert elsewhere
    expect(said).to_have_text(elsewhere, timeout=OPEN_MS)
    # Trying again brings no film, and an empty box says nothing.
    expect(page.locator("[data-retry]")).to_be_hidden()
    expect(page.locator("[data-package] [data-frame]")).to_be_hidden()
    assert told(page)["result"] is None
    clean(page)


def test_cards_that_report_nothing_are_finished_by_their_time(play: Played) -> None:
    page = play("h5p/dialog-cards.h5p", "fresh")
    expect(content(page).locator(".h5p-dialogcards-turn").first).to_be_visible(timeout=OPEN_MS)
    expect(page.locator("main")).to_contain_text("1 ")
    expect(page.locator("[data-outcome]")).to_have_attribute("data-is", "good", timeout=150_000)
    assert told(page)["result"] is None


def turn(page: Page) -> None:
    """Turn to the next page of the golf course, and wait until it is there."""
    course = courseware(page)
    shown = course.locator("iframe")
    expect(shown).to_have_attribute("src", re.compile("."), timeout=OPEN_MS)
    before = shown.get_attribute("src") or ""
    course.locator("#butNext").click(timeout=OPEN_MS)
    expect(shown).not_to_have_attribute("src", before)
    inner = shown.element_handle(timeout=OPEN_MS).content_frame()
    assert inner is not None
    wanted = (shown.get_attribute("src") or "-").split("../")[-1]
    inner.wait_for_url(lambda url: url.endswith(wanted))


@pytest.mark.parametrize(
    ("name", "place"), list(zip(GOLF, ("cmi.core.lesson_location", "cmi.location"), strict=True))
)
def test_golf_is_gone_on_with_where_it_was_left(play: Played, name: str, place: str) -> None:
    page = play(f"scorm/{name}.zip", "fresh")
    page.on("dialog", lambda dialog: dialog.accept())
    for _page in range(2):
        turn(page)
    inside = courseware(page).frame_locator("iframe").locator("body")
    left = inside.inner_text()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    until_sent(page)
    [kept] = told(page)["scos"].values()
    assert kept["cmi"][place] == "2"
    page.goto("/")
    page.go_back()
    expect(inside).to_have_text(left, timeout=OPEN_MS, use_inner_text=True)
    assert told(page)["attempts"] == 1


@pytest.mark.parametrize("name", GOLF)
@pytest.mark.parametrize("is_right", [True, False])
def test_golf_is_passed_and_failed(play: Played, name: str, is_right: bool) -> None:
    page = play(f"scorm/{name}.zip", "learner" if is_right else "county")
    page.on("dialog", lambda dialog: dialog.accept())
    course = courseware(page)
    test = course.frame_locator("iframe")
    turn(page)
    while not test.locator("#test").count():
        turn(page)
    test.locator("body").evaluate(f"(_body, isRight) => ({ANSWERS})(isRight)", is_right)
    test.locator("input[type=button]").click()
    expect(test.locator(".questionResult").first).to_be_visible()
    course.locator("#butExit").click()
    expect(page.locator("[data-result]")).to_be_visible(timeout=OPEN_MS)
    until_sent(page)
    result = told(page)["result"]
    assert (result["percent"] == 100, result["success"]) == (is_right, is_right)
