"""Judging a roster: every row against the others and against the system. Reads and judges, never writes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Q

from accounts import phones
from accounts.models import Cadre, Post, Role, StaffScope, Unit
from accounts.roster.columns import Column
from accounts.roster.facts import Facts, facts_of
from accounts.roster.places import PlaceError, Places
from accounts.roster.sheets import Row
from accounts.roster.verdicts import Change, Judged, Reason, Target, Verdict, because

Value = TypeVar("Value")
# A phone opens the door; name and ID number say whose it is. Whoever sets a staff member's has their rights.
OPENS = {Column.NAME, Column.PHONE, Column.IDENTITY}
CHUNK = 2000  # values in one IN (…); SQLite stops at 32,766


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, row by row, as of a moment."""

    judged: tuple[Judged, ...]
    scope: tuple[Unit, ...]
    on: date

    @property
    def counts(self) -> Counter[str]:
        """How many rows of each verdict."""
        return Counter(row.verdict.value for row in self.judged)

    @property
    def has_errors(self) -> bool:
        """Whether any row cannot be written."""
        return any(row.verdict is Verdict.ERROR for row in self.judged)

    def without_errors(self) -> "ImportPlan":
        """The plan for the right rows only, for somebody who chooses to leave the others out."""
        return replace(self, judged=tuple(row for row in self.judged if row.verdict is not Verdict.ERROR))


def plan_import(rows: Iterable[Row], *, scope: Sequence[Unit], on: date) -> ImportPlan:
    """Judge rows for somebody who keeps the rosters of `scope`, as of a day. Writes nothing."""
    drafts, people = match_rows(rows, scope=scope, on=on)
    judged = tuple(_judge(draft, people, on) for draft in drafts)
    return ImportPlan(judged, tuple(scope), on)


def match_rows(
    rows: Iterable[Row], *, scope: Sequence[Unit], on: date, once: bool = True
) -> "tuple[list[Draft], People]":
    """Read rows and find the place and the person that each means, with what speaks against it.

    A person has one row, or where that is not `once`, one in each unit.
    """
    drafts = _read(rows, Places(scope, on), on)
    _complain_of_twins(drafts, once=once)
    people = People(drafts, scope)
    _match(drafts, people, once=once)
    people.load_roles()
    return drafts, people


@dataclass(slots=True)
class Draft:
    """One row on its way to a verdict: what it says, whom it means, what is wrong with it."""

    row: Row
    facts: Facts
    reasons: list[Reason]
    unit_name: str
    since: date | None = None  # the first day of the unit, where it is known
    person: Cadre | None = None


def _read(rows: Iterable[Row], places: Places, on: date) -> list[Draft]:
    """Facts and place of each row, with what is wrong with its cells."""
    drafts = []
    for row in rows:
        facts, wrong = facts_of(row, on=on)
        reasons = [because(code, **values) for code, values in wrong]
        unit_name, since = "", None
        try:
            place = places.find(row[Column.UNIT_CODE], row[Column.TOWNSHIP], row[Column.VILLAGE])
        except PlaceError as error:
            reasons.append(because(error.code, **error.values))
        else:
            facts, unit_name, since = replace(facts, unit_id=place.pk), place.name, place.since
        drafts.append(Draft(row, facts, reasons, unit_name, since))
    return drafts


# --- rows against each other -----------------------------------------------------------------------
def _complain_of_twins(drafts: list[Draft], *, once: bool) -> None:
    """The same phone, ID number, account or bare name twice in one file; both rows name each other."""
    keys: list[tuple[str, Callable[[Facts], object]]] = [
        ("phone_twice", lambda facts: facts.phone),
        ("identity_twice", lambda facts: facts.identity_hash),
        ("number_twice", lambda facts: facts.number),
        ("twice", _bare_name),
    ]
    for code, key in keys:
        groups: dict[object, list[Draft]] = defaultdict(list)
        for draft in drafts:
            if value := key(draft.facts):
                groups[value].append(draft)
        for group in groups.values():
            if len(group) > 1 and (once or not _is_one_in_each_unit(group)):
                name_each_other(code, group)


def _is_one_in_each_unit(group: list[Draft]) -> bool:
    """Whether the rows are of one name and each of another unit."""
    units = {draft.facts.unit_id for draft in group}
    return len(units) == len(group) and len({draft.facts.name for draft in group}) == 1


def _bare_name(facts: Facts) -> object:
    """Name and unit of a row that says nothing else by which to know a person."""
    return not (facts.phone or facts.identity or facts.number) and (facts.name, facts.unit_id)


def name_each_other(code: str, group: list[Draft]) -> None:
    """Two rows that cannot both stand say so of each other."""
    is_one = len({draft.facts.name for draft in group}) == 1
    for draft in group:
        other = group[1] if draft is group[0] else group[0]
        reason = because("twice" if is_one else code, line=other.row.line)
        if reason not in draft.reasons:
            draft.reasons.append(reason)


