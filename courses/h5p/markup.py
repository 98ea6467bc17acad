"""Text of a content, down to the tags that its field allows; what is clean already keeps its exact bytes.

What a field allows follows H5P's own rules, so that an honest content comes out as it went in. A text of
nothing but allowed tags with allowed attributes is left alone; any other is parsed and written anew by nh3.
"""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import nh3

Field = Mapping[str, Any]  # Any: a field of semantics.json
# What becomes of the value of a tag's attribute; nothing drops the attribute.
Judge = Callable[[str, str, str], str | None]
# Every rich text may have these, whatever its field says.
ALWAYS = {"div", "span", "p", "br"}
RELATED = {
    "b": {"strong"},
    "strong": {"b"},
    "i": {"em"},
    "em": {"i"},
    "ul": {"li"},
    "ol": {"li"},
    "del": {"s"},
    "strike": {"s"},
    "table": {
        "tr",
        "td",
        "th",
        "colgroup",
        "col",
        "thead",
        "tbody",
        "tfoot",
        "caption",
        "figure",
        "figcaption",
    },
}
# Whatever a library asks for, nothing else is ever let through.
HARMLESS = {
    *ALWAYS,
    *set().union(*RELATED.values()),
    *RELATED,
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre", "code", "dl", "dt", "dd"),
    *("a", "abbr", "cite", "dfn", "kbd", "mark", "q", "samp", "small", "sub", "sup", "u", "var"),
}
PLAIN_ATTRIBUTES = {"class", "title", "lang", "dir", "style"}
OF_CELLS = {"colspan", "rowspan", "scope", "align", "valign", "width", "height"}
ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "table": {"border", "cellpadding", "cellspacing", "summary", "align", "width"},
    "td": OF_CELLS,
    "th": OF_CELLS,
    "tr": {"align", "valign"},
    "col": {"span", "width"},
    "ol": {"start", "type"},
}
MOST_STYLE = 2_000
SCHEMES = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# Browsers drop these out of an address before they look at its scheme.
UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]")
RUNS = ("javascript:", "vbscript:", "data:")

COLOR = r"(#[a-f0-9]{3}([a-f0-9]{3})?|rgba?\([0-9, .]+\)|hsla?\([0-9,.% ]+\)|[a-z]{3,20})"
ALIGNMENT = r"text-align: *(center|left|right|justify|start|end)"
STYLES = {
    "size": r"font-size: *[0-9.]+(em|px|%|rem|pt)",
    # One way to match it: a second one for the spaces would take a minute for a long text.
    "family": r"font-family:[-a-z0-9,\"' ]+",
    "color": rf"color: *{COLOR}",
    "background": rf"background-color: *{COLOR}",
    "spacing": r"letter-spacing: *[0-9.]+(em|px|%)",
    "height": r"line-height: *[0-9.]+(em|px|%)?",
}
OF_TABLES = r"(width|height): *[0-9.]+(px|%|em)"
TABLE_PARTS = {"table", "td", "th", "tr", "col", "figure"}

TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+=\"[^\"<>]*\")*)\s*(/?)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"<>]*)\"", re.IGNORECASE)
IN_PLAIN = {"<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;"}
SHARP = re.compile(r"[<>\"']")


def is_rich(field: Field) -> bool:
    """Whether the text of a field may have tags."""
    return field.get("tags") is not None or field.get("widget") == "html"


def clean_text(text: str, field: Field) -> str:
    """Rich text down to what its field allows."""
    tags, judge = allowed_tags(field), _judge(field)
    clean = text if _is_clean(text, tags, judge) else _written_anew(text, tags, judge)
    return "" if runs(clean) else clean


def _written_anew(text: str, tags: set[str], judge: Judge) -> str:
    return nh3.clean(
        text,
        tags=tags,
        attributes={"*": PLAIN_ATTRIBUTES, **{tag: ATTRIBUTES[tag] for tag in tags & ATTRIBUTES.keys()}},
        attribute_filter=judge,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def clean_plain(text: str) -> str:
    """Text that has no tags: what could begin one or end an attribute is written as an entity."""
    return "" if runs(text) else SHARP.sub(lambda found: IN_PLAIN[found[0]], text)


def runs(text: str) -> bool:
    """Whether a text would run as a script, were it used as an address."""
    return UNSEEN.sub("", unescape(text))[:11].lower().startswith(RUNS)


def allowed_tags(field: Field) -> set[str]:
    """The tags of a field, those among them that H5P adds by itself."""
    asked = {tag.lower() for tag in field.get("tags") or [] if isinstance(tag, str)}
    related = {more for tag in asked for more in RELATED.get(tag, ())}
    return (ALWAYS | asked | related) & HARMLESS


def _judge(field: Field) -> Judge:
    """The judge of the attributes in a field: addresses by their scheme, styles by the field's font."""
    font = field.get("font")
    asked = {key for key in STYLES if font.get(key)} if isinstance(font, Mapping) else set()
    styles = [ALIGNMENT, *(STYLES[key] for key in STYLES if key in asked or font is True)]

    def judge(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return _style(value, [*styles, OF_TABLES] if tag in TABLE_PARTS else styles)
        if attribute == "href":
            return value if _is_safe(value) else None
        return value

    return judge


def _style(value: str, patterns: list[str]) -> str | None:
    """The declarations of a style that match; untouched where all of them do."""
    if len(value) > MOST_STYLE:
        return None
    said = [one.strip() for one in value.split(";") if one.strip()]
    kept = [one for one in said if any(re.fullmatch(pattern, one, re.IGNORECASE) for pattern in patterns)]
    if kept == said:
        return value if said else None
    return "; ".join(kept) or None


def _is_safe(address: str) -> bool:
    seen = UNSEEN.sub("", address)
    scheme = SCHEME.match(seen)
    return scheme is None or scheme[0][:-1].lower() in SCHEMES


def _is_clean(text: str, tags: set[str], judge: Judge) -> bool:
    """Whether there is nothing in a text but allowed tags, written in full, with allowed attributes."""
    place = 0
    for found in TAG.finditer(text):
        closing, tag, attributes = found[1], found[2].lower(), found[3]
        if "<" in text[place : found.start()] or tag not in tags or (closing and attributes):
            return False
        for name, value in ATTRIBUTE.findall(attributes):
            name, value = name.lower(), unescape(value)
            if name not in PLAIN_ATTRIBUTES | ATTRIBUTES.get(tag, set()) or judge(tag, name, value) != value:
                return False
        place = found.end()
    return "<" not in text[place:]
