import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.formula import ArrayFormula

from accounts.roster import sheets
from accounts.roster.columns import HEADERS, Column, column_of
from accounts.roster.sheets import (
    NoRows,
    OldFormat,
    SheetError,
    TooBig,
    TooManyRows,
    Unreadable,
    WrongHeaders,
    read_rows,
)
from tests.accounts.rosters import HEADER, csv_file, line, xlsx


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_of_a_chinese_office(encoding: str) -> None:
    sheet = read_rows(csv_file(line("刘婧"), encoding=encoding))
    assert sheet.rows[0][Column.NAME] == "刘婧"
    assert sheet.rows[0].line == 2


def test_csv_in_gb18030_keeps_a_rare_character() -> None:
    assert read_rows(csv_file(line("王䶮"), encoding="gb18030")).rows[0][Column.NAME] == "王䶮"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_with_every_delimiter(delimiter: str) -> None:
    assert read_rows(csv_file(line(), delimiter=delimiter)).rows[0][Column.ROLES] == "书记"


def test_workbook_gives_numbers_and_dates_as_people_write_them() -> None:
    file = xlsx(["王小明", 13800000001, None, 140728100201.0, "书记", date(2025, 3, 1), 1975])
    row = read_rows(file).rows[0]
    assert (row[Column.PHONE], row[Column.UNIT_CODE]) == ("13800000001", "140728100201")
    assert (row[Column.FROM_ON], row[Column.BIRTH_YEAR]) == ("2025-03-01", "1975")


def test_merged_cells_stand_in_each_row_that_they_cover() -> None:
    header = ["乡镇", "村", "姓名", "职务"]
    rows = [
        ["古陶镇", "东城村", "甲甲", "书记"],
        [None, None, "乙乙", "主任"],
        [None, "西城村", "丙丙", "委员"],
    ]
    sheet = read_rows(xlsx(*rows, header=header, merged=["A2:A4", "B2:B3"]))
    places = [(row[Column.TOWNSHIP], row[Column.VILLAGE]) for row in sheet.rows]
    assert places == [("古陶镇", "东城村"), ("古陶镇", "东城村"), ("古陶镇", "西城村")]


def test_merged_cells_are_remembered_only_where_there_were_some() -> None:
    assert not read_rows(xlsx(line())).has_merges
    assert not read_rows(csv_file(line())).has_merges
    assert read_rows(xlsx(line(), merged=["A2:A3"])).has_merges


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n1 0 obj << /Type, /Catalog >>\nendobj\n",
        b"{\\rtf1\\ansi a, b}",
        b"<html><table><tr><td>a, b</td></tr></table></html>",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        "一封信\n没有表格\n".encode(),
    ],
)
def test_file_that_is_no_table_is_not_asked_for_columns(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_rows(io.BytesIO(content))


def test_title_above_the_header_and_empty_rows_are_passed_by() -> None:
    book = Workbook()
    book.active.append(["古陶镇村干部花名册"])
    book.active.merge_cells("A1:I1")
    book.active.append(["填表日期:2026年5月"])
    book.active.append(HEADER)
    book.active.append([])
    book.active.append(line())
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    sheet = read_rows(file)
    assert [row.line for row in sheet.rows] == [5]


def test_header_merged_over_two_rows_is_not_a_person() -> None:
    header = ["姓名", "职务", "村"]
    file = xlsx(
        [None, None, None], ["王小明", "书记", "东城村"], header=header, merged=["A1:A2", "B1:B2", "C1:C2"]
    )
    assert [row[Column.NAME] for row in read_rows(file).rows] == ["王小明"]


def test_hidden_sheets_are_not_read() -> None:
    book = Workbook()
    book.active.append(["别的"])
    book.active.sheet_state = "hidden"
    second = book.create_sheet("花名册")
    second.append(HEADER)
    second.append(line())
    book.active = 1
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    assert len(read_rows(file).rows) == 1


def test_formula_arrives_as_its_text_and_is_not_evaluated() -> None:
    row = read_rows(xlsx(["=1+1", '=WEBSERVICE("http://example.com")'])).rows[0]
    assert row[Column.NAME] == "=1+1"
    assert row[Column.PHONE].startswith("=WEBSERVICE")


@pytest.mark.parametrize("column", list(Column))
def test_every_header_that_people_write_is_understood(column: Column) -> None:
    for header in HEADERS[column]:
        for written in (header, f" {header} ", f"*{header}", f"{header}:", f"{header}(必填)"):
            assert column_of(written) is column


def test_second_column_of_the_same_meaning_is_not_read() -> None:
    sheet = read_rows(csv_file(["甲甲", "书记", "东城村", "乙乙"], header=["姓名", "职务", "村", "姓名"]))
    assert sheet.rows[0][Column.NAME] == "甲甲"
    assert sheet.columns == (Column.NAME, Column.ROLES, Column.VILLAGE)


# --- files that cannot be read -----------------------------------------------------------------------
def test_wrong_headers_name_what_is_missing() -> None:
    with pytest.raises(WrongHeaders) as caught:
        read_rows(csv_file(["甲甲", "1"], header=["姓名", "序号"]))
    assert caught.value.missing == [Column.ROLES, Column.VILLAGE]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", "姓名,电话\n王小明,1\n".encode()])
def test_file_without_headers_is_refused(content: bytes) -> None:
    with pytest.raises(WrongHeaders):
        read_rows(io.BytesIO(content))


def test_header_without_people_is_refused() -> None:
    with pytest.raises(NoRows):
        read_rows(csv_file())


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"PK\x03\x04 broken", b"\xff\x80\xfe"])
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_rows(io.BytesIO(content))


