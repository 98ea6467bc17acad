"""Rich text comes down to the tags of its field; what was clean keeps its exact bytes."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.h5p.markup import allowed_tags, clean_plain, clean_text, runs

FIELD = {
    "type": "text",
    "widget": "html",
    "tags": ["strong", "em", "a", "ul", "table", "h2", "script", "iframe"],
}
WITH_FONT = {**FIELD, "font": {"size": True, "color": True}}
CLEAN = [
    "",
    "plain & simple &amp; done",
    "<p>a</p>\n",
    "<div>a<br>b<br/>c<br />d</div>",
    '<p style="text-align:center;">a</p>',
    '<a href="https://example.org/?a=1&b=2" target="_blank" rel="noopener">a</a>',
    '<a href="#top">a</a><a href="mailto:a@example.org">b</a><a href="page/two">c</a>',
    "<ul>\n\t<li>a</li>\n</ul>",
    '<table class="h5p-table" style="width:500px;"><thead><tr><th scope="col">a</th></tr></thead>'
    '<tbody><tr><td colspan="2">b</td></tr></tbody></table>',
    "<b>a</b><i>b</i>",
    "<p>never closed",
]
DIRTY = [
    ("<script>alert(1)</script>a", "a"),
    ('<p onclick="alert(1)">a</p>', "<p>a</p>"),
    ("<p ONCLICK='alert(1)'>a</p>", "<p>a</p>"),
    ("<img src=x onerror=alert(1)>a", "a"),
    ("<svg><script>alert(1)</script></svg>a", "a"),
    ('<iframe src="https://example.org"></iframe>a', "a"),
    ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
    ('<a href="&#106;avascript:alert(1)">a</a>', "<a>a</a>"),
    ('<a href="java&#10;script:alert(1)">a</a>', "<a>a</a>"),
    ('<a href=" &#1;javascript:alert(1)">a</a>', "<a>a</a>"),
    ('<a href="data:text/html,a">a</a>', "<a>a</a>"),
    ("<h1>a</h1><h2>b</h2>", "a<h2>b</h2>"),
    ("<!-- a --><p>b</p>", "<p>b</p>"),
    ("a < b", "a &lt; b"),
    ('<p style="position:fixed">a</p>', "<p>a</p>"),
    ('<p style="text-align:center; background:url(//e.org)">a</p>', '<p style="text-align:center">a</p>'),
    ('<span style="font-size:2em">a</span>', "<span>a</span>"),
]
PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            *CLEAN,
            *(dirty for dirty, _clean in DIRTY),
            "<",
            ">",
            '"',
            "'",
            "&",
            "&lt;",
            "</p>",
            "<p>",
            "<a href=",
            "javascript:",
            "<math><mi>",
            "<style>",
            "</style>",
            "<noscript>",
            "<!--",
            "-->",
            "<title>",
            "<x y=z>",
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=6).map("".join)
ATTRIBUTES = {"href", "target", "rel", "style", "class", "scope", "colspan"}


class Seen(HTMLParser):
    """The tags and attributes that a browser would see in a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.comments: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def nothing_runs(text: str, field: dict[str, Any]) -> bool:
    seen = Seen(text)
    return (
        seen.tags <= allowed_tags(field)
        and not seen.tags & {"script", "iframe", "svg", "math", "style", "img", "object"}
        and seen.attributes <= ATTRIBUTES
        and not any(map(runs, seen.addresses))
        and not seen.comments
        and not runs(text)
    )


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_keeps_its_exact_bytes(text: str) -> None:
    assert clean_text(text, FIELD) == text


@pytest.mark.parametrize(("dirty", "clean"), DIRTY)
def test_what_is_not_allowed_is_taken_out(dirty: str, clean: str) -> None:
    assert clean_text(dirty, FIELD) == clean


def test_styles_are_those_that_the_font_of_the_field_allows() -> None:
    for style in ("font-size:1.5em", "color:#ff0000", "color:rgb(1, 2, 3)", "text-align:right"):
        text = f'<span style="{style}">a</span>'
        assert clean_text(text, WITH_FONT) == text
    for style in ("background-color:#fff", "font-family:Arial", "letter-spacing:2px", "color:expression(1)"):
        assert clean_text(f'<span style="{style}">a</span>', WITH_FONT) == "<span>a</span>"


def test_a_field_of_a_hostile_library_allows_no_more() -> None:
    field = {"tags": ["script", "iframe", "svg", "style", "object", "img", 3, None]}
    assert clean_text("<script>a</script><iframe>b</iframe><svg>c</svg><p>d</p>", field).endswith("<p>d</p>")
    assert nothing_runs(clean_text("<script>a</script><img src=x><style>b</style>", field), field)


@given(text=TEXTS)
def test_cleaning_twice_is_cleaning_once_and_nothing_runs(text: str) -> None:
    for field in (FIELD, WITH_FONT, {"widget": "html"}):
        clean = clean_text(text, field)
        assert clean_text(clean, field) == clean
        assert nothing_runs(clean, field)


@given(text=TEXTS)
def test_plain_text_can_neither_begin_a_tag_nor_end_an_attribute(text: str) -> None:
    clean = clean_plain(text)
    assert clean_plain(clean) == clean
    assert not set("<>\"'") & set(clean)
    assert not runs(clean)


def test_entities_of_plain_text_are_not_written_twice() -> None:
    assert (
        clean_plain("Brighton &amp; Hove &#039;:ans&#039; & co")
        == "Brighton &amp; Hove &#039;:ans&#039; & co"
    )
    assert clean_plain("<b>a</b>") == "&lt;b&gt;a&lt;/b&gt;"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\tscript:a",
        "&#106;avascript:a",
        "vbscript:a",
        "data:text/html,a",
    ],
)
def test_an_address_that_would_run_is_emptied(address: str) -> None:
    assert clean_plain(address) == ""
    assert clean_text(address, FIELD) == clean_text(f"<x>{address}</x>", FIELD) == ""
