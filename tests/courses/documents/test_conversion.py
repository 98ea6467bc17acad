"""Documents are taken apart in a child process; hostile ones are refused in words."""

import tempfile
from pathlib import Path

import pytest
from pytest_django import Settings

from courses.documents import conversion
from courses.documents.conversion import convert
from courses.documents.kinds import kind_of
from courses.documents.pieces import PICTURE_BYTES, PICTURE_WIDTH, Draft
from courses.documents.refusals import Refused
from tests.courses.documents import made


def converted(name: str, content: bytes) -> list[Draft]:
    """Through the door and the child, as an upload goes."""
    file = made.upload(name, content)
    kind = kind_of(file, name, file.size)
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.NamedTemporaryFile(suffix=Path(name).suffix) as stored,
    ):
        stored.write(content)
        stored.flush()
        return convert(Path(stored.name), kind, Path(folder), lambda done, total: None)


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        converted(name, content)
    return refused.value.code


def test_every_page_of_a_pdf_becomes_a_picture_for_a_phone_and_its_text() -> None:
    drafts = converted("防汛.pdf", made.pdf(2))
    assert [draft.page for draft in drafts] == [1, 2]
    assert [draft.width for draft in drafts] == [PICTURE_WIDTH] * 2
    assert all(0 < len(draft.picture) <= PICTURE_BYTES for draft in drafts)
    assert drafts[1].html.startswith("<p>第2页</p>")
    assert "低洼处的人家先转移" in drafts[1].html


def test_letters_that_the_pdf_does_not_bring_along_are_drawn_all_the_same() -> None:
    words, nothing = (converted("甲.pdf", made.pdf(1, words=words))[0] for words in (made.WORDS, ()))
    assert len(words.picture) > 2 * len(nothing.picture)


def test_a_text_of_word_keeps_its_order_headings_lists_tables_and_pictures() -> None:
    text, drawing, end = converted("目录.docx", made.word())
    assert text.html.startswith("<h2>档案目录</h2><p>村级档案一年一归，&lt;b&gt;不&lt;/b&gt;留尾巴。</p>")
    assert "<ul><li>会议记录</li><li>财务凭证</li></ul>" in text.html
    assert "<tr><td>名称</td><td>年限</td></tr><tr><td>会议</td><td>记录</td><td>永久</td></tr>" in text.html
    assert drawing.picture.startswith(b"RIFF")
    assert "档案柜的样子" in drawing.html
    assert end.html == "<p>到此为止。</p>"


def test_slides_come_one_by_one_without_the_speakers_notes() -> None:
    drafts = converted("讲稿.pptx", made.slides())
    assert [draft.page for draft in drafts] == [1, 2, 2]
    assert drafts[0].html == "<h2>第1讲</h2><ul><li>先看</li><li>再听</li></ul>"
    assert drafts[2].picture
    assert "讲者" not in "".join(draft.html for draft in drafts)


def test_a_workbook_shows_its_visible_sheets_and_cuts_long_ones() -> None:
    short = converted("名册.xlsx", made.workbook())
    assert "<h2>低保名册</h2>" in short[0].html
    assert "<td>户0</td><td>100.5</td>" in short[0].html
    assert "不给人看" not in short[0].html
    long = converted("名册.xlsx", made.workbook(rows=2000))
    assert 100 < sum(draft.html.count("<tr>") for draft in long) < 500
    assert "…" in long[-1].html


NO_PAGES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>"
)
LOCKED = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EMPTY = f"<w:document xmlns:w='{WORD}'><w:body/></w:document>".encode()
HOSTILE = {
    "empty": ("空.pdf", lambda: b"", "empty"),
    "a picture": ("图.pdf", lambda: made.picture().getvalue(), "kind"),
    "a text": ("说明.pdf", lambda: "不是文件".encode(), "kind"),
    "cut off": ("断.pdf", lambda: b"%PDF-1.4 1 0 obj <<", "broken"),
    "locked": ("密.pdf", lambda: made.pdf(password="secret"), "locked"),
    "no pages": ("无.pdf", lambda: NO_PAGES, "broken"),
    "too many pages": ("长.pdf", lambda: made.pdf(301, words=()), "pages"),
    "a giant page": ("大.pdf", lambda: made.pdf(1, size=(14_401, 14_401)), "side"),
    "word named pdf": ("目录.pdf", lambda: made.word(), "name"),
    "old word": ("旧.doc", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old"),
    "locked word": ("密.docx", lambda: LOCKED, "locked"),
    "macros by name": ("宏.docm", lambda: made.word(), "macros"),
    "macros inside": ("宏.docx", lambda: made.with_part(made.word(), "word/vbaProject.bin", b"x"), "macros"),
    "a zip": ("包.docx", lambda: made.with_part(made.word(), "word/other.xml", b"x")[:-30], "broken"),
    "entities": ("谜.docx", lambda: made.entities(made.word(), "word/document.xml"), "broken"),
    "entities in slides": ("谜.pptx", lambda: made.entities(made.slides(), "ppt/presentation.xml"), "broken"),
    "entities in cells": ("谜.xlsx", lambda: made.entities(made.workbook(), "xl/workbook.xml"), "broken"),
    "a bomb": ("弹.docx", lambda: made.with_part(made.word(), "word/bomb.bin", b"\0" * 40_000_000), "hard"),
    "nothing in it": ("无.docx", lambda: made.with_part(made.word(), "word/document.xml", EMPTY), "nothing"),
    "no xml": ("坏.docx", lambda: made.with_part(made.word(), "word/document.xml", b"not xml"), "broken"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_and_says_why(case: str) -> None:
    name, content, why = HOSTILE[case]
    assert refusal(name, content()) == why


def test_a_child_that_is_killed_means_too_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "PATIENCE", 0)
    assert refusal("防汛.pdf", made.pdf(1)) == "hard"


class NotStarted(Exception):
    """Enough was seen."""


def test_the_child_gets_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    seen: dict[str, str] = {}

    def started(command: object, *, env: dict[str, str], **more: object) -> object:
        seen.update(env)
        raise NotStarted

    monkeypatch.setenv("SECRET_KEY", "never")
    monkeypatch.setattr(conversion.subprocess, "Popen", started)
    with pytest.raises(NotStarted):
        converted("防汛.pdf", made.pdf(1))
    assert "PATH" in seen
    assert "never" not in seen.values()
