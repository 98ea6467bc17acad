"""A content in its frame on a page of the site, which answers it as a lesson's page does."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import FrameLocator, Page

from tests.browser.packages import Brought
from tests.browser.site import DemoSite

# A real page of the site, for its policy counts; what it shows makes room for the frame.
PAGE = "/privacy/"
PLAY = """([address, begin]) => {
  window.heard = [];
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts allow-forms allow-popups allow-downloads";
  frame.allow = "fullscreen; autoplay";
  frame.width = "100%";
  frame.style.border = "0";
  frame.height = 300;
  window.addEventListener("message", (event) => {
    const message = event.data;
    if (event.source !== frame.contentWindow || !message || message.xiangxue !== 1) return;
    window.heard.push(message);
    if (message.type === "height") frame.height = message.height;
    if (message.type === "ready") say({type: "begin", ...begin});
  });
  const say = (more) => frame.contentWindow.postMessage({xiangxue: 1, ...more}, "*");
  window.ask = () => say({type: "ask"});
  document.body.replaceChildren(frame);
  frame.src = address;
}"""
WAIT_SECONDS = 20.0
Message = dict[str, Any]  # as the frame says it


def bring(site: DemoSite, *packages: Path) -> list[Brought]:
    """Contents of a demo, made of these packages."""
    told = site.run("-m", "tests.browser.packages", *map(str, packages)).splitlines()[-1]
    brought: list[Brought] = json.loads(told)
    return brought


def play(page: Page, address: str, states: Mapping[str, str] | None = None, **begin: float) -> FrameLocator:
    """Show a content and wait until it has begun, or said why it cannot."""
    page.goto(PAGE)
    page.evaluate(PLAY, [address, {"states": states or {}, "position": 0, "speed": 1.5, **begin}])
    wait_for(page, "begun cannot")
    return page.frame_locator("iframe")


def heard(page: Page, kind: str) -> list[Message]:
    """What the frame has said of one kind."""
    messages: list[Message] = page.evaluate("kind => heard.filter((one) => one.type === kind)", kind)
    return messages


def wait_for(page: Page, kinds: str, is_it: Callable[[Message], bool] = lambda message: True) -> Message:
    """The first message of a kind, or of several, that is the one meant."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        for message in page.evaluate("heard"):
            if message["type"] in kinds.split() and is_it(message):
                return dict(message)
        page.wait_for_timeout(50)  # the page's policy allows no waiting inside it
    raise AssertionError(f"no {kinds} among {page.evaluate('heard')}")


def has_verb(verb: str) -> Callable[[Message], bool]:
    """Whether a message brings a statement with this verb."""
    return lambda message: str(message["statement"]["verb"]["id"]).endswith(f"/{verb}")
