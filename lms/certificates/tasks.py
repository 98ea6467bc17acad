"""Recurring work: certificates for what was met lately, and once a day for whatever was missed."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from lms.certificates.actions import certify_class, is_due, issue_all, uncertified
from lms.jobs.actions import enqueue
from lms.jobs.models import Job
from lms.jobs.registry import Work, every, job
from lms.obligations.models import Obligation, ObligationQuerySet
from lms.training.classes.models import Closing, HalfDay

LATELY = timedelta(minutes=30)
A_YEAR = timedelta(days=400)
AT_ONCE = 50  # certificates in one transaction: their people stay locked that long
SWEEP = "certificates.sweep"


@every(seconds=15, name="certificates.issue_met")
def issue_met(at: datetime) -> None:
    """Issue for obligations that were met in the last half hour."""
    _issue(Obligation.objects.filter(refreshed_at__gte=at - LATELY), at)


@every(seconds=15, name="certificates.issue_classes")
def issue_classes(at: datetime) -> None:
    """Certify the classes that were closed in the last half hour."""
    _certify(Closing.objects.filter(closed_at__gte=at - LATELY), at)


@every(seconds=300, name="certificates.sweep_daily")
def sweep_daily(at: datetime) -> None:
    """Once a day, look through all obligations."""
    key = f"{SWEEP}:{timezone.localdate(at):%Y-%m-%d}"
    if not Job.objects.filter(key=key).exists():
        enqueue(SWEEP, {}, at=at, key=key)


@job(SWEEP)
def sweep(work: Work) -> dict[str, Any]:  # any JSON
    """Issue every certificate that is missing."""
    lately = Closing.objects.filter(closed_at__gte=work.at - A_YEAR)
    of_classes = _certify(lately, work.at, work)
    return {"issued": of_classes + _issue(Obligation.objects.all(), work.at, work)}


def _certify(closings: QuerySet[Closing], at: datetime, work: Work | None = None) -> int:
    """Go through classes that were closed by their marks; those that have all certificates lock nobody."""
    by_marks = HalfDay.objects.filter(training_class=OuterRef("training_class"))
    standing = closings.filter(Exists(by_marks), reopened_at=None).select_related("training_class")
    standing = standing.order_by("pk")
    total, written = standing.count() if work else 0, 0
    for seen, closing in enumerate(standing.iterator(), start=1):
        if is_due(closing):
            written += len(certify_class(training_class=closing.training_class, at=at))
        if work:
            work.report(seen, total)
    return written


def _issue(obligations: ObligationQuerySet, at: datetime, work: Work | None = None) -> int:
    """Go through what is missing by key, so that one that cannot be issued never comes up twice."""
    missing = uncertified(obligations)
    total = missing.count() if work else 0
    issued = last = seen = 0
    waiting = missing.order_by("pk").values_list("pk", flat=True)
    while ids := list(waiting.filter(pk__gt=last)[:AT_ONCE]):
        issued += len(issue_all(ids, at=at))
        last, seen = ids[-1], seen + len(ids)
        if work:
            work.report(min(seen, total), total)
    return issued
