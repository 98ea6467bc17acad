"""Styles of libraries, as they stand in a bundle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.h5p.stylesheets import Sheets, made_plain


def plain(text: str, path: str = "styles/a.css", **others: str) -> str:
    """The stylesheet, in a library that has `fonts/` and `images/`."""
    texts = {path: text, **{name.replace("__", "/") + ".css": other for name, other in others.items()}}

    def address(target: str) -> str:
        return "" if target.startswith("..") else f"/lib/{target}"

    return made_plain(path, Sheets(texts, address))


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("url(../images/a.png)", 'url("/lib/images/a.png")'),
        ("url( '../images/a.png' )", 'url("/lib/images/a.png")'),
        ('url("b.png?v=2#x")', 'url("/lib/styles/b.png#x")'),
        ("URL(b.png)", 'url("/lib/styles/b.png")'),
        ("url(../../../secret.png)", "url(data:,)"),
        ("url(https://example.org/a.png)", "url(data:,)"),
        ("url(//example.org/a.png)", "url(data:,)"),
        ("url(/etc/a.png)", "url(data:,)"),
        ("url(javascript:x)", "url(data:,)"),
        ("url(data:image/png;base64,AA==)", "url(data:image/png;base64,AA==)"),
        ("""url('data:image/svg+xml,<svg a="b"/>')""", """url('data:image/svg+xml,<svg a="b"/>')"""),
        ("url(#clip)", "url(#clip)"),
    ],
)
def test_addresses_are_the_librarys_own_or_lead_nowhere(said: str, made: str) -> None:
    assert plain(f"a{{background:{said}}}") == f"a{{background:{made}}}"


def test_a_font_is_fetched_in_one_format() -> None:
    rule = """@font-face{font-family:'A';src:url('a.eot');src:url('a.eot?#iefix') format('embedded-opentype'),
        url('a.woff2?v=1') format("woff2"), url('a.woff') format('woff'),url(a.ttf);font-weight:400}"""
    made = plain(rule)
    assert "a.woff2" in made
    assert "font-family:'A'" in made
    assert "font-weight:400" in made
    assert not [name for name in ('a.woff"', "a.eot", "a.ttf") if name in made]


def test_a_font_without_a_small_format_stays_as_it_is() -> None:
    made = plain("@font-face{font-family:A;src:url(a.eot),url(a.ttf)}")
    assert "a.ttf" in made
    assert "a.eot" in made


def test_imports_are_put_in_once_and_never_fetched() -> None:
    made = plain(
        "@charset 'x';@import 'b.css';@import url(//evil.example/c.css);a{}",
        styles__b="@import 'a.css';b{c:url(d.png)}",
    )
    assert "@import" not in made
    assert "@charset" not in made
    assert "evil" not in made
    assert made.endswith("a{}")
    assert 'b{c:url("/lib/styles/d.png")}' in made


def test_a_sheet_that_many_import_is_put_in_once() -> None:
    twice = {f"styles__{name}": f"@import '{after}.css';" * 2 for name, after in zip("bc", "cd", strict=True)}
    made = plain("@import 'b.css';" * 2 + "@import 'd.css' print;", styles__d="d{}", **twice)
    assert made == "d{}@media print {d{}}"


@pytest.mark.parametrize("begins", ["url(", "@import url(", "@import 'a'", "@charset "])
def test_a_sheet_of_nothing_but_spaces_is_read_in_one_go(begins: str) -> None:
    # Tried in a second way, each of these takes minutes.
    said = begins + " " * 300_000
    assert plain(said) == said
    assert plain("/* " * 100_000) == ""


def test_an_import_for_a_medium_keeps_it() -> None:
    made = plain("@import 'b.css' print;", styles__b="b{}")
    assert made == "@media print {b{}}"


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    plain(text)
