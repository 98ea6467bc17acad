"""`python3 run.py shots [dir]`: a picture of every page at 360 px, at 1280 px and in the elder version."""

import html
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from run import leave_on_signal
from tests.browser.chromium import executable, launch_options
from tests.browser.site import DemoSite, Shown
from tests.browser.versions import VERSIONS, Version

FOLDER = Path("shots")
SHEET = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>乡学 · 页面截图</title>
<style>body{{font:16px sans-serif;margin:2rem}}section{{margin-bottom:3rem}}
div{{display:flex;gap:1rem;align-items:start}}
img{{border:1px solid #ccc;max-height:48rem;max-width:44rem}}</style>
<h1>乡学 · {count} 页 × {versions} 版</h1>{rows}</html>
"""


def main(arguments: list[str]) -> int:
    """Start a fresh site, take the pictures, and say where they are."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as data:
        if executable(Path(playwright.chromium.executable_path)) is None:
            print("未找到 Chromium，请安装，或用 CHROMIUM 指明它的路径。")
            print("  No Chromium found: install it, or name its path in CHROMIUM.")
            return 1
        with DemoSite(Path(data) / "site") as site:
            browser = playwright.chromium.launch(**launch_options(playwright.chromium, Path(data)))
            count = sum(1 for _ in take(browser, site, folder))
            browser.close()
            (folder / "index.html").write_text(sheet(site), encoding="utf-8")
    print(f"{count} 张截图，{time.monotonic() - began:.0f} s：{folder / 'index.html'}")
    return 0


def take(browser: Browser, site: DemoSite, folder: Path) -> Iterator[Path]:
    """Every page in every version, whole."""
    for version in VERSIONS:
        for shown, page in walk(browser, site, version):
            path = folder / name(shown, version)
            photograph(page, version, path)
            yield path


def photograph(page: Page, version: Version, path: Path) -> None:
    """The whole page, on a screen as high as the page: what stays at the screen's edge is at its end."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": version.width, "height": height})
    page.screenshot(path=path, full_page=True)
    page.set_viewport_size({"width": version.width, "height": version.size["height"]})


def walk(browser: Browser, site: DemoSite, version: Version) -> Iterator[tuple[Shown, Page]]:
    """Open every page for eyes in one version, each as whom it is shown to."""
    for session in dict.fromkeys(shown.session for shown in site.shown):
        context = site.context(browser, session=session, size=version.size, elder=version.is_elder)
        page = context.new_page()
        for shown in (shown for shown in site.shown if shown.session == session):
            page.goto(shown.path, wait_until="networkidle")
            yield shown, page
        context.close()


def name(shown: Shown, version: Version) -> str:
    """The picture's file name."""
    return f"{shown.name}.{version.name}.png"


def sheet(site: DemoSite) -> str:
    """One page that shows them all."""
    rows = []
    for shown in site.shown:
        names = [name(shown, version) for version in VERSIONS]
        pictures = "".join(
            f'<a href="{each}"><img loading="lazy" alt="{each}" src="{each}"></a>' for each in names
        )
        title = html.escape(f"{shown.name} {shown.path}")
        rows.append(f"<section><h2>{title}</h2><div>{pictures}</div></section>")
    return SHEET.format(count=len(rows), versions=len(VERSIONS), rows="".join(rows))


if __name__ == "__main__":
    leave_on_signal()
    sys.exit(main(sys.argv[1:]))
