"""A quiz on a cheap phone: the network goes half-way, the phone is put away, another phone goes on."""

import json
from contextlib import closing
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import clean
from tests.browser.conftest import Open
from tests.browser.memory import Entry, until_kept, until_waiting
from tests.browser.network import Network
from tests.browser.site import DemoSite
from tests.browser.slow import SLOW_MEMORY
from tests.browser.test_journey_learner import PLAY_MS
from tests.browser.test_journey_offline import Phone, look_after, page_of, phone  # noqa: F401

CALM, LIMITED = "flood-quiz", "meetings-quiz"
TITLE = "防汛避险测一测"
SENT, WAITS = "[data-mark-there][data-is=sent]", "[data-mark-there][data-is=wait]"


def test_quiz_loses_its_network_half_way_and_is_handed_in_when_it_returns(
    phone: Phone,  # noqa: F811  # a fixture
    network: Network,
    demo: DemoSite,
) -> None:
    with closing(phone()) as context:
        page = page_of(context, demo.content[CALM])
        look_after(page)
        begin(page)
        sheet = page.url
        known = keys(demo, sheet)
        for question in questions(page)[:2]:
            give(question, known)
        expect(page.locator(SENT)).to_be_visible()

        until_kept(page, sheet)
        network.pull()
        give(questions(page)[2], known)
        expect(page.locator(WAITS)).to_be_visible()
        network.plug()
        # The page that is open sends it, and hears of it.
        background_sync(page, network)
        expect(page.locator(SENT)).to_be_visible(timeout=PLAY_MS)

        network.pull()
        for question in questions(page)[3:]:
            give(question, known)
        expect(page.locator(WAITS)).to_be_visible()
        until_waiting(page, lambda entries: places(entries) >= set(range(3, len(known))))
        clean(page)
        page.reload()
        expect(page.locator("[data-offline]")).to_be_visible()
        expect(page.locator(WAITS)).to_be_visible()
        for question in questions(page):
            stands(question, known)
        page.locator("[data-hand-in]").click()
        expect(page.locator("[data-note]")).to_be_visible(timeout=PLAY_MS)
        expect(page.locator("fieldset.question :is(input, select)").first).to_be_disabled()
        clean(page)

    network.plug()
    with closing(phone()) as context:
        page = page_of(context, "/")
        page.wait_for_timeout(1000)
        reviewed(page, sheet)
        expect(page.locator("h1")).to_have_text("通过")
        expect(page.locator("ol.reviewed > li")).to_have_count(len(known))
        clean(page)
        page.goto("/me/record/")
        expect(page.get_by_text(TITLE)).to_have_count(1)


def test_second_phone_goes_on_with_the_same_questions_and_hands_in_by_keyboard_alone(
    open_page: Open, demo: DemoSite
) -> None:
    first, second = open_page(as_="fresh"), open_page(as_="fresh")
    for page in (first, second):
        page.goto(demo.content[LIMITED])
        begin(page)
    assert first.url == second.url
    expect(first.locator("[data-left]")).to_be_visible()
    known = keys(demo, first.url)
    first.add_init_script(SLOW_MEMORY)
    first.reload()
    give(questions(first)[0], known)
    expect(first.locator(SENT)).to_be_visible()
    second.reload()
    stands(questions(second)[0], known)

    second.locator("[data-hand-in]").focus()
    # A finger that taps twice is told what is missing, and has not handed in.
    for _tap in range(2):
        second.locator("[data-hand-in]").dispatch_event("click")
    expect(second.locator("[data-note]")).to_be_visible()
    second.wait_for_timeout(1000)
    clean(second)
    second.locator("[data-hand-in]").focus()
    second.keyboard.press("Enter")
    expect(second.locator("ol.reviewed")).to_be_visible()
    # One tap, since the page turns into the review as soon as the server has heard of it.
    first.locator("fieldset:is([data-kind=SINGLE], [data-kind=TRUE_FALSE]) input:not(:checked)").first.click()
    expect(first.locator("ol.reviewed")).to_be_visible()
    first.get_by_role("button", name="换一套题再答").focus()
    first.keyboard.press("Enter")
    expect(first.locator("fieldset.question")).to_have_count(len(known))
    assert first.url != second.url


