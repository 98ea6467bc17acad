"""A person moves to another unit on a day: the file, the posts that end, the post that begins."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import audit
from accounts.models import Cadre, Post, Unit, can_begin

from .people import (
    EndsBeforeStart,
    PostEnded,
    UnlikelyStart,
    appoint,
    lock,
    mark_changed,
    transfer,
)


class NotYet(Exception):
    """The day lies ahead: a file moves on its day or afterwards, never in advance."""


@transaction.atomic
def move_person(
    *,
    person: Cadre,
    unit: Unit,
    on: date,
    ending: Iterable[int],
    role: str = "",
    by: Cadre | None,
    at: datetime,
) -> Cadre:
    """Move a person's file to a unit; the posts named end on the day before, and one may begin there.

    The records stay where they were earned. Moved before, nothing happens again. Raises NotYet,
    UnlikelyStart, UnitNotInForce, PostEnded, EndsBeforeStart, AlreadyHeld.
    """
    kept = lock(person.pk)
    judge_day(on, at=at)
    if kept.unit_id == unit.pk:
        return kept
    end_all(kept, ending, to_on=on - timedelta(days=1), by=by, at=at)
    kept = transfer(person=kept, unit=unit, on=on, by=by, at=at)
    if role:
        appoint(person=kept, unit=unit, role=role, from_on=on, by=by, at=at)
    return kept


def judge_day(on: date, *, at: datetime) -> None:
    """Raise what speaks against the day of a move."""
    today = timezone.localdate(at)
    if on > today:
        raise NotYet
    if not can_begin(on, on=today):
        raise UnlikelyStart


def end_all(
    person: Cadre, post_ids: Iterable[int], *, to_on: date, by: Cadre | None, at: datetime
) -> list[Post]:
    """End some posts of a person whose row is locked, those with a later last day too.

    Raises PostEnded, EndsBeforeStart.
    """
    wanted = set(post_ids)
    posts = list(Post.objects.of(person.pk).touching(to_on).filter(pk__in=wanted).select_related("unit"))
    if {post.pk for post in posts} != wanted:
        raise PostEnded
    for post in posts:
        if to_on < post.from_on:
            raise EndsBeforeStart
        post.to_on = to_on
        audit("post.ended", by=by, at=at, person=person, unit=post.unit, role=post.role, to_on=str(to_on))
    Post.objects.bulk_update(posts, ["to_on"])
    if posts:
        mark_changed([person.pk], at=at)
    return posts
