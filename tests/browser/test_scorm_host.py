"""The host page of coursewares: objects find their run-time, go on where they stood, and tell the page."""

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep, time
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, Frame, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from courses.scorm.actions import unpack
from courses.scorm.addresses import host_address
from courses.scorm.models import Courseware
from tests.browser.chromium import DESKTOP, PHONE
from tests.courses.scorm.made import (
    SCRIPT,
    item,
    manifest,
    organisation,
    packed,
    resource,
    sequenced,
    several,
    single,
)
from tests.samples import sample

pytestmark = pytest.mark.django_db(transaction=True)
# Twenty in a second: what a loaded machine may take.
ATTEMPTS = 400
SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads allow-modals"
# The lesson's page at its smallest: begins when the host is ready, and keeps whatever it is told.
PARENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Lesson</title>
<style>body{margin:0} iframe{border:0;width:100vw;height:80vh}</style>
<script>
window.told = [];
const facts = %s;
window.addEventListener('message', (event) => {
  const frame = document.querySelector('iframe');
  if (!frame || event.source !== frame.contentWindow) return;
  told.push(event.data);
  if (event.data.type === 'ready') frame.contentWindow.postMessage(facts, '*');
});
</script>
<iframe id="frame" src="%s" sandbox="%s" allow="fullscreen; autoplay" title="courseware"></iframe>
"""


class Parent:
    """A site with one page, which also takes what is brought by beacon."""

    def __init__(self) -> None:
        self.page = ""
        self.beacons: list[dict[str, Any]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What the beacons brought."""
        return [entry for upload in self.beacons for entry in upload["entries"]]


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, parent: Parent, *args: Any) -> None:
        self.parent = parent
        super().__init__(*args)

    def do_GET(self) -> None:
        self._answer(self.parent.page.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.parent.beacons.append(json.loads(self.rfile.read(length)))
        self._answer(b"{}", "application/json")

    def _answer(self, body: bytes, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


class Stage:
    """A courseware in its host, in a page that listens."""

    def __init__(self, page: Page, parent: Parent) -> None:
        self.page, self.parent = page, parent
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda told: self.faults.append(told.text) if told.type == "error" else None)

    def show(self, courseware: Courseware, **begin: Any) -> None:
        address = host_address(courseware_id=courseware.pk, person_id=7, now=time())
        facts = {"scos": {}, "open": None, "token": "t", "name": "张三", "mode": "normal", **begin}
        facts |= {"xiangxue": 1, "type": "begin", "uploads": f"{self.parent.origin}/uploads/"}
        self.parent.page = PARENT % (json.dumps(facts), address, SANDBOX)
        self.page.goto(self.parent.origin)

    @property
    def host(self) -> Frame:
        return self._frame(lambda url: "/scorm/" in url and "/files/" not in url)

    @property
    def object(self) -> Frame:
        return self._frame(lambda url: "/files/" in url)

    def _frame(self, fits: Any) -> Frame:
        for _attempt in range(ATTEMPTS):
            for frame in self.page.frames:
                if fits(frame.url):
                    return frame
            self.page.wait_for_timeout(50)
        raise AssertionError([frame.url for frame in self.page.frames])

    def told(self, kind: str) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.page.evaluate("told")
        return [each for each in told if each["type"] == kind]

    def wait_for(self, kind: str, number: int = 1) -> dict[str, Any]:
        self.page.wait_for_function(f"told.filter((each) => each.type === '{kind}').length >= {number}")
        return self.told(kind)[-1]

    def given(self) -> dict[str, str]:
        """What the object says that it was given."""
        self.object.wait_for_function("document.getElementById('given').textContent !== ''")
        told: dict[str, str] = json.loads(self.object.text_content("#given") or "")
        return told


@pytest.fixture
def stage(browser: Browser, live_server: LiveServer, settings: Settings) -> Iterator[Stage]:
    parent = Parent()
    settings.CONTENT_ORIGIN, settings.SITE_URL = live_server.url, parent.origin
    context = browser.new_context(viewport=PHONE)
    try:
        yield Stage(context.new_page(), parent)
    finally:
        context.close()
        parent.server.shutdown()


def brought(package: bytes) -> Courseware:
    courseware = Courseware.objects.create(title="课件", upload=ContentFile(package, "a.zip"))
    unpack(courseware=courseware)
    return courseware


@pytest.mark.parametrize("standard", ["1.2", "2004"])
def test_an_object_plays_and_tells(stage: Stage, standard: str) -> None:
    stage.show(brought(single(standard, points=60)))
    given = stage.given()
    assert (given["name"], given["launch"], given["entry"]) == ("张三", "from the manifest", "ab-initio")
    assert given["total"] in ("00:00:00", "0000:00:00", "PT0S")
    assert given["mastery"] in ("60", "0.6")
    stage.object.click("#on")
    stage.object.click("#note")
    stage.object.click("#good")
    stage.wait_for("commit", 3)
    stage.object.wait_for_function("document.getElementById('given').textContent.includes('passed')")
    # Its score is told with the status or just after it.
    score = "cmi.core.score.raw" if standard == "1.2" else "cmi.score.raw"
    _until(lambda: stage.told("commit")[-1]["cmi"].get(score) == "80")
    commit = stage.told("commit")[-1]
    opened = stage.told("opened")[0]
    assert (
        (commit["sco"], commit["session"]) == (opened["sco"], opened["session"]) == ("one", commit["session"])
    )
    sequences = [each["sequence"] for each in stage.told("commit")]
    assert sequences == sorted(set(sequences))
    core = "cmi.core." if standard == "1.2" else "cmi."
    assert commit["cmi"][f"{core}score.raw"] == "80"
    assert commit["cmi"][f"{core}{'lesson_status' if standard == '1.2' else 'success_status'}"] == "passed"
    assert commit["cmi"][f"{core}{'lesson_location' if standard == '1.2' else 'location'}"] == "1"
    assert len(commit["cmi"]["cmi.suspend_data"]) > 3000
    assert stage.faults == []


@pytest.mark.parametrize("standard", ["1.2", "2004"])
def test_it_goes_on_where_it_stood(stage: Stage, standard: str) -> None:
    core = "cmi.core." if standard == "1.2" else "cmi."
    place = f"{core}{'lesson_location' if standard == '1.2' else 'location'}"
    total = "0001:02:03.50" if standard == "1.2" else "PT1H2M3.50S"
    cmi = {place: "4", "cmi.suspend_data": "notes", f"{core}entry": "resume", f"{core}total_time": total}
    if standard == "1.2":
        cmi |= {f"{core}lesson_status": "incomplete", f"{core}score.raw": "30"}
    else:
        cmi |= {"cmi.completion_status": "incomplete", "cmi.score.raw": "30", "cmi.score.scaled": "0.3"}
    cmi |= {"cmi.interactions.0.id": "q", "cmi.interactions.0.type": "choice", "cmi.objectives.0.id": "o"}
    stage.show(brought(single(standard)), scos={"one": {"cmi": cmi, "total_seconds": "3723.50"}}, open="one")
    given = stage.given()
    assert (given["place"], given["notes"], given["status"], given["raw"], given["entry"]) == (
        "4",
        "notes",
        "incomplete",
        "30",
        "resume",
    )
    assert given["total"] in ("0001:02:03.50", "01:02:03.5", "PT1H2M3.5S", "PT1H2M3.50S")
    assert stage.faults == []


def test_what_was_told_leaves_the_beacons_room_to_the_last_words(stage: Stage) -> None:
    """Browsers carry 64 kB of beacons in all, and long notes fill that at once."""
    stage.show(brought(single()))
    stage.given()
    stage.object.click("#note")
    stage.wait_for("commit", 2)
    stage.host.evaluate("() => { window.sent = []; navigator.sendBeacon = (to, body) => sent.push(body); }")
    stage.page.wait_for_timeout(600)  # until what was told to the page is there for sure
    stage.host.evaluate("dispatchEvent(new Event('pagehide'))")
    assert stage.host.evaluate("sent") == []
    stage.object.evaluate("() => { set('cmi.core.lesson_location', 'last'); commit(); end(); }")
    (body,) = stage.host.evaluate("sent")
    assert json.loads(body)["entries"][0]["body"]["cmi"]["cmi.core.lesson_location"] == "last"


@pytest.mark.parametrize("standard", ["1.2", "2004"])
def test_a_closing_page_brings_the_last_commit_by_beacon(stage: Stage, standard: str) -> None:
    stage.show(brought(single(standard)))
    stage.given()
    stage.object.click("#on")
    stage.wait_for("commit")
    stage.page.goto("about:blank")
    core = "cmi.core." if standard == "1.2" else "cmi."
    # There may be one before the object has had its last word.
    _until(lambda: any(each["body"]["cmi"].get(f"{core}exit") == "suspend" for each in stage.parent.entries))
    entries = stage.parent.entries
    assert {(each["kind"], each["n"], each["token"]) for each in entries} == {("commit", 0, "t")}
    last = max(entries, key=lambda each: int(each["body"]["sequence"]))["body"]
    assert (last["sco"], last["cmi"][f"{core}exit"]) == ("one", "suspend")
    assert last["cmi"][f"{core}session_time"] in ("0000:00:30", "00:00:30", "PT30S")


def test_of_a_burst_of_commits_the_last_word_arrives(stage: Stage) -> None:
    """The page lets go of more than fifty of a kind within a second."""
    stage.show(brought(single()))
    stage.given()
    stage.wait_for("commit")
    stage.object.evaluate(
        "() => { for (let n = 0; n < 120; n += 1) { set('cmi.core.lesson_location', String(n)); commit(); } }"
    )
    _until(lambda: stage.told("commit")[-1]["cmi"].get("cmi.core.lesson_location") == "119")
    assert len(stage.told("commit")) < 20


QUIET = sequenced('<imsss:deliveryControls completionSetByContent="true"/>')


@pytest.mark.parametrize(
    ("standard", "inside", "before", "status"),
    [
        ("1.2", "", "", "completed"),
        ("1.2", "", "set('cmi.core.exit', 'suspend')", "not attempted"),
        ("2004", "", "", "completed"),
        ("2004", "", "set('cmi.exit', 'suspend')", "unknown"),
        ("2004", QUIET, "", "unknown"),
    ],
)
def test_what_ends_without_a_word_is_completed(
    stage: Stage, standard: str, inside: str, before: str, status: str
) -> None:
    quiet = SCRIPT.replace("set(n.status, 'incomplete')", "0")
    told = manifest(standard, organisation(item("one", "r1", inside=inside)), resource(standard, "r1"))
    stage.show(brought(packed(told, {"object.js": quiet})))
    stage.given()
    stage.object.evaluate(f"() => {{ {before}; end(); }}")
    commit = stage.wait_for("commit")["cmi"]
    assert commit["cmi.core.lesson_status" if standard == "1.2" else "cmi.completion_status"] == status


def test_a_heading_that_is_hidden_hides_nothing_else(stage: Stage) -> None:
    inner = item("first", "r1", title="Warn") + item("second", "r1", more='isvisible="false"')
    items = organisation(item("chapter", more='isvisible="false"', inside=inner))
    stage.show(brought(packed(manifest("1.2", items, resource("1.2", "r1")))))
    stage.host.wait_for_selector("nav li", state="attached")
    assert stage.host.locator("nav li").all_text_contents() == ["Warn "]


def test_a_list_of_which_nothing_is_open_is_unfolded_and_says_so_in_large_words(stage: Stage) -> None:
    stage.show(brought(several("1.2")), is_elder=True)
    stage.wait_for("offered")
    first = stage.host.locator("nav li button").first
    assert first.is_visible()
    size = "(each) => [each.offsetHeight, parseFloat(getComputedStyle(each).fontSize)]"
    height, text = first.evaluate(size)
    assert (height >= 60, text >= 22) == (True, True)
    menu = stage.host.locator("nav")
    assert menu.evaluate("(each) => each.scrollWidth <= each.clientWidth")
    first.click()
    stage.wait_for("opened")
    assert not first.is_visible()


@pytest.mark.parametrize("standard", ["1.2", "2004"])
def test_several_objects_have_a_list_and_come_one_after_the_other(stage: Stage, standard: str) -> None:
    stage.page.set_viewport_size(DESKTOP)
    stage.show(brought(several(standard)))
    stage.host.wait_for_selector("[data-bar]:not([hidden])")
    assert "Warn" in (stage.host.text_content("[data-bar]") or "")
    stage.host.click("[data-next]")
    _until(lambda: stage.object.text_content("#title") == "first")
    stage.object.click("#done")
    stage.host.wait_for_selector("button[data-state=done]")
    stage.object.click("#continue")
    if standard == "1.2":  # which cannot ask for the next one
        stage.host.click("[data-next]")
    stage.wait_for("opened", 2)
    _until(lambda: stage.object.text_content("#title") == "second")
    stage.host.click("nav button:has-text('Read')")
    stage.wait_for("opened", 3)
    _until(lambda: stage.told("commit")[-1]["sco"] == "page")
    marked = stage.host.evaluate(
        "Array.from(document.querySelectorAll('nav li button')).map((each) => each.dataset.state)"
    )
    assert marked == ["done", "begun", "done"]
    # Two taps while the one before closes: the last is meant.
    stage.host.evaluate(
        "() => [1, 0].forEach((place) => document.querySelectorAll('nav li button')[place].click())"
    )
    stage.wait_for("opened", 4)
    _until(lambda: stage.object.text_content("#title") == "first")
    assert stage.given()["status"] == "completed"
    assert stage.faults == []


def test_the_list_folds_on_a_phone_and_works_by_keyboard(stage: Stage) -> None:
    stage.show(brought(several()))
    stage.wait_for("offered")
    stage.host.focus("[data-fold]")
    stage.page.keyboard.press("Enter")
    assert not stage.host.is_visible("[data-list]")
    stage.page.keyboard.press("Enter")
    assert stage.host.is_visible("[data-list]")
    stage.host.focus("nav li button >> nth=0")
    stage.page.keyboard.press("ArrowDown")
    stage.page.keyboard.press("Enter")
    stage.wait_for("opened")
    assert stage.told("opened")[0]["sco"] == "second"
    assert not stage.host.is_visible("[data-list]")


def test_nobody_else_may_talk_to_the_host(stage: Stage) -> None:
    stage.show(brought(single()))
    stage.given()
    stage.object.evaluate("parent.postMessage({xiangxue: 1, type: 'ask'}, '*')")
    stage.page.wait_for_timeout(200)
    assert stage.told("commit") == stage.told("commit")[:1]  # the status alone
    # The application is another origin: nothing of it can be read or changed from inside.
    reached = stage.object.evaluate(
        "(() => { try { return String(top.document.cookie) } catch (error) { return error.name } })()"
    )
    assert reached == "SecurityError"
    assert stage.object.evaluate("document.cookie") == ""


def test_an_object_may_open_its_files_in_a_window_of_their_own(stage: Stage) -> None:
    stage.show(brought(several()))
    stage.host.click("[data-next]")
    stage.object.evaluate(
        "() => document.body.insertAdjacentHTML('afterbegin', '<a target=_blank href=page.html>Read</a>')"
    )
    with stage.page.expect_popup() as opened:
        stage.object.click("a")
    assert "without calls" in (opened.value.text_content("h1") or "")
    assert stage.faults == []


def test_an_object_cannot_send_what_it_knows_elsewhere(stage: Stage) -> None:
    stage.show(brought(single()))
    stage.given()
    sent = stage.object.evaluate(
        "(to) => fetch(to, {method: 'POST', body: 'x'}).then(() => 'sent', () => 'kept')",
        f"{stage.parent.origin}/elsewhere",
    )
    assert (sent, stage.parent.beacons) == ("kept", [])


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("RuntimeBasicCalls_SCORM12.zip", "cmi.core.lesson_status"),
        ("RuntimeBasicCalls_SCORM20043rdEdition.zip", "cmi.success_status"),
    ],
)
@pytest.mark.parametrize("is_right", [True, False])
def test_the_golf_course_is_resumed_and_passed_or_failed(
    stage: Stage, name: str, status: str, is_right: bool
) -> None:
    package = sample(f"scorm/{name}").read_bytes()
    courseware = brought(package)
    place = "cmi.core.lesson_location" if "12" in name else "cmi.location"
    stage.page.on("dialog", lambda dialog: dialog.accept())
    stage.show(courseware, scos={"item_1": {"cmi": {place: "13"}}}, open="item_1")
    stage.object.wait_for_function(
        "(document.getElementById('contentFrame') || {src: ''}).src.includes('MakeFriends')"
    )
    stage.object.click("#butNext")
    test = stage._frame(lambda url: "assessmenttemplate" in url)
    test.wait_for_selector("#test")
    test.evaluate(ANSWERS, is_right)
    test.click("input[type=button]")
    test.wait_for_selector(".questionResult")
    stage.object.click("#butExit")
    wanted = "passed" if is_right else "failed"
    stage.page.wait_for_function(
        "([name, wanted]) => told.some((each) => each.type === 'commit' && each.cmi[name] === wanted)",
        arg=[status, wanted],
    )
    commit = stage.told("commit")[-1]
    scores = [commit["cmi"].get("cmi.core.score.raw"), commit["cmi"].get("cmi.score.raw")]
    assert ("100" in scores) is is_right
    assert stage.faults == []


# Every question rightly, or none at all: by the classes that the course gives its answers.
ANSWERS = """(isRight) => {
  if (!isRight) return;
  for (const answer of document.querySelectorAll('.correctAnswer')) {
    const box = answer.querySelector('input');
    if (box && box.type === 'radio') box.checked = true;
    const told = /\\((\\d+)\\)/.exec(answer.textContent);
    if (box && box.type === 'text' && told) box.value = told[1];
  }
}"""


def _until(fits: Callable[[], bool]) -> None:
    for _attempt in range(ATTEMPTS):
        if fits():
            return
        sleep(0.05)
    raise AssertionError
