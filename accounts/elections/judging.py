"""Judging results: every row against the others and against the posts as they are. Never writes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from accounts.codes import prefix_of
from accounts.elections.departures import said_of
from accounts.elections.models import Election
from accounts.elections.plans import Fate, ResultPlan, Seat, TownshipPlan, VillagePlan, concern
from accounts.elections.seats import Elected, seats_of
from accounts.models import COMMITTEE_ROLES, Level, Post, Unit
from accounts.models.units import within_any
from accounts.roster.columns import Column
from accounts.roster.imports import Draft, match_rows, name_each_other
from accounts.roster.places import PlaceError, Places
from accounts.roster.sheets import Row
from accounts.roster.verdicts import Reason

TOWNSHIP = Level.TOWNSHIP.digits
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Ask:
    """What was brought: rows, and the villages of which they are the whole result.

    A village that occurs in the rows needs no other mention; `days` names one with the day on which its
    posts begin, even if nobody is left. Where nothing else is said, posts begin on `begins_on`.
    """

    rows: tuple[Row, ...]
    begins_on: date
    days: Mapping[str, date] = field(default_factory=dict)


def judge(*, election: Election, ask: Ask, scope: Sequence[Unit], on: date) -> ResultPlan:
    """Judge a result for somebody who keeps the rosters of `scope`, on a day; a few queries in all."""
    drafts, people = match_rows(ask.rows, scope=scope, on=on, once=False)
    villages = _villages(election, ask, drafts, scope)
    _complain_of_places(drafts, villages)
    done = set(election.results.filter(unit__in=villages).values_list("unit_id", flat=True))
    elected = Elected(election, villages, _posts(villages), people, on)
    elected.find_by_name(drafts)
    _complain_of_twins(drafts)
    elected.load_elsewhere([draft for draft in drafts if draft.facts.unit_id not in done])
    by_village: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_village[draft.facts.unit_id].append(draft)
    plans = [
        _village(unit, by_village[unit.pk], elected, ask, is_done=unit.pk in done)
        for unit in villages.values()
    ]
    stray = [draft for draft in drafts if draft.facts.unit_id not in villages]
    return _by_township(_with_departures(plans, on), stray, scope, on)


def _with_departures(plans: Sequence[VillagePlan], on: date) -> list[VillagePlan]:
    """The plans with what other rooms say of the people who leave."""
    gone = {seat.person_id: seat.name for plan in plans for seat in plan.seats if seat.fate is Fate.ENDS}
    said: dict[int, list[Reason]] = defaultdict(list)
    for person_id, reason in said_of(gone, on):
        said[person_id].append(reason)
    return [
        replace(
            plan, cautions=(*plan.cautions, *(each for seat in plan.seats for each in said[seat.person_id]))
        )
        for plan in plans
    ]


def _villages(
    election: Election, ask: Ask, drafts: Iterable[Draft], scope: Sequence[Unit]
) -> dict[int, Unit]:
    """The villages that occur, in the order of their codes."""
    named = Unit.objects.filter(code__in=list(ask.days))
    found = {unit.pk: unit for unit in named.filter(within_any(scope)).within(election.county)}
    wanted = sorted({draft.facts.unit_id for draft in drafts if draft.facts.unit_id} - found.keys())
    for start in range(0, len(wanted), CHUNK):
        found |= Unit.objects.within(election.county).in_bulk(wanted[start : start + CHUNK])
    villages = [unit for unit in found.values() if unit.level == Level.VILLAGE]
    return {unit.pk: unit for unit in sorted(villages, key=lambda unit: unit.code)}


def _complain_of_places(drafts: Iterable[Draft], villages: Mapping[int, Unit]) -> None:
    for draft in drafts:
        if draft.facts.unit_id and draft.facts.unit_id not in villages:
            draft.reasons.append(concern("no_village", value=draft.unit_name))


def _posts(villages: Mapping[int, Unit]) -> dict[int, list[Post]]:
    """The elected posts of the villages, by village."""
    found: dict[int, list[Post]] = defaultdict(list)
    keys = list(villages)
    for start in range(0, len(keys), CHUNK):
        posts = Post.objects.filter(unit__in=keys[start : start + CHUNK], role__in=COMMITTEE_ROLES)
        for post in posts.select_related("person__unit").order_by("from_on", "pk"):
            found[post.unit_id].append(post)
    return found


def _complain_of_twins(drafts: Iterable[Draft]) -> None:
    """Two rows of a village must not mean one person, and nobody is made twice."""
    meant: dict[object, Draft] = {}
    for draft in drafts:
        facts = draft.facts
        key = (draft.person.pk, facts.unit_id) if draft.person else facts.identity_hash or facts.phone
        twin = meant.setdefault(key, draft) if key else draft
        if twin is not draft and draft.person:
            name_each_other("twice", [twin, draft])
        elif twin is not draft:
            draft.reasons.append(concern("new_twice", line=twin.row.line))


def _village(
    unit: Unit, drafts: Sequence[Draft], elected: Elected, ask: Ask, *, is_done: bool
) -> VillagePlan:
    begins_on = _begins_on(unit, drafts, elected.election, ask)
    named = VillagePlan(unit.pk, unit.code, unit.short_name, begins_on, is_done=is_done)
    return named if is_done else seats_of(named, unit, drafts, elected)


def _begins_on(unit: Unit, drafts: Sequence[Draft], election: Election, ask: Ask) -> date:
    """The village's day: as its page says, else the one day within the term that its rows give."""
    if unit.code in ask.days:
        return ask.days[unit.code]
    term = election.term
    dated = [draft for draft in drafts if draft.facts.from_on]
    days = [day for draft in dated if (day := draft.facts.from_on) and term.starts_on <= day <= term.ends_on]
    first = days[0] if days else ask.begins_on
    for draft in dated:
        if draft.facts.from_on in days and draft.facts.from_on != first:
            draft.reasons.append(concern("two_days", value=first))
    return first


def _by_township(
    plans: Iterable[VillagePlan], stray: Iterable[Draft], scope: Sequence[Unit], on: date
) -> ResultPlan:
    """Villages under their townships; a row without a village holds up the township that it names, or all."""
    villages: dict[str, list[VillagePlan]] = defaultdict(list)
    for plan in plans:
        villages[plan.code[:TOWNSHIP]].append(plan)
    lost: dict[str, list[Seat]] = defaultdict(list)
    places = Places(scope, on) if (drafts := list(stray)) else None
    for draft in drafts:
        lost[_township_of(draft, places)].append(
            Seat(draft.facts.name, Fate.ERROR, reasons=tuple(dict.fromkeys(draft.reasons)), row=draft.row)
        )
    homeless = tuple(lost.pop("", ()))
    codes = sorted({*villages, *lost})
    names = Unit.objects.in_bulk([code.ljust(12, "0") for code in codes], field_name="code")
    townships = (
        TownshipPlan(
            code=code.ljust(12, "0"),
            name=names[code.ljust(12, "0")].name,
            villages=tuple(villages[code]),
            stray=tuple(lost[code]),
            is_held_up=bool(homeless),
        )
        for code in codes
    )
    return ResultPlan(tuple(townships), homeless)


def _township_of(draft: Draft, places: Places | None) -> str:
    """The nine digits of the township that a row without a village names; empty where it names none."""
    if places is None:
        return ""
    try:
        place = places.find("", draft.row[Column.TOWNSHIP], "")
    except PlaceError:
        return ""
    prefix = prefix_of(place.code)
    return prefix if len(prefix) == TOWNSHIP else ""
