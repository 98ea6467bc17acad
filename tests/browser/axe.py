"""axe-core, run inside a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.words import told

SOURCE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => ({
    rule: rule.id, where: node.target.join(" "), what: node.html.slice(0, 160),
    why: node.any.concat(node.all, node.none).map((check) => check.message).join(" "),
  })));
}"""


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, a line for each place."""
    # The page's own policy forbids foreign scripts; the browser's debugger does not ask it.
    page.evaluate(_source() + "; undefined")
    return [
        f"{row['rule']}: {row['where']} {row['what']} ({row['why']})" for row in page.evaluate(RUN, RULES)
    ]


def clean(page: Page) -> None:
    """axe finds nothing on the page as it stands, in the elder and in the standard version."""
    for is_elder in (True, False):
        page.evaluate("on => document.documentElement.toggleAttribute('data-elder', on)", is_elder)
        found = violations(page)
        assert not found, told({page.url: found})