def test_zip_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("notes.txt", "nothing")
    file.seek(0)
    with pytest.raises(Unreadable):
        read_rows(file)


def test_old_binary_workbook_is_named() -> None:
    with pytest.raises(OldFormat):
        read_rows(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


def test_file_of_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_BYTES", 100)
    with pytest.raises(TooBig):
        read_rows(io.BytesIO(b"x" * 101))


def test_archive_that_unpacks_to_too_much_is_refused_before_unpacking() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/{number}", b"\0" * (50 * 1024 * 1024))
    file.seek(0)
    with pytest.raises(TooBig):
        read_rows(file)


def packed(part: str, mark: bytes, more: bytes) -> io.BytesIO:
    """A sound workbook with more XML before a mark in one of its parts."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(xlsx(line())) as sound,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in sound.namelist():
            content = sound.read(name)
            archive.writestr(name, content.replace(mark, more + mark, 1) if name == part else content)
    changed.seek(0)
    return changed


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "mark", "more"),
    [
        (SHEET, b"</sheetData>", b'<row r="3">' + b"<c/>" * 1_300_000 + b"</row>"),
        (SHEET, b"</sheetData>", b'<row r="3">' + b"<x:c></x:c>" * 1_300_000 + b"</row>"),
        (SHEET, b"</worksheet>", b'<conditionalFormatting sqref="A1"/>' * 130_000),
        (SHEET, b"</worksheet>", b"<x " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>"),
        ("xl/styles.xml", b"</fonts>", b"<font/>" * 130_000),
        ("xl/workbook.xml", b"</workbook>", b"<!-- -->" * 130_000),
        ("[Content_Types].xml", b"</Types>", "<字/>".encode() * 130_000),
    ],
)
def test_small_file_of_endless_parts_is_refused_before_it_is_built(
    part: str, mark: bytes, more: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = packed(part, mark, more)
    assert len(file.getvalue()) < sheets.MAX_BYTES
    monkeypatch.setattr(ReadOnlyWorksheet, "iter_rows", pytest.fail)
    with pytest.raises(TooBig):
        read_rows(file)


def test_texts_that_cells_share_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    file = xlsx(line())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/texts.bin", b"<sst>" + b"<si><t>a</t></si>" * 650_000 + b"</sst>")
    file.seek(0)
    monkeypatch.setattr(sheets, "load_workbook", pytest.fail)
    with pytest.raises(TooBig):
        read_rows(file)


@pytest.mark.parametrize("chunk", [399, 401, 1024])
def test_tags_are_counted_wherever_a_piece_is_cut(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "CHUNK", chunk)
    file = xlsx(*[line() for _ in range(20)])
    with zipfile.ZipFile(file) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    of_cells = sum(len(sheets.CELL_TAG.findall(part)) for part in parts)
    opened = sum(part.count(b"<") - part.count(b"</") for part in parts)
    content = file.getvalue()
    for name, most in (("MAX_CELL_TAGS", of_cells), ("MAX_OTHER_TAGS", opened - of_cells)):
        monkeypatch.setattr(sheets, name, most)
        assert len(read_rows(io.BytesIO(content)).rows) == 20
        monkeypatch.setattr(sheets, name, most - 1)
        with pytest.raises(TooBig):
            read_rows(io.BytesIO(content))
        monkeypatch.undo()
        monkeypatch.setattr(sheets, "CHUNK", chunk)


def test_array_formula_is_shown_as_its_text() -> None:
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(line())
    book.active["B2"] = ArrayFormula("B2:B2", "=SUM(C2:C3*D2:D3)")
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    assert read_rows(file).rows[0][Column.PHONE] == "=SUM(C2:C3*D2:D3)"


def test_more_rows_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert len(read_rows(csv_file(*[line()] * 3)).rows) == 3
    with pytest.raises(TooManyRows):
        read_rows(csv_file(*[line()] * 4))


def test_endless_empty_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_LINES", 50)
    with pytest.raises(TooManyRows):
        read_rows(csv_file(*[["", ""]] * 100))


def test_overlapping_merged_ranges_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_COLUMNS", 9)
    file = xlsx(line(), merged=[f"A{top}:A{top + 50}" for top in range(2, 14)])
    with pytest.raises(SheetError):
        read_rows(file)


def test_long_cell_is_cut() -> None:
    assert len(read_rows(csv_file(line("长" * 5000))).rows[0][Column.NAME]) == sheets.MAX_CELL
