"""Subtitles as people bring them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.films.captions import (
    MOST_BYTES,
    BadCaptions,
    BadTiming,
    BehindTheEnd,
    NoCues,
    NotText,
    Subtitles,
    TooLong,
    read_captions,
    write_captions,
)

HOUR = 3600 * 1000
SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\n先提议\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n再商议\r\n两行\r\n"
PLAIN = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n先提议\n\n00:00:03.000 --> 00:00:04.000\n再商议\n两行\n"


def read(text: str, length_ms: int = HOUR) -> Subtitles:
    return read_captions(text.encode(), length_ms=length_ms)


def cue(words: str) -> str:
    """What becomes of the words of one cue."""
    return read(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{words}\n").text.split("\n", 3)[3].rstrip("\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_srt_in_every_encoding_of_the_villages_becomes_webvtt(encoding: str) -> None:
    found = read_captions(SRT.encode(encoding), length_ms=HOUR)
    assert (found.text, found.cues) == (PLAIN, 2)


def test_webvtt_loses_settings_styles_notes_and_names() -> None:
    found = read(
        "WEBVTT - title\nKind: captions\n\nNOTE\nby somebody\n\nSTYLE\n::cue { background: url(http://x) }\n\n"
        "REGION\nid:a\n\nfirst\n00:01.000 --> 00:02.500 line:0 align:start\n先提议\n\n"
        "NOTE 00:00 is not here\n\n00:00:03.000 --> 00:00:04.000\n再商议\n两行\n"
    )
    assert found.text == PLAIN


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("<b>重点</b>和<i>强调</i>", "<b>重点</b>和<i>强调</i>"),
        ("<v 王书记>大家好</v>", "大家好"),
        ("<c.red>红</c><00:01.500>的", "红的"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("<img src=x onerror=alert(1)>看", "看"),
        ("1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("&#60;script&#62;x", "&lt;script&gt;x"),
        ("{\\an8}在上面", "在上面"),
        ("<font color='red'>红</font>", "红"),
    ],
)
def test_words_keep_bold_and_italic_and_nothing_else(words: str, kept: str) -> None:
    assert cue(words) == kept


def test_what_was_written_is_read_again_the_same() -> None:
    assert read(PLAIN).text == PLAIN
    assert read(read(SRT).text).digest == read(SRT).digest


def test_cues_are_put_in_order() -> None:
    found = read("WEBVTT\n\n00:05.000 --> 00:06.000\n乙\n\n00:01.000 --> 00:02.000\n甲\n")
    assert found.text.index("甲") < found.text.index("乙")


@pytest.mark.parametrize(
    ("text", "error", "line"),
    [
        ("", NoCues, 0),
        ("WEBVTT\n\n", NoCues, 0),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v>\n", NoCues, 0),
        ("1\n00:00:02,000 --> 00:00:01,000\n甲\n", BadTiming, 2),
        ("WEBVTT\n\n00:01.000 --> 00:99.000\n甲\n", BadTiming, 3),
        ("WEBVTT\n\n00:01.000 --> soon\n甲\n", BadTiming, 3),
        ("1\n00:00:01,000 --> 00:00:02,000\n甲\n\n只是一些话\n", BadTiming, 5),
        ("只是一些话", BadTiming, 1),
        ("<html>\n<body>", BadTiming, 1),
        ("1\n02:00:00,000 --> 02:00:01,000\n甲\n", BehindTheEnd, 2),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(text: str, error: type[BadCaptions], line: int) -> None:
    with pytest.raises(error) as raised:
        read(text)
    assert raised.value.line == line


@pytest.mark.parametrize("data", [b"\0" * 50, b"\xff\xd8\xff\xe0\0\x10JFIF", b"\x80" * 9, b"\xff\xfe\x00"])
def test_what_is_no_text_is_told(data: bytes) -> None:
    with pytest.raises(BadCaptions) as raised:
        read_captions(data, length_ms=HOUR)
    assert isinstance(raised.value, NotText)


def test_what_is_too_long_is_not_read() -> None:
    with pytest.raises(TooLong):
        read_captions(b"x" * (MOST_BYTES + 1), length_ms=HOUR)
    many = "".join(f"00:00:01.000 --> 00:00:02.000\n{n}\n\n" for n in range(20_001))
    with pytest.raises(TooLong):
        read("WEBVTT\n\n" + many)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        found = read_captions(b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + data, length_ms=HOUR)
    except BadCaptions:
        return
    assert found.cues > 0


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60)


@given(st.lists(st.tuples(st.integers(0, HOUR - 1), WORDS), min_size=1, max_size=8))
def test_nothing_in_the_words_becomes_markup_or_a_cue(given_cues: list[tuple[int, str]]) -> None:
    text = "WEBVTT\n\n" + "".join(
        f"{ms // 60000:02}:{ms // 1000 % 60:02}.{ms % 1000:03} --> 59:59.999\n{words}\n\n"
        for ms, words in given_cues
        if ms < HOUR - 2
    )
    try:
        found = read(text)
    except BadCaptions:
        return
    assert found.text.count("-->") == found.cues <= len(given_cues)
    assert set(re.findall(r"<[^>\n]*>", found.text.replace("-->", ""))) <= {"<b>", "</b>", "<i>", "</i>"}
    assert read(found.text).text == found.text


def test_cues_of_our_own_are_written_with_hours() -> None:
    assert "01:00:00.007 --> 01:00:01.000" in write_captions([(HOUR + 7, HOUR + 1000, "甲")]).text
