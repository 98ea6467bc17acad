"""How places and times of viewings are said."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.training.models import Presence


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """14:00–15:30, by Shanghai's clock."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return f"{first:%H:%M}–{last:%H:%M}"


def day_and_span(starts_at: datetime, ends_at: datetime) -> str:
    """The day with the times on it."""
    day = date_format(timezone.localdate(starts_at), "DATE_FORMAT")
    return _("%(day)s, %(span)s") % {"day": day, "span": span_words(starts_at, ends_at)}


def place_and_time(seat: Presence) -> str:
    """Where and when somebody was marked."""
    where = {"title": seat.title, "when": day_and_span(seat.starts_at, seat.ends_at)}
    return _("%(title)s, %(when)s") % where


def minutes(seconds: int) -> int:
    """Whole minutes, rounded down; at least one where there is anything."""
    return max(1, seconds // 60) if seconds else 0
