"""What a package has to report before its lesson is finished, and when it did.

Only what was reported of the lesson's own package counts, by this person for this version and cycle; what
was reported in a browser says that somebody took part, and no more (ADR 0028).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import F, Min, Q
from django.db.models.functions import Greatest

from courses.packages.completion import CompletionRule, Gate
from lms.study.interactive.models import InteractiveAttempt, InteractiveAttemptQuerySet
from lms.study.launch import Launch


def met_at(launch: Launch, rule: CompletionRule) -> datetime | None:
    """When the rule was met first; None while it is not (one query).

    A package that has no parts is finished by its result.
    """
    match rule["gate"]:
        case Gate.OPENED:
            return datetime.fromtimestamp(launch.opened / 1000, UTC)
        case Gate.PARTS if rule["parts"]:
            return all_met_at(rule["parts"], _attempts(launch).values_list("met", flat=True))
    return _completed_at(_attempts(launch), Decimal(rule["percent"]) / 100)


def all_met_at(parts: Iterable[str], attempts: Iterable[dict[str, int]]) -> datetime | None:
    """When the last of the parts was met first, over some attempts; None while one is missing. Pure."""
    first: dict[str, int] = {}
    for met in attempts:
        for part, at in met.items():
            first[part] = min(at, first.get(part, at))
    wanted = set(parts)
    if not wanted or not wanted <= first.keys():
        return None
    return datetime.fromtimestamp(max(first[part] for part in wanted) / 1000, UTC)


def _attempts(launch: Launch) -> InteractiveAttemptQuerySet:
    return InteractiveAttempt.objects.filter(
        person_id=launch.person_id, version_id=launch.version_id, cycle=launch.cycle, is_main=True
    )


def _completed_at(attempts: InteractiveAttemptQuerySet, least: Decimal) -> datetime | None:
    """The first completion with enough points: of a content by its statements, of a courseware as a whole."""
    told = Q(statements__is_child=False, statements__is_complete=True)
    whole = Q(courseware__isnull=False, is_complete=True)
    ended: F | Greatest = F("ended_at")
    if least:
        told, whole = told & Q(statements__scaled__gte=least), whole & Q(scaled__gte=least)
        ended = Greatest("ended_at", "scored_at")
    found = attempts.aggregate(
        told=Min("statements__occurred_at", filter=told), whole=Min(ended, filter=whole)
    )
    return min((at for at in found.values() if at), default=None)
