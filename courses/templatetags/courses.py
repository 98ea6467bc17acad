"""How lengths and sizes of lessons are written."""

from collections.abc import Iterable

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from courses.h5p.credits import credits_of
from courses.h5p.models import Content
from courses.models import LessonVersion
from courses.packages.models import Package
from courses.packages.wording import finished_by

register = template.Library()

MEGABYTE = 1_000_000


@register.filter
def clock(seconds: int) -> str:
    """A length as players show it: 18:20, or 1:02:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def in_words(seconds: int) -> str:
    """A length in words, to the minute, and to the second below one minute."""
    if seconds < 60:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    hours, minutes = divmod((int(seconds) + 30) // 60, 60)
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


@register.filter
def megabytes(size: int) -> str:
    """A size as people with a data plan count it: 17 MB, 0.4 MB, never less than 0.1."""
    exact = max(0.1, size / MEGABYTE)
    return f"{number_format(round(exact) if exact >= 10 else round(exact, 1))} MB"


@register.filter
def span(sizes: Iterable[tuple[str, str, int]]) -> str:
    """From the smallest to the largest size with a picture: 3–9 MB."""
    pictures = sorted(size for choice, _label, size in sizes if choice != "audio")
    written = [megabytes(size) for size in (*pictures[:1], *pictures[-1:])]
    return "–".join(dict.fromkeys(written)).replace(" MB–", "–")


@register.filter
def finish(version: LessonVersion) -> str:
    """What finishes a lesson that is a package; "" for every other one."""
    return finished_by(version.percent, version.rule) if version.rule else ""


@register.filter
def credits(package: Package) -> list[tuple[str, str]]:
    """Licence, authors and source of an interactive content that names them, each with its label."""
    return credits_of(package) if isinstance(package, Content) else []
