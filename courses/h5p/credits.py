"""Whose work a content is and under what license, as its package says."""

from typing import Any

from django.utils.translation import gettext as _

from courses.h5p.models import Content

Lines = list[tuple[str, str]]


def license_of(content: Content) -> str:
    """The license in the short words that H5P uses, with its version; "" where none is given."""
    code = _text(content.metadata, "license")
    known = {"U": _("not stated"), "PD": _("public domain"), "C": _("all rights reserved")}
    return " ".join(
        part for part in (known.get(code, code), _text(content.metadata, "licenseVersion")) if part
    )


def credits_of(content: Content) -> Lines:
    """Labels and what the package says to each; what it does not say is left out."""
    said = content.metadata
    years = "–".join(part for part in (_text(said, "yearFrom"), _text(said, "yearTo")) if part)
    lines = [
        (_("License"), license_of(content)),
        (_("Terms"), _text(said, "licenseExtras")),
        (_("Authors"), _(", ").join(_authors(said))),
        (_("Source"), _text(said, "source")),
        (_("Years"), years),
        (_("Changes"), "; ".join(_changes(said))),
        (_("Remarks of the author"), _text(said, "authorComments")),
    ]
    return [(label, words) for label, words in lines if words]


def _authors(said: dict[str, Any]) -> list[str]:
    known = {"Author": "", "Editor": _("editor"), "Licensee": _("licensee"), "Originator": _("originator")}
    roles = [(_text(row, "name"), _text(row, "role")) for row in _rows(said, "authors")]
    found = [(name, known.get(role, role)) for name, role in roles if name]
    return [f"{name} ({role})" if role else name for name, role in found]


def _changes(said: dict[str, Any]) -> list[str]:
    rows = [[_text(row, key) for key in ("date", "author", "log")] for row in _rows(said, "changes")]
    return [" · ".join(filter(None, row)) for row in rows if any(row)]


def _rows(said: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = said.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _text(said: Any, key: str) -> str:  # Any: what a package says has no promised shape
    value = said.get(key) if isinstance(said, dict) else None
    return str(value).strip() if isinstance(value, (str, int)) else ""
