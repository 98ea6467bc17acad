"""What a phone keeps for the time without a network, as its own scripts have written it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

WAIT_MS, GLANCE_MS = 60_000, 200
WAITING = """() => new Promise((resolve) => {
  const asked = indexedDB.open("xiangxue", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => {
      asked.result.close();
      resolve(all.result);
    };
  };
})"""
KEPT = "(path) => caches.match(path, { ignoreVary: true }).then(Boolean)"
Entry = dict[str, Any]  # as the outbox writes it


def until_waiting(page: Page, is_it: Callable[[list[Entry]], bool]) -> None:
    """Look until what waits for the network is what is meant; a mark may speak of an earlier one."""
    for _look in range(WAIT_MS // GLANCE_MS):
        if is_it(page.evaluate(WAITING)):
            return
        page.wait_for_timeout(GLANCE_MS)
    pytest.fail(f"there waits: {page.evaluate(WAITING)}")


def until_kept(page: Page, *paths: str) -> None:
    """Look until the phone has these pages, which it keeps behind the page that is shown."""
    for path in paths:
        for _look in range(WAIT_MS // GLANCE_MS):
            if page.evaluate(KEPT, path):
                break
            page.wait_for_timeout(GLANCE_MS)
        else:
            pytest.fail(f"never kept: {path}")
