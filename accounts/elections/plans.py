"""What a result would do, village by village, as values; made by `judging`, shown and written as they are."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Post, Role
from accounts.roster.sheets import Row
from accounts.roster.verdicts import Change, Reason, Target


class Fate(TextChoices):
    """What becomes of a person with a result."""

    CARRIES = "CARRIES", _("Carries on")
    CHANGES = "CHANGES", _("Changes post")
    BEGINS = "BEGINS", _("Begins")
    ENDS = "ENDS", pgettext_lazy("post", "Ends")
    ALONE = "ALONE", _("Not elected, stays as it is")
    ERROR = "ERROR", _("To correct")


CONCERNS = {
    "no_village": _("%(value)s is no village. Elected posts are those of a village or community."),
    "new_twice": _(
        "Row %(line)s has the same new person in another village. Bring one of the two first, then the other."
    ),
    "own_day": _("%(value)s lies outside the term (%(first)s to %(last)s)."),
    "not_there": _("%(unit)s did not exist on %(day)s; its posts begin on a later day or not at all."),
    "two_days": _("Other rows of this village give another day (%(value)s). A village has one."),
    "carries_on": _(
        "%(name)s carries on as %(role)s and so is not newly elected. Write no, or leave the cell empty."
    ),
    "held_later": _(
        "%(name)s has been entered as %(role)s from %(day)s already. Correct that on their page first."
    ),
    "not_in_result": _(
        "%(name)s has been entered as %(role)s from that very day and is not in this result. "
        "Correct that on their page first."
    ),
    "nobody": _("Nobody would be left in the two committees."),
    "no_secretary": _("No secretary."),
    "no_director": _("No director."),
    "two_secretaries": _("More than one secretary."),
    "two_directors": _("More than one director."),
    "elsewhere": _("%(name)s also holds an elected post in %(unit)s."),
    "out_of_reach": _("The file of %(name)s is kept by %(unit)s; only the post is written here."),
    "file_elsewhere": _("The file of %(name)s stays with %(unit)s until it is moved on their page."),
    "begins_later": _("%(name)s has been entered as %(role)s from %(day)s; that stays as it is."),
    "planned_end": _("The post of %(name)s as %(role)s ends on %(day)s, as was entered."),
}


@dataclass(frozen=True, slots=True)
class Concern(Reason):
    """Something wrong with a result or worth a look, in this room's words."""

    def __str__(self) -> str:
        values = dict(self.values)
        if "role" in values:
            values["role"] = str(Role(values["role"]).label)
        return str(CONCERNS[self.code]) % values


def concern(code: str, **values: object) -> Concern:
    """A concern with the figures in it."""
    return Concern(code, tuple(sorted((key, str(value)) for key, value in values.items())))


@dataclass(frozen=True, slots=True)
class Moves:
    """What would be written about one person's posts."""

    kept: tuple[Post, ...] = ()
    # Of the kept, those that were planned to end with the old term and now run on.
    freed: tuple[Post, ...] = ()
    ended: tuple[Post, ...] = ()
    begun: tuple[str, ...] = ()
    is_newly_elected: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """One person of a village's result."""

    name: str
    fate: Fate
    moves: Moves = Moves()
    person_id: int = 0
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    row: Row | None = None
    # Whoever has to be made, or whose file has to be corrected, before the posts are written.
    target: Target | None = field(default=None, compare=False, repr=False)

    @property
    def is_new(self) -> bool:
        """Whether the system does not know the person yet."""
        return self.person_id == 0 and self.fate is not Fate.ERROR

    @property
    def held(self) -> tuple[str, ...]:
        """The elected roles that the person has afterwards."""
        return (*(post.role for post in self.moves.kept), *self.moves.begun)

    @property
    def words(self) -> str:
        """The posts in words: what is kept, what begins, what ends."""
        moves = self.moves
        said = [str(Role(role).label) for role in self.held]
        left = [str(Role(post.role).label) for post in moves.ended]
        if left:
            said.append(_("no longer %(roles)s") % {"roles": "、".join(left)} if said else "、".join(left))
        return "、".join(said)

    @property
    def says(self) -> tuple[object, ...]:
        """All that the person's line means: another line needs another look."""
        moves = self.moves
        row = sorted(self.row.cells.items()) if self.row else []
        return (
            self.name,
            self.fate.value,
            self.person_id,
            [(post.pk, str(post.to_on)) for post in moves.kept],
            [post.pk for post in moves.freed],
            [(post.pk, str(post.to_on)) for post in moves.ended],
            moves.begun,
            moves.is_newly_elected,
            [(reason.code, reason.values) for reason in self.reasons],
            [(change.column.value, change.before, change.after) for change in self.changes],
            row,
        )