# --- rows against the system -----------------------------------------------------------------------
class People:
    """Everybody whom a row could mean, found with a few queries whatever the number of rows."""

    def __init__(self, drafts: list[Draft], scope: Sequence[Unit]) -> None:
        self._scope = scope
        self.by_phone: dict[str, Cadre] = {}
        self.by_hash: dict[str, Cadre] = {}
        self.by_number: dict[str, Cadre] = {}
        self.by_name: dict[tuple[int, str], list[Cadre]] = defaultdict(list)
        self.staff: set[int] = set()
        self.posts: dict[tuple[int, int, str], list[Post]] = defaultdict(list)
        self._found: dict[int, Cadre] = {}
        facts = [draft.facts for draft in drafts]
        self._load("unit_id", {fact.unit_id for fact in facts})
        self._load("phone", {fact.phone for fact in facts} - self.by_phone.keys())
        self._load("identity_hash", {fact.identity_hash for fact in facts} - self.by_hash.keys())
        self._load("number", {fact.number for fact in facts} - self.by_number.keys())

    def _load(self, field: str, values: Iterable[object]) -> None:
        for chunk in _chunks(value for value in values if value):
            people = Cadre.objects.filter(Q(**{f"{field}__in": chunk})).select_related("unit").order_by()
            for person in people:
                self._add(person)

    def _add(self, person: Cadre) -> None:
        if person.pk in self._found:
            return
        self._found[person.pk] = person
        self.by_number[person.number] = person
        self.by_name[person.unit_id, person.name].append(person)
        if person.phone:
            self.by_phone[person.phone] = person
        if person.identity_hash:
            self.by_hash[person.identity_hash] = person

    def load_roles(self) -> None:
        """The posts of everybody found, and who of them is staff."""
        for chunk in _chunks(self._found):
            scopes = StaffScope.objects.filter(person_id__in=chunk)
            self.staff.update(scopes.values_list("person_id", flat=True))
            for post in Post.objects.filter(person_id__in=chunk).order_by():
                self.posts[post.person_id, post.unit_id, post.role].append(post)

    def is_staff_file(self, person: Cadre | None, changes: Iterable[Change]) -> bool:
        """Whether the changes are ones that no sheet makes to the file of a staff member."""
        is_staff = person is not None and person.pk in self.staff
        return is_staff and any(change.column in OPENS for change in changes)

    def is_ours(self, person: Cadre) -> bool:
        """Whether the person's present unit lies in the scope."""
        return any(unit.contains(person.unit.code) for unit in self._scope)


def _chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    batch: list[Value] = []
    for value in values:
        batch.append(value)
        if len(batch) == CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _match(drafts: list[Draft], people: People, *, once: bool) -> None:
    """Find the person whom each row means; two rows must not mean one."""
    meant: dict[tuple[int, int], Draft] = {}
    for draft in drafts:
        _match_one(draft, people)
        if draft.person is None:
            continue
        twin = meant.setdefault((draft.person.pk, 0 if once else draft.facts.unit_id), draft)
        if twin is not draft:
            name_each_other("twice", [twin, draft])


def _match_one(draft: Draft, people: People) -> None:
    facts = draft.facts
    by_hash, by_phone = people.by_hash.get(facts.identity_hash), people.by_phone.get(facts.phone)
    by_number = people.by_number.get(facts.number)
    if facts.number and by_number is None:
        draft.reasons.append(because("number_unknown", value=facts.number))
    person = by_number or by_hash or by_phone
    if person is None:
        person = _namesake(draft, people)
    if person is None:
        return
    draft.person = person
    draft.reasons.extend(_contradictions(draft, person, by_hash, by_phone, people))


def _contradictions(
    draft: Draft, person: Cadre, by_hash: Cadre | None, by_phone: Cadre | None, people: People
) -> Iterator[Reason]:
    """Why the row cannot mean the person that it seems to mean."""
    facts = draft.facts
    if not people.is_ours(person):
        yield because("person_outside")
    elif person.is_superuser:
        yield because("administrator")
    if by_hash not in (None, person):
        yield because("identity_taken")
    if by_phone not in (None, person):
        yield because("phone_taken", value=phones.masked(facts.phone))
    if facts.identity_hash and person.identity_hash not in (None, facts.identity_hash):
        yield because("identity_differs", value=person.identity_last4)
    # A phone alone does not make somebody else's line theirs.
    if person is by_phone and not by_hash and not facts.number and person.name != facts.name:
        yield because("phone_taken", value=phones.masked(facts.phone))


def _namesake(draft: Draft, people: People) -> Cadre | None:
    """The person of that name in that unit, where nothing says that it is another."""
    facts = draft.facts
    possible = [
        person
        for person in people.by_name.get((facts.unit_id, facts.name), [])
        if not (facts.identity_hash and person.identity_hash)
    ]
    if not possible:
        return None
    doubtful = len(possible) > 1 or (facts.phone and possible[0].phone)
    if doubtful or facts.number:
        draft.reasons.append(because("same_name"))
        return None
    return possible[0]


