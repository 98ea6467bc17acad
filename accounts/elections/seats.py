"""Who sits where after a result: one village's rows beside the posts of the day before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from accounts.elections.models import Election
from accounts.elections.plans import Fate, Moves, Seat, VillagePlan, concern
from accounts.models import COMMITTEE_ROLES, Cadre, Post, Role, Unit, can_begin
from accounts.roster.columns import Column
from accounts.roster.imports import Draft, People, person_changes
from accounts.roster.verdicts import Change, Reason, Target, because

DAY = timedelta(days=1)
CHUNK = 2_000
# A file that is kept elsewhere is not touched when its person only sits in the village.
FOREIGN = {"person_outside", "administrator"}


def is_present(post: Post, begins_on: date, term_on: date) -> bool:
    """Whether the post is held up to the new one's first day, or was planned to end with the old term."""
    if post.from_on >= begins_on:
        return False
    return post.to_on is None or post.to_on >= begins_on - DAY or post.to_on == term_on - DAY


class Elected:
    """The elected posts of all the villages of a result, and what their people hold elsewhere."""

    def __init__(
        self,
        election: Election,
        villages: Mapping[int, Unit],
        posts: Mapping[int, Sequence[Post]],
        people: People,
        today: date,
    ) -> None:
        self.election = election
        self.today = today
        self.villages = villages
        self.posts = posts
        self.people = people
        self.elsewhere: dict[int, list[Post]] = defaultdict(list)
        # The villages of the result in which somebody sits by its rows.
        self.sits: dict[int, set[int]] = defaultdict(set)

    def find_by_name(self, drafts: Iterable[Draft]) -> None:
        """Match rows to holders whose file is kept elsewhere, by the name that no other holder has."""
        for draft in drafts:
            facts = draft.facts
            if draft.person is None and facts.unit_id in self.villages:
                named = self._named(draft)
                doubtful = len(named) > 1 or facts.phone or facts.identity_hash or facts.number
                if named and doubtful:
                    draft.reasons.append(because("same_name"))
                elif named:
                    draft.person = named.pop()

    def _named(self, draft: Draft) -> set[Cadre]:
        facts = draft.facts
        return {
            post.person
            for post in self._latest(facts.unit_id)
            if post.person.name == facts.name
            and post.person.unit_id != facts.unit_id
            and not (facts.identity_hash and post.person.identity_hash)
        }

    def _latest(self, unit_id: int) -> Iterator[Post]:
        edge = self.election.term.starts_on - DAY
        return (post for post in self.posts.get(unit_id, ()) if post.to_on is None or post.to_on >= edge)

    def load_elsewhere(self, drafts: Iterable[Draft]) -> None:
        """The elected posts that the people of the result hold in other villages."""
        for draft in drafts:
            if draft.person and _sits(draft):
                self.sits[draft.person.pk].add(draft.facts.unit_id)
        people = set(self.sits)
        people |= {post.person_id for unit_id in self.villages for post in self._latest(unit_id)}
        ids = sorted(people)
        edge = self.election.term.starts_on - DAY
        for start in range(0, len(ids), CHUNK):
            posts = Post.objects.filter(person__in=ids[start : start + CHUNK], role__in=COMMITTEE_ROLES)
            for post in (posts.running() | posts.filter(to_on__gte=edge)).select_related("unit"):
                self.elsewhere[post.person_id].append(post)

    def others_of(self, person_id: int, unit: Unit, on: date) -> list[Post]:
        """The elected posts that somebody holds in other villages on a day."""
        return [post for post in self.elsewhere[person_id] if post.unit_id != unit.pk and post.is_held_on(on)]

    def also_sits_in(self, person_id: int, unit: Unit, on: date) -> list[Unit]:
        """The other villages in whose committees somebody sits after the result."""
        held = {post.unit_id: post.unit for post in self.others_of(person_id, unit, on)}
        sits = self.sits[person_id]
        others = {key: place for key, place in held.items() if key not in self.villages or key in sits}
        others |= {key: self.villages[key] for key in sits if key != unit.pk and key in self.villages}
        return sorted(others.values(), key=lambda place: place.code)


def seats_of(plan: VillagePlan, unit: Unit, drafts: Sequence[Draft], elected: Elected) -> VillagePlan:
    """The village's whole result: a seat for each row, and one for everybody who is not in it any more."""
    village = _Village(plan, unit, elected)
    seats = [village.seat(draft) for draft in drafts]
    known = {draft.person.pk for draft in drafts if draft.person and _sits(draft)}
    gone = [village.leaves(posts) for person_id, posts in village.present.items() if person_id not in known]
    seats += sorted(gone, key=lambda seat: seat.person_id)
    problems = tuple(village.problems(known))
    return replace(plan, seats=tuple(seats), problems=problems, cautions=tuple(village.cautions(seats)))