def test_quiz_is_sat_without_scripts(open_page: Open, demo: DemoSite) -> None:
    page = open_page(as_="learner", java_script_enabled=False)
    page.goto(demo.content[CALM])
    begin(page)
    known = keys(demo, page.url)
    for question in questions(page):
        give(question, known)
    page.locator("[data-save]").click()
    for question in questions(page):
        stands(question, known)
    page.locator("[data-hand-in]").click()
    expect(page.locator("ol.reviewed > li")).to_have_count(len(known))
    expect(page.locator("h1")).to_have_text("通过")


def background_sync(page: Page, network: Network) -> None:
    """Have the browser tell the site's service worker that there is a network again."""
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []

    def heard(told: dict[str, Any]) -> None:
        found.extend(each["registrationId"] for each in told["registrations"])

    devtools.on("ServiceWorker.workerRegistrationUpdated", heard)
    devtools.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(100)
    devtools.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": network.url, "registrationId": found[0], "tag": "outbox", "lastChance": False},
    )
    devtools.detach()


def begin(page: Page) -> None:
    """From the lesson's page into the questions."""
    page.get_by_role("link", name="去答题").click()
    page.locator("main form button.main").click()
    expect(page.locator("fieldset.question").first).to_be_visible()


def reviewed(page: Page, sheet: str) -> None:
    """Wait until what was handed in on the phone has arrived."""
    for _look in range(PLAY_MS // 1000):
        page.goto(sheet)
        if page.locator("ol.reviewed").count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError("what was handed in never arrived")


def questions(page: Page) -> list[Locator]:
    """The questions of the sheet."""
    return page.locator("fieldset.question").all()


def keys(demo: DemoSite, sheet: str) -> list[Any]:  # as the questions' kinds have them
    """The right answers, which no page tells."""
    attempt = sheet.rstrip("/").split("/")[-1]
    code = (
        "import json; from lms.study.models import Attempt; "
        f"print(json.dumps([question['key'] for question in Attempt.objects.get(pk={attempt}).drawn]))"
    )
    known: list[Any] = json.loads(demo.manage("shell", "-v", "0", "-c", code).splitlines()[-1])
    return known


def fields(question: Locator, known: list[Any]) -> dict[str, str]:
    """What the right answer puts into which field: by its CSS selector."""
    place = int(question.get_attribute("data-place") or 0)
    key, name = known[place], f"q{place}"
    match question.get_attribute("data-kind"):
        case "SINGLE" | "MULTIPLE":
            return {f"[name='{name}'][value='{option}']": "on" for option in key}
        case "TRUE_FALSE":
            return {f"[name='{name}'][value='{'true' if key else 'false'}']": "on"}
        case "FILL_IN":
            return {f"[name='{name}.{blank}']": accepted[0] for blank, accepted in enumerate(key)}
        case "ORDERING":
            return {f"[name='{name}.{item}']": str(place) for place, item in enumerate(key)}
    return {f"[name='{name}.{left}']": str(right) for left, right in enumerate(key)}


def give(question: Locator, known: list[Any]) -> None:
    """Answer rightly, with a finger."""
    for selector, value in fields(question, known).items():
        field = question.locator(selector)
        if value == "on":
            field.check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def stands(question: Locator, known: list[Any]) -> None:
    """The right answer stands there, as soon as the phone has remembered it."""
    for selector, value in fields(question, known).items():
        if value == "on":
            expect(question.locator(selector)).to_be_checked()
        else:
            expect(question.locator(selector)).to_have_value(value)


def places(entries: list[Entry]) -> set[int]:
    """Which questions have an answer that waits on the phone."""
    return {each["body"]["place"] for each in entries}
