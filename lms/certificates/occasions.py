"""Reads what a certificate says beside the obligation: places and posts then, ledgers, rules."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from accounts.codes import ancestors
from accounts.models import Cadre, Level, Post, Role, Unit
from lms.certificates.snapshot import Occasion, Snapshot, snapshot_of
from lms.hours.models import Ledger
from lms.hours.sums import ExactSum
from lms.obligations.lines import alike, lines_like
from lms.obligations.models import Measure, Obligation

_COLUMN = {Measure.HOURS.value: "hours", Measure.DAYS.value: "days", Measure.TIMES.value: "times"}


@dataclass(frozen=True, slots=True)
class Issuing:
    """An obligation with all that its certificate says, and the county that issues it."""

    obligation: Obligation
    occasion: Occasion
    county: Unit

    @property
    def person(self) -> Cadre:
        """Whose it is."""
        return self.obligation.person

    @property
    def ground(self) -> dict[str, Obligation]:
        """What it certifies, as the row names it."""
        return {"obligation": self.obligation}

    def snapshot(self, *, serial: str, at: datetime) -> Snapshot:
        """All that is printed, frozen."""
        return snapshot_of(self.obligation, self.occasion, serial=serial, at=at)


@dataclass(frozen=True, slots=True)
class Ground:
    """The sum of each ledger behind a figure, and the rule versions of its lines."""

    earned: tuple[tuple[str, Decimal], ...]
    versions: tuple[str, ...]


def occasions_of(obligations: Sequence[Obligation], on: date) -> list[Issuing]:
    """What the certificates of these obligations say, with the posts held on a day.

    The obligations come with their posts and requirements loaded.
    """
    if not obligations:
        return []
    posts = posts_on([obligation.person_id for obligation in obligations], on)
    places = {obligation.pk: _place(obligation, posts[obligation.person_id]) for obligation in obligations}
    units = units_above(Unit.objects.filter(pk__in=places.values()))
    codes = {unit.pk: unit.code for unit in units.values()}
    grounds = _grounds(obligations)
    result = []
    for obligation in obligations:
        path = [units[code] for code in ancestors(codes[places[obligation.pk]]) if code in units]
        county = next((unit for unit in path if unit.level == Level.COUNTY), path[0])
        occasion = Occasion(
            unit_path=tuple(unit.name for unit in path),
            roles=_roles(obligation, posts[obligation.person_id], places[obligation.pk]),
            issuer=county.name,
            earned=grounds[obligation.pk].earned,
            rule_versions=grounds[obligation.pk].versions,
        )
        result.append(Issuing(obligation, occasion, county))
    return result


def posts_on(person_ids: Sequence[int], on: date) -> dict[int, list[Post]]:
    """The posts that people held on a day, by person."""
    found: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.held_on(on).filter(person__in=person_ids).order_by("pk"):
        found[post.person_id].append(post)
    return found


def _place(obligation: Obligation, posts: Sequence[Post]) -> int:
    """The unit of the post that the obligation follows, or of the person where it is gone."""
    if obligation.post is not None:
        return obligation.post.unit_id
    return posts[0].unit_id if posts else obligation.person.unit_id


def _roles(obligation: Obligation, posts: Sequence[Post], place: int) -> tuple[str, ...]:
    """All roles held there that day, highest first; else the one that the obligation followed."""
    held = {post.role for post in posts if post.unit_id == place}
    if not held and obligation.post is not None:
        held = {obligation.post.role}
    return tuple(role.value for role in Role if role.value in held)


def units_above(places: QuerySet[Unit]) -> dict[str, Unit]:
    """These units and everything above them, by code."""
    codes = {code for place in places.values_list("code", flat=True) for code in ancestors(place)}
    return {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}


def _grounds(obligations: Sequence[Obligation]) -> dict[int, Ground]:
    """What is behind the figure of each, by its key: one query for all that differ by the person alone."""
    groups: dict[Hashable, list[Obligation]] = defaultdict(list)
    for obligation in obligations:
        groups[alike(obligation)].append(obligation)
    return {pk: ground for group in groups.values() for pk, ground in _grounds_alike(group).items()}


def _grounds_alike(group: Sequence[Obligation]) -> dict[int, Ground]:
    column = _COLUMN[group[0].requirement.measure]
    lines = (
        lines_like(group[0])
        .filter(person__in=[obligation.person_id for obligation in group])
        .order_by("rule__valid_from", "rule__version")
        .values_list("person", "ledger", "rule__unit__name", "rule__version")
        .annotate(total=ExactSum(column))
    )
    by_person: dict[int, list[tuple[str, str, Decimal]]] = defaultdict(list)
    for person_id, ledger, region, version, total in lines:
        by_person[person_id].append((ledger, f"{region} {version}", total))
    return {each.pk: _ground(each, by_person[each.person_id]) for each in group}


def _ground(obligation: Obligation, lines: Sequence[tuple[str, str, Decimal]]) -> Ground:
    sums = dict.fromkeys(obligation.requirement.ledgers, Decimal(0))
    for ledger, _version, total in lines:
        sums[ledger] += total
    earned = tuple((ledger.value, sums[ledger.value]) for ledger in Ledger if ledger.value in sums)
    return Ground(earned, tuple(dict.fromkeys(version for _ledger, version, _total in lines)))
