"""Closing a class grants its hours once; after a reopening the next closing corrects by second lines."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actions import lock_all
from accounts.audit import audit
from accounts.models import Cadre
from lms.hours.actions import Worth, settle
from lms.hours.models import HoursEntry, HoursRule, Ledger
from lms.hours.rules import rule_for
from lms.hours.sums import ExactSum
from lms.training.classes.models import ClassKind, ClassState, Closing, HalfDay, Mark, Place, TrainingClass
from lms.training.classes.results import Result, results_of
from lms.training.models import Presence
from lms.training.presence import regrades

from .changes import lock_class
from .marks import NotAnnounced, follow
from .record import ENTRY_KINDS, ElsewhereThen
from .refusals import NoReason, NoTimetable

NOTHING = Worth(Decimal(0))
MOST_REASON = 300


class NotOver(ValueError):
    """A class is closed when its last half-day has ended."""

    def __init__(self, ends_at: datetime) -> None:
        """Keep the moment for the words."""
        super().__init__(str(ends_at))
        self.ends_at = ends_at


class NobodyCalled(ValueError):
    """A class without people is cancelled, not closed."""


class WorthNothing(ValueError):
    """A class of no hours has nothing to grant."""


class NotClosed(ValueError):
    """Only a closed class is reopened."""


def judge_closing(held: TrainingClass, *, at: datetime) -> list[Result]:
    """What each would get if the class were closed now, or the error that would refuse it; writes nothing.

    Raises NotAnnounced, NoTimetable, NotOver, WorthNothing, NobodyCalled, ElsewhereThen or NoRule.
    """
    if held.state not in (ClassState.CALLING, ClassState.CLOSED):
        raise NotAnnounced
    ends = [half_day.ends_at for half_day in held.half_days.all()]
    if not ends:
        raise NoTimetable
    if max(ends) > at:
        raise NotOver(max(ends))
    if not held.hours:
        raise WorthNothing
    results = results_of(held, _rule(held))
    if not results:
        raise NobodyCalled
    _check_recorded_elsewhere(held, results)
    return results


@transaction.atomic
def close_class(*, training_class: TrainingClass, by: Cadre, at: datetime) -> Closing:
    """Count the marks and bring everybody's ledger line to them; a class that is closed stays as it is.

    Somebody who is out, or never came, gets the line of nothing that says so, as in a recorded class. Raises
    what `judge_closing` raises, or YearFrozen.
    """
    held = lock_class(training_class.pk)
    before = held.closings.filter(reopened_at=None).first()
    if before is not None:
        return before
    lock_all(_people_of(held))
    results = judge_closing(held, at=at)
    for result in results:
        result.place.absent_half_days = result.absent_half_days
    Place.objects.bulk_update([result.place for result in results], ["absent_half_days"])
    _settle_all(held, results, by=by, at=at)
    held.state = ClassState.CLOSED
    held.save(update_fields=["state"])
    closing = Closing.objects.create(training_class=held, closed_at=at, by=by)
    audit(
        "class.close",
        by=by,
        at=at,
        unit=held.unit,
        training_class=held.pk,
        people=len(results),
        out=sum(result.is_out for result in results),
    )
    training_class.state = held.state
    return closing


def _people_of(held: TrainingClass) -> set[int]:
    """Whoever has a place, and whoever had one when the class was closed before."""
    placed = held.places.accepted().values_list("person", flat=True)
    granted = HoursEntry.objects.filter(source=held.source).values_list("person", flat=True)
    return {*placed, *granted}


def _settle_all(held: TrainingClass, results: Sequence[Result], *, by: Cadre, at: datetime) -> None:
    rule, reason = _rule(held), _why_again(held)
    worths = {result.place.person: result.worth for result in results}
    gone = HoursEntry.objects.filter(source=held.source).exclude(person__in=worths).values("person")
    worths.update(dict.fromkeys(Cadre.objects.filter(pk__in=gone), NOTHING))
    for person in sorted(worths, key=lambda person: person.pk):
        _settle(held, person, worths[person], rule, reason, by=by, at=at)


def _settle(
    held: TrainingClass, person: Cadre, worth: Worth, rule: HoursRule, reason: str, *, by: Cadre, at: datetime
) -> None:
    midnight = timezone.make_aware(datetime.combine(held.ends_on + timedelta(days=1), time.min))
    settle(
        person=person,
        source=held.source,
        kind=ENTRY_KINDS[ClassKind(held.kind)],
        title=held.title,
        ledger=Ledger(held.ledger),
        worth=worth,
        earned_at=min(at, midnight - timedelta(seconds=1)),
        reason=reason[:MOST_REASON],
        by=by,
        at=at,
        rule=rule,
        most=held.hours,
    )


def _rule(held: TrainingClass) -> HoursRule:
    return rule_for(held.unit, held.ends_on)


def _why_again(held: TrainingClass) -> str:
    """The reason on correcting lines: why the class had been reopened."""
    last = held.closings.exclude(reopened_at=None).last()
    with override(settings.LANGUAGE_CODE):
        return _("Class reopened: %(reason)s") % {"reason": last.reason if last else ""}


def _check_recorded_elsewhere(held: TrainingClass, results: Iterable[Result]) -> None:
    """Days of a class that was recorded without a timetable and those of this one fit between their dates.

    Of two classes with timetables the seats have decided half-day by half-day.
    """
    people = {result.place.person_id: result for result in results if result.worth.days}
    touching = TrainingClass.objects.touching(held.starts_on, held.ends_on).filter(half_days=None)
    others = {item.source: item for item in touching.filter(places__person__in=people)}
    lines = HoursEntry.objects.filter(person__in=people, source__in=others)
    counted = lines.order_by("person", "source").values_list("person", "source").annotate(ExactSum("days"))
    for pk, source, days in counted:
        other, here = others[source], people[pk].worth.days
        span = max(held.ends_on, other.ends_on) - min(held.starts_on, other.starts_on)
        if days and here + days > span.days + 1:
            raise ElsewhereThen(people[pk].place.person, other)


@transaction.atomic
def reopen_class(*, training_class: TrainingClass, reason: str, by: Cadre, at: datetime) -> Closing:
    """Let marks change again, those that arrived meanwhile first; the ledger waits for the next closing.

    The same again is the same. Raises NoReason, NotClosed, NoTimetable, or YearFrozen where hours
    elsewhere cannot follow a mark that waited.
    """
    reason = reason.strip()
    if not reason:
        raise NoReason
    held = lock_class(training_class.pk)
    closing = held.closings.last()
    if closing is None:
        raise NotClosed
    if closing.reopened_at is not None:
        if closing.reason == reason:
            return closing
        raise NotClosed
    if not held.half_days.exists():
        raise NoTimetable
    # The clocks of two servers may differ; nothing is reopened before it was closed.
    closing.reopened_at, closing.reopened_by, closing.reason = max(at, closing.closed_at), by, reason
    closing.save(update_fields=["reopened_at", "reopened_by", "reason"])
    held.state = ClassState.CALLING
    held.save(update_fields=["state"])
    _follow_waiting(held, by=by, at=at)
    audit("class.reopen", by=by, at=at, unit=held.unit, training_class=held.pk, reason=reason)
    training_class.state = held.state
    return closing


def _follow_waiting(held: TrainingClass, *, by: Cadre, at: datetime) -> None:
    waiting = Mark.objects.of_class(held).waiting().select_related("place__person", "half_day")
    marks = list(waiting.order_by("place__person", "half_day"))
    lock_all(kept.place.person_id for kept in marks)
    for kept in marks:
        follow(kept, held=held, half_day=kept.half_day, person=kept.place.person, by=by, at=at)


@regrades("class")
def regrade(seat: Presence, by: Cadre, at: datetime) -> None:
    """Settle somebody's line of a closed class anew when a seat of theirs there stands or stands no more.

    The person is locked by whoever moved the seats; the class's row is not, because a closing that waits for
    the person holds it, and will count what stands by then.
    """
    half_day = HalfDay.objects.filter(pk=int(seat.source.partition(":")[2])).select_related(
        "training_class__unit"
    )
    held = half_day.get().training_class
    if held.state != ClassState.CLOSED:
        return
    rule = _rule(held)
    for result in results_of(held, rule, person_ids=[seat.person_id]):
        Place.objects.filter(pk=result.place.pk).update(absent_half_days=result.absent_half_days)
        _settle(held, result.place.person, result.worth, rule, _why_regraded(seat), by=by, at=at)


def _why_regraded(seat: Presence) -> str:
    on = timezone.localdate(seat.starts_at)
    with override(settings.LANGUAGE_CODE):
        if seat.lost_to is None:
            return _("%(day)s: no longer marked somewhere else at that time") % {"day": on}
        words = _("%(day)s: marked earlier at “%(title)s”, which overlaps")
        return words % {"day": on, "title": seat.lost_to.title}