# --- the verdict -----------------------------------------------------------------------------------
def _judge(draft: Draft, people: People, on: date) -> Judged:
    posts = _running(draft, people)
    _mind_first_day(draft, posts)
    person, facts = draft.person, draft.facts
    ending = _ending(draft, people, on)
    changes = [] if draft.reasons else [*person_changes(draft), *_post_changes(draft, people, posts)]
    left = person.unit.name if person else ""
    changes += [Change(Column.ROLES, left, str(day), post.role) for post, day in ending]
    if people.is_staff_file(person, changes):
        draft.reasons.append(because("staff_file"))
    if draft.reasons:
        verdict = Verdict.ERROR
    elif person is None:
        verdict = Verdict.NEW
    else:
        verdict = Verdict.CHANGED if changes else Verdict.SAME
    return Judged(
        row=draft.row,
        verdict=verdict,
        reasons=tuple(dict.fromkeys(draft.reasons)),
        changes=tuple(changes) if verdict is Verdict.CHANGED else (),
        person_id=person.pk if person else None,
        target=None if verdict is Verdict.ERROR else Target(facts, person, tuple(posts.items()), ending),
    )


def _mind_first_day(draft: Draft, posts: dict[str, Post | None]) -> None:
    """A merged village is younger than its offices: a day before it began changes no post that runs."""
    since, from_on = draft.since, draft.facts.from_on
    if since is None or from_on is None or from_on >= since:
        return
    if all(posts.values()):
        draft.facts = replace(draft.facts, from_on=None)
    else:
        draft.reasons.append(because("place_since", value=draft.unit_name, day=since))


def _ending(draft: Draft, people: People, on: date) -> tuple[tuple[Post, date], ...]:
    """Of a person who moves, the posts held in the unit that is left, each with its last day.

    That is the day before the new post, or before the import where the row tells no later one.
    """
    person, facts = draft.person, draft.facts
    if person is None or draft.reasons or facts.unit_id == person.unit_id:
        return ()
    left = [post for role in Role.values for post in people.posts.get((person.pk, person.unit_id, role), [])]
    days = [(post, _last_day(post, facts.from_on, on)) for post in left]
    return tuple(
        (post, day)
        for post, day in sorted(days, key=lambda pair: pair[0].pk)
        if post.from_on <= day and (post.to_on is None or post.to_on > day)
    )


def _last_day(post: Post, moved_on: date | None, on: date) -> date:
    day = moved_on if moved_on and moved_on > post.from_on else on
    return day - timedelta(days=1)


def _running(draft: Draft, people: People) -> dict[str, Post | None]:
    """For each role of the row the running post, where there is one."""
    person_id = draft.person.pk if draft.person else 0
    held = {role: people.posts.get((person_id, draft.facts.unit_id, role), []) for role in draft.facts.roles}
    return {role: next((post for post in posts if post.to_on is None), None) for role, posts in held.items()}


def person_changes(draft: Draft) -> Iterator[Change]:
    """What the row says of a known person that the system does not; empty cells say nothing."""
    person, facts = draft.person, draft.facts
    if person is None:
        return
    if facts.name != person.name:
        yield Change(Column.NAME, person.name, facts.name)
    if facts.phone and facts.phone != person.phone:
        yield Change(Column.PHONE, phones.masked(person.phone or ""), phones.masked(facts.phone))
    if facts.identity and not person.identity_hash:
        yield Change(Column.IDENTITY, "", facts.identity[-4:])
    if facts.unit_id != person.unit_id:
        yield Change(Column.VILLAGE, person.unit.name, draft.unit_name)
    if facts.birth_year and facts.birth_year != person.birth_year:
        yield Change(Column.BIRTH_YEAR, str(person.birth_year or ""), str(facts.birth_year))
    if facts.is_party_member not in (None, person.is_party_member):
        yield Change(Column.PARTY, _mark(person.is_party_member), _mark(bool(facts.is_party_member)))


def _post_changes(draft: Draft, people: People, posts: dict[str, Post | None]) -> Iterator[Change]:
    """Posts that begin, and corrections of those that run; complaints go to the draft."""
    facts, person = draft.facts, draft.person
    for role, running in posts.items():
        if facts.from_on is None:
            if running is None:
                draft.reasons.append(because("no_date"))
        elif running is None or running.from_on != facts.from_on:
            held = people.posts.get((person.pk, facts.unit_id, role), []) if person else []
            ended = [post.to_on for post in held if post.to_on and post.to_on >= facts.from_on]
            if ended:
                draft.reasons.append(because("post_ended", role=role, day=max(ended)))
            else:
                before = str(running.from_on) if running else ""
                yield Change(Column.FROM_ON, before, str(facts.from_on), role)
        if running and facts.is_newly_elected not in (None, running.is_newly_elected):
            before, after = _mark(running.is_newly_elected), _mark(not running.is_newly_elected)
            yield Change(Column.NEWLY_ELECTED, before, after, role)


def _mark(truth: bool) -> str:
    return "✓" if truth else "×"
