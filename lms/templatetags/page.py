"""Small pieces of markup that every page shares: icons, bars, status marks."""

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

# data-is → (icon, words); the word always stands beside the icon, colour is never alone.
MARKS = {
    "met": ("check", _("Done")),
    "open": ("clock", _("Under way")),
    "soon": ("clock", _("Due soon")),
    "over": ("mind", _("Overdue")),
    "exempt": ("none", _("Exempt")),
    "valid": ("check", _("Valid")),
    "replaced": ("mind", _("Replaced")),
    "revoked": ("mind", _("Revoked")),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite, hidden from screen readers: words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name
    )


@register.simple_tag
def bar(percent: float | Decimal) -> SafeString:
    """A bar of `percent` (0 to 100), always beside the same number in text."""
    width = max(0, min(100, round(percent)))
    return format_html(
        '<svg class="bar" aria-hidden="true" focusable="false"><rect width="{}%" height="100%"/></svg>',
        width,
    )


@register.simple_tag
def mark(status: str, words: str = "") -> SafeString:
    """A status mark: icon and word."""
    name, text = MARKS[status]
    return format_html('<span class="mark" data-is="{}">{}{}</span>', status, icon(name), words or text)


@register.simple_tag(takes_context=True)
def here(context: template.Context, *prefixes: str) -> SafeString | str:
    """`aria-current` for a menu link when the present path starts with one of the prefixes."""
    path = context["request"].path
    is_here = any(path == prefix if prefix == "/" else path.startswith(prefix) for prefix in prefixes)
    return SafeString(' aria-current="page"') if is_here else ""


@register.filter
def at(mapping: Mapping[str | int, int], key: str | int) -> int:
    """The number under a key, or 0."""
    return mapping.get(key, 0)


@register.filter
def unlocalized(value: float) -> str:
    """A number as SVG wants it, whatever the language writes."""
    return str(value)


@register.filter
def phone(value: str) -> str:
    """A mobile number in the groups in which people read it out: 138 0012 6634."""
    return f"{value[:3]} {value[3:7]} {value[7:]}"


@register.filter
def share(part: int, whole: int) -> int:
    """A part of a whole in percent."""
    return 100 * part // whole if whole else 0