def _sits(draft: Draft) -> bool:
    return any(role in COMMITTEE_ROLES for role in draft.facts.roles)


def _is_renewed(post: Post, posts: Iterable[Post], begins_on: date) -> bool:
    """Whether the post ended and its person was entered in it anew since: then only the new one counts."""
    return post.to_on is not None and any(
        other.person_id == post.person_id
        and other.role == post.role
        and post.to_on < other.from_on <= begins_on
        for other in posts
    )


class _Village:
    """One village on its way to a result."""

    def __init__(self, plan: VillagePlan, unit: Unit, elected: Elected) -> None:
        self.unit, self.elected, self.begins_on = unit, elected, plan.begins_on
        self.term = elected.election.term
        self.notes: list[Reason] = []
        self.present: dict[int, list[Post]] = defaultdict(list)
        # Posts that begin on that very day or later: they were entered meanwhile, or by hand.
        self.coming: dict[int, list[Post]] = defaultdict(list)
        posts = elected.posts.get(unit.pk, ())
        for post in posts:
            if _is_renewed(post, posts, self.begins_on):
                continue
            if is_present(post, self.begins_on, self.term.starts_on):
                self.present[post.person_id].append(post)
            elif post.from_on >= self.begins_on:
                self.coming[post.person_id].append(post)

    # --- one row -----------------------------------------------------------------------------------
    def seat(self, draft: Draft) -> Seat:
        """What becomes of the person of a row."""
        person = draft.person
        if not _sits(draft) and not draft.reasons:
            return Seat(draft.facts.name, Fate.ALONE, person_id=person.pk if person else 0, row=draft.row)
        is_foreign = person is not None and self._is_foreign(person)
        reasons = [each for each in draft.reasons if not (is_foreign and each.code in FOREIGN)]
        moves, wrong = self._moves(draft)
        reasons += [*wrong, *self._wrong_day(draft, moves)]
        changes: tuple[Change, ...] = ()
        if person is not None and not reasons:
            self._note_home(person, moves, is_foreign=is_foreign)
        if not is_foreign and not reasons:
            changes = tuple(each for each in person_changes(draft) if each.column is not Column.VILLAGE)
            if self.elected.people.is_staff_file(person, changes):
                reasons.append(because("staff_file"))
        return Seat(
            name=draft.facts.name,
            fate=Fate.ERROR if reasons else self._fate(moves),
            moves=moves,
            person_id=person.pk if person else 0,
            reasons=tuple(dict.fromkeys(reasons)),
            changes=changes,
            row=draft.row,
            target=None if reasons else self._target(draft, changes),
        )

    def _is_foreign(self, person: Cadre) -> bool:
        """Whether somebody who sits here already has a file that this staff member does not keep."""
        is_ours = self.elected.people.is_ours(person) and not person.is_superuser
        return not is_ours and (person.pk in self.present or person.pk in self.coming)

    def _note_home(self, person: Cadre, moves: Moves, *, is_foreign: bool) -> None:
        """Say where a file is kept that is not the village's."""
        if is_foreign:
            self.notes.append(concern("out_of_reach", name=person.name, unit=person.unit.name))
        elif person.unit_id != self.unit.pk and moves.begun:
            self.notes.append(concern("file_elsewhere", name=person.name, unit=person.unit.short_name))

    def _target(self, draft: Draft, changes: Sequence[Change]) -> Target | None:
        """Whoever has to be made or corrected first; a known person's file stays where it is kept."""
        if draft.person is None:
            return Target(draft.facts, None, ())
        facts = replace(draft.facts, unit_id=draft.person.unit_id)
        return Target(facts, draft.person, ()) if changes else None

    def _moves(self, draft: Draft) -> tuple[Moves, list[Reason]]:
        """The posts that stay, end and begin, with what speaks against it."""
        person_id = draft.person.pk if draft.person else 0
        wanted = [role for role in draft.facts.roles if role in COMMITTEE_ROLES]
        sat = self.present.get(person_id, [])
        present = {post.role: post for post in sat}
        coming = {post.role: post for post in self.coming.get(person_id, ())}
        entered = [post for role in wanted if (post := coming.get(role)) and self._is_begun(post)]
        begun = [role for role in wanted if role not in present and coming.get(role) not in entered]
        kept = [post for post in present.values() if post.role in wanted]
        moves = Moves(
            kept=(*kept, *entered),
            freed=tuple(post for post in kept if post.to_on and post.to_on < self.begins_on),
            ended=tuple(post for post in sat if post.role not in wanted),
            begun=tuple(begun),
            is_newly_elected=self._is_newly_elected(draft, bool(begun)),
        )
        held = [role for role in wanted if role in coming and coming[role] not in entered]
        reasons = [self._entered("held_later", coming[role]) for role in held]
        return moves, [*reasons, *self._not_new(draft, moves)]

    def _is_begun(self, post: Post) -> bool:
        return post.from_on == self.begins_on and post.to_on is None

    def _is_newly_elected(self, draft: Draft, begins: bool) -> bool:
        """As the row says; where it says nothing, whoever sat in no committee the day before."""
        if not begins or draft.facts.is_newly_elected is not None:
            return begins and bool(draft.facts.is_newly_elected)
        if draft.person is None:
            return True
        sat = self.elected.others_of(draft.person.pk, self.unit, self.begins_on - DAY)
        return not sat and draft.person.pk not in self.present

    def _not_new(self, draft: Draft, moves: Moves) -> Iterator[Reason]:
        """Whoever runs on in the same post is not newly elected, whatever the list says."""
        says_new = draft.facts.is_newly_elected and not moves.begun
        if says_new and moves.kept and not any(post.is_newly_elected for post in moves.kept):
            yield concern("carries_on", name=draft.facts.name, role=moves.kept[0].role)

    def _wrong_day(self, draft: Draft, moves: Moves) -> Iterator[Reason]:
        """A post that begins, begins within the term; of one that runs on, the day of long ago is right."""
        day, term = draft.facts.from_on, self.term
        if not moves.begun or day is None or term.starts_on <= day <= term.ends_on:
            return
        yield concern("own_day", value=day, first=term.starts_on, last=term.ends_on)

    def _fate(self, moves: Moves) -> Fate:
        if moves.begun:
            return Fate.CHANGES if moves.kept or moves.ended else Fate.BEGINS
        return Fate.CHANGES if moves.ended else Fate.CARRIES

    def leaves(self, posts: Sequence[Post]) -> Seat:
        """Somebody who is not in the result any more."""
        person = posts[0].person
        return Seat(person.name, Fate.ENDS, Moves(ended=tuple(posts)), person_id=person.pk)

    # --- the village as a whole ----------------------------------------------------------------------
    def problems(self, known: set[int]) -> Iterator[Reason]:
        """What keeps the village from being written, beside its rows."""
        if not can_begin(self.begins_on, on=self.elected.today):
            yield because("date_range", value=self.begins_on)
        if not self.unit.is_in_force(self.begins_on):
            yield concern("not_there", unit=self.unit.short_name, day=self.begins_on)
        if not self.term.starts_on <= self.begins_on <= self.term.ends_on:
            first, last = self.term.starts_on, self.term.ends_on
            yield concern("own_day", value=self.begins_on, first=first, last=last)
        for person_id, posts in self.coming.items():
            if person_id not in known:
                yield from (self._entered("not_in_result", post) for post in posts if self._is_begun(post))

    def cautions(self, seats: Sequence[Seat]) -> Iterator[Reason]:
        """What is allowed and worth a look."""
        held = [role for seat in seats if seat.fate is not Fate.ERROR for role in seat.held]
        if not held:
            yield concern("nobody")
        for role, none, more in (
            (Role.SECRETARY, "no_secretary", "two_secretaries"),
            (Role.DIRECTOR, "no_director", "two_directors"),
        ):
            if held.count(role) != 1:
                yield concern(more if held.count(role) else none)
        for seat in seats:
            if seat.person_id and seat.held:
                yield from self._cautions_of(seat)
        for posts in self.coming.values():
            yield from (self._entered("begins_later", post) for post in posts if not self._is_begun(post))
        yield from self.notes

    def _cautions_of(self, seat: Seat) -> Iterator[Reason]:
        for place in self.elected.also_sits_in(seat.person_id, self.unit, self.begins_on):
            yield concern("elsewhere", name=seat.name, unit=place.short_name)
        for post in seat.moves.kept:
            if post.to_on and post.to_on >= self.begins_on:
                yield self._entered("planned_end", post, post.to_on)

    def _entered(self, code: str, post: Post, day: date | None = None) -> Reason:
        return concern(code, name=post.person.name, role=post.role, day=day or post.from_on)