@dataclass(frozen=True)
class VillagePlan:
    """The whole result of one village."""

    unit_id: int
    code: str
    name: str
    begins_on: date
    seats: tuple[Seat, ...] = ()
    problems: tuple[Reason, ...] = ()
    cautions: tuple[Reason, ...] = ()
    # The result is in already: its rows change nothing.
    is_done: bool = False

    @property
    def is_right(self) -> bool:
        """Whether nothing has to be corrected before it can be written."""
        return not self.problems and not any(seat.fate is Fate.ERROR for seat in self.seats)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many people of each fate; nobody where the result is in already."""
        return Counter(seat.fate.value for seat in self.seats if not self.is_done)

    def lines(self) -> Iterator[tuple[str, str]]:
        """A digest of every line with the words that name it: what somebody looked at before the yes."""
        own = (self.code, self.begins_on, self.is_done, [(each.code, each.values) for each in self.problems])
        yield _digest(own), self.name
        for seat in self.seats:
            yield _digest((self.code, *seat.says)), f"{self.name} {seat.name}"


@dataclass(frozen=True)
class TownshipPlan:
    """The villages of one township that occur in a result."""

    code: str
    name: str
    villages: tuple[VillagePlan, ...] = ()
    # Rows of which no village is known; until they are corrected, somebody would seem to be missing.
    stray: tuple[Seat, ...] = ()
    is_held_up: bool = False

    @property
    def is_right(self) -> bool:
        """Whether it can be written: whole, or not at all."""
        villages = all(village.is_right or village.is_done for village in self.villages)
        return villages and not self.stray and not self.is_held_up

    @property
    def fresh(self) -> tuple[VillagePlan, ...]:
        """The villages that would get their result now."""
        return tuple(village for village in self.villages if not village.is_done)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many people of each fate."""
        return sum((village.counts for village in self.villages), Counter())

    @property
    def wrong(self) -> int:
        """How many rows are to be corrected."""
        return len(self.stray) + self.counts[Fate.ERROR]

    @property
    def without(self) -> dict[str, int]:
        """How many of its villages would have no secretary, and no director."""
        codes = [caution.code for village in self.fresh for caution in village.cautions]
        return {code: codes.count(code) for code in ("no_secretary", "no_director")}


@dataclass(frozen=True)
class ResultPlan:
    """What a result would do, as of a moment."""

    townships: tuple[TownshipPlan, ...]
    # Rows of which not even the township is known.
    stray: tuple[Seat, ...] = ()

    @cached_property
    def right(self) -> tuple[TownshipPlan, ...]:
        """The townships that can be written and have something to write."""
        return tuple(each for each in self.townships if each.is_right and each.fresh)

    @cached_property
    def held_up(self) -> tuple[TownshipPlan, ...]:
        """The townships that wait for a correction."""
        return tuple(each for each in self.townships if not each.is_right)

    @cached_property
    def to_write(self) -> tuple[VillagePlan, ...]:
        """The villages that the yes would write."""
        return tuple(village for township in self.right for village in township.fresh)

    @cached_property
    def done(self) -> tuple[VillagePlan, ...]:
        """The villages whose result is in already."""
        return tuple(
            village for township in self.townships for village in township.villages if village.is_done
        )

    @property
    def person_ids(self) -> set[int]:
        """Everybody known whom it speaks of."""
        seats = (
            seat for township in self.townships for village in township.villages for seat in village.seats
        )
        return {seat.person_id for seat in seats if seat.person_id}

    @property
    def wrong(self) -> tuple[Seat, ...]:
        """The rows to correct."""
        seats = [*self.stray]
        for township in self.townships:
            seats += township.stray
            seats += (
                seat for village in township.villages for seat in village.seats if seat.fate is Fate.ERROR
            )
        return tuple(sorted(seats, key=lambda seat: seat.row.line if seat.row else 0))

    @cached_property
    def lines(self) -> dict[str, str]:
        """The digest of every line with the words that name it."""
        found = dict(line for each in self.townships for village in each.villages for line in village.lines())
        stray = (*self.stray, *(seat for township in self.townships for seat in township.stray))
        return found | {_digest(seat.says): seat.name for seat in stray}

    @cached_property
    def seen(self) -> str:
        """What a yes says yes to."""
        return digest_of(self.lines)

    def differing(self, lines: Iterable[str], most: int = 5) -> list[str]:
        """The names of lines that say something else than the ones that were looked at."""
        known = set(lines)
        return [words for line, words in self.lines.items() if line not in known][:most]


def digest_of(lines: Iterable[str]) -> str:
    """One digest for all the lines."""
    return _digest(sorted(lines))


def _digest(said: object) -> str:
    return sha256(repr(said).encode()).hexdigest()[:12]
