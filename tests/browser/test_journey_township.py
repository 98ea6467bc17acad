"""An afternoon at the township's desk: who is short, one person, a roster with errors, a file."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page, expect

from tests.accounts.rosters import csv_file, id_number, line, xlsx
from tests.browser.axe import clean
from tests.browser.chromium import DESKTOP
from tests.browser.conftest import Open
from tests.browser.site import DemoSite

ONLINE = "网络自学"
EAST = "140728100200"
JOB_MS = 90_000
NEWCOMER = "程念慈"


@pytest.fixture
def desk(open_page: Open, demo: DemoSite) -> Page:
    """The desk of the township's officer, who signed in with a password."""
    page = open_page(size=DESKTOP)
    page.goto("/account/login/")
    page.locator("details summary").first.click()
    clean(page)
    page.locator("input[name=login]").fill(demo.numbers["township"])
    page.locator("input[name=password]").fill(demo.password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/desk/")
    return page


def test_township_finds_who_is_short_and_opens_the_lines_behind_a_figure(desk: Page) -> None:
    clean(desk)
    desk.locator("select[name=slug]").select_option("online")
    desk.locator("form.filters button").click()
    desk.wait_for_url("**/desk/?*slug=online*")
    short = int(desk.locator(".sums a[href*='/desk/calls/'] b").inner_text())
    assert short == int(desk.locator("tfoot td.n").nth(2).inner_text())
    desk.locator(".sums a[href*='/desk/calls/']").click()
    desk.wait_for_url("**/desk/calls/?*slug=online*")
    assert desk.locator("table tbody tr").count() == short
    clean(desk)

    desk.locator("input[name=q]").fill("冀小军")
    desk.locator("form.filters button").click()
    row = desk.locator("table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(ONLINE)
    row.locator("th a").click()
    expect(desk.locator("h1")).to_have_text("冀小军")
    clean(desk)


def test_every_figure_of_a_person_is_the_sum_of_its_lines(desk: Page) -> None:
    desk.goto("/desk/people/?q=郭堃")
    desk.locator("table tbody th a").click()
    figures = desk.locator("table").first.locator("tbody tr", has_text=ONLINE).locator("td.n")
    earned = float(figures.nth(1).inner_text())
    figures.nth(1).locator("a").click()
    desk.wait_for_url("**?obligation=*")
    lines = desk.locator("#ledger tbody tr td:nth-child(5)").all_inner_texts()
    assert sum(map(float, lines)) == earned > 0
    clean(desk)


WRONG = (
    line(NEWCOMER, "13712340001", id_number(901), EAST, "两委委员"),
    line("没有单位", "13712340002", "", "149999999999", "书记"),
    line("错的电话", "1371234", "", EAST, "书记"),
    line("错的证号", "13712340003", "990000197501019999", EAST, "书记"),
    line("错的日期", "13712340004", "", EAST, "书记", "去年夏天"),
    line("错的职务", "13712340005", "", EAST, "大队长"),
    line("", "13712340006", "", EAST, "书记"),
)


@pytest.mark.parametrize(
    ("name", "made"),
    [("名册.xlsx", lambda: xlsx(*WRONG)), ("名册.csv", lambda: csv_file(*WRONG, encoding="gbk"))],
    ids=["xlsx", "csv in GBK"],
)
def test_wrong_roster_is_told_row_by_row_and_nothing_is_written(
    name: str, made: Callable[[], BytesIO], desk: Page
) -> None:
    bring(desk, name, made())
    rows = desk.locator("table tbody tr[data-is=stop]")
    expect(rows).to_have_count(len(WRONG) - 1)
    assert all(text.strip() for text in rows.locator("td:nth-child(2) small").all_inner_texts())
    assert len(rows.locator("td:nth-child(2) small").all_inner_texts()) >= len(WRONG) - 1
    clean(desk)
    with desk.expect_download() as download:
        desk.locator("a[href$='errors.xlsx']").click()
    sheet = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    assert "错的电话" in {cell for row in sheet.iter_rows(values_only=True) for cell in row}
    desk.locator("form[action$='/drop/'] button").click()
    expect(desk.locator("form[enctype]")).to_be_visible()
    assert found(desk, NEWCOMER) == 0


def test_right_roster_is_written_after_the_yes(desk: Page) -> None:
    name = "程念祖"
    bring(desk, "名册.xlsx", xlsx(line(name, "13712340011", id_number(911), EAST, "两委委员")))
    expect(desk.locator("table tbody tr[data-is=stop]")).to_have_count(0)
    clean(desk)
    assert desk.locator(".road [aria-current=step]").count() == 1
    desk.locator("form[action$='/write/'] button").click()
    expect(desk.locator(".say[data-is=good]")).to_be_visible()
    clean(desk)
    assert found(desk, name) == 1
    bring(desk, "名册.xlsx", xlsx(line(name, "13712340011", id_number(911), EAST, "两委委员")))
    expect(desk.locator("form[action$='/write/']")).to_have_count(0)


def test_list_is_exported_in_the_background(desk: Page) -> None:
    desk.goto("/desk/?slug=online")
    desk.locator("main a[href^='/desk/exports/']").first.click()
    clean(desk)
    before = desk.locator("main .job").count()
    # Until it has been looked at, the page stays as it is: nobody knows how fast the work is done.
    desk.route("**/jobs/*/", lambda route: route.fulfill(json={"status": "RUNNING", "percent": 0}))
    desk.locator("select[name=kind]").select_option("STANDINGS")
    desk.locator("select[name=suffix]").select_option("xlsx")
    desk.locator("main form button.main").click()
    jobs = desk.locator("main .job")
    expect(jobs).to_have_count(before + 1)
    clean(desk)
    desk.unroute_all()
    # The page watches the job by itself, and shows the file when it is ready.
    link = jobs.first.locator("a[href^='/desk/exports/']")
    expect(link).to_be_visible(timeout=JOB_MS)
    clean(desk)
    with desk.expect_download() as download:
        link.click()
    rows = list(
        load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
        .worksheets[0]
        .iter_rows(values_only=True)
    )
    header, first = rows[0], rows[1]
    assert len(rows) > 50
    assert {row[6] for row in rows[1:]} == {ONLINE}
    assert len(header) == len(first) == 13
    assert "****" in str(first[4])


def bring(page: Page, name: str, file: BytesIO) -> None:
    """Choose a file and have its rows judged."""
    page.goto("/desk/people/import/")
    clean(page)
    mime = "text/csv" if name.endswith("csv") else "application/vnd.ms-excel"
    payload = FilePayload(name=name, mimeType=mime, buffer=file.read())
    page.locator("input[type=file]").set_input_files(payload)
    page.locator("form[enctype] button").click()
    page.wait_for_url("**/desk/people/import/*/")


def found(page: Page, name: str) -> int:
    """How many people of that name the desk knows."""
    page.goto(f"/desk/people/?q={name}")
    return page.locator("table tbody tr").count()
