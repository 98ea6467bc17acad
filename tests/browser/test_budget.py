"""A learner's page costs little: its HTML, what a first visit transfers, and in how many requests."""

from playwright.sync_api import Browser

from tests.browser.site import DemoSite
from tests.browser.weight import first_visit
from tests.browser.words import told


def test_first_visit_of_every_learner_page_is_within_the_budget(browser: Browser, demo: DemoSite) -> None:
    light = [shown for shown in demo.shown if shown.is_light]
    costs = {shown.name: first_visit(browser, demo, shown).over_budget() for shown in light}
    wrong = {name: found for name, found in costs.items() if found}
    assert light
    assert not wrong, told(wrong)
