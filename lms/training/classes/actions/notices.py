"""Telling people about a class: a notice on their pages, and a message to their phones when asked for."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Cadre
from accounts.signin import sms
from lms.jobs.actions import enqueue
from lms.jobs.models import Job
from lms.training.classes.actions.refusals import NotOrganiser
from lms.training.classes.models import Notice, NoticeKind, TrainingClass
from lms.training.classes.reach import may_organise
from lms.training.classes.words import message

REPLACES = {
    NoticeKind.CALLED: (NoticeKind.CALLED, NoticeKind.LOST),
    NoticeKind.LOST: (NoticeKind.CALLED, NoticeKind.CHANGED, NoticeKind.LOST),
    NoticeKind.CHANGED: (NoticeKind.CHANGED,),
    NoticeKind.CANCELLED: (NoticeKind.CALLED, NoticeKind.CHANGED),
}


def tell(
    people: Iterable[int],
    *,
    training_class: TrainingClass,
    what: NoticeKind,
    at: datetime,
    note: str = "",
) -> None:
    """Put a notice on people's pages; within the transaction of what they are told.

    It takes the place of what they have not yet heard of, on a page or by message, and what it makes untrue.
    """
    ids = sorted(set(people))
    unheard = Notice.objects.unseen().unsent().filter(training_class=training_class, person__in=ids)
    unheard.filter(what__in=REPLACES.get(what, ())).delete()
    Notice.objects.bulk_create(
        Notice(training_class=training_class, person_id=person, what=what, note=note[:300], at=at)
        for person in ids
    )


def mark_seen(*, person: Cadre, training_class: TrainingClass, at: datetime) -> int:
    """Note that somebody opened the page that says what the notices of a class say."""
    mine = Notice.objects.of(person.pk).unseen().filter(training_class=training_class)
    return mine.update(seen_at=at)


@transaction.atomic
def ask_sending(*, training_class: TrainingClass, by: Cadre, at: datetime) -> Job:
    """Have the notices that nobody was sent yet go out as messages; asked twice, it is one job."""
    if not may_organise(by, training_class):
        raise NotOrganiser
    args = {"class": training_class.pk, "by": by.pk}
    return enqueue("classes.send", args, at=at, key=f"classes.send:{training_class.pk}")


def send_notices(*, training_class_id: int, at: datetime, report: Callable[[int, int], None]) -> int:
    """Send each waiting notice of a class once; gives how many the provider did not take.

    A notice is taken before it is sent: of a process that dies in between one message is lost, and it stands
    on the person's page all the same. None is sent twice.
    """
    waiting = Notice.objects.sendable().filter(training_class=training_class_id).order_by("pk")
    notices = list(waiting.select_related("person", "training_class__unit"))
    failed = 0
    for done, notice in enumerate(notices, start=1):
        if waiting.filter(pk=notice.pk).update(sent_at=at):
            failed += not _send(notice)
        report(done, len(notices))
    return failed


def _send(notice: Notice) -> bool:
    try:
        sms.sender().send(notice.person.phone or "", message(notice, today=timezone.localdate(notice.at)))
    except sms.NotSent:
        Notice.objects.filter(pk=notice.pk).update(sent_at=None)
        return False
    return True
