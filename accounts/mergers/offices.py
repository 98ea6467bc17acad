"""What becomes of the posts when units merge: pure, from posts as they are and the choices of staff."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import Post, Role

# What one person at a time can be in a village.
SINGLE = (Role.SECRETARY, Role.DIRECTOR, Role.FIRST_SECRETARY)
NOBODY = 0


class Fate(TextChoices):
    """What becomes of a post."""

    GOES_ON = "GOES_ON", _("Ends the day before, goes on in the new unit")
    JOINS = "JOINS", _("Ends the day before; the person holds the same post there already")
    ENDS = "ENDS", _("Ends the day before")
    MOVES = "MOVES", _("Began on the day or later: is counted in the new unit from the start")
    STAYS = "STAYS", _("Goes on as it is")
    CLASHES = "CLASHES", _("Overlaps another post of the same person there: end one of them first")
    TOO_LATE = "TOO_LATE", _("Began on the day or later and cannot end before: end or withdraw it first")


BLOCKING = (Fate.CLASHES, Fate.TOO_LATE)


@dataclass(frozen=True, slots=True)
class Held:
    """A post that a merger touches, the new unit's code, and what becomes of it."""

    post: Post
    new: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Contest:
    """Several people of whom one can go on in a role of the new unit."""

    new: str
    role: str
    posts: tuple[Post, ...]
    chosen: int | None = None  # the key of the post, NOBODY, or not chosen yet

    @property
    def key(self) -> str:
        """The name of the choice."""
        return f"{self.new}:{self.role}"

    @property
    def role_label(self) -> str:
        """The role as a word."""
        return str(Role(self.role).label)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A post that begins in the new unit, and the old one of which it is the rest."""

    new: str
    rest_of: Post
    to_on: date | None


@dataclass(slots=True)
class Offices:
    """All posts that a merger touches."""

    held: list[Held] = field(default_factory=list)
    begins: list[Beginning] = field(default_factory=list)
    contests: list[Contest] = field(default_factory=list)
    # Posts of the unit that goes on which last longer, or are the rest of an election won elsewhere.
    longer: list[tuple[Post, date | None]] = field(default_factory=list)
    rests: list[tuple[Post, Post]] = field(default_factory=list)

    @property
    def is_decided(self) -> bool:
        """Whether somebody, or nobody, was chosen wherever there is a choice."""
        return all(contest.chosen is not None for contest in self.contests)

    @property
    def blocked(self) -> list[Held]:
        """Posts that have to be put right before anything is written."""
        return [held for held in self.held if held.fate in BLOCKING]


def offices_of(
    leaving: Sequence[tuple[Post, str]],
    staying: Sequence[tuple[Post, str]],
    *,
    on: date,
    choices: Mapping[str, int],
) -> Offices:
    """What becomes of posts: those in retired units with the new code, those in units that go on with theirs.

    All are held on the day or later. Two who hold what one can hold are never guessed between.
    """
    offices = Offices(contests=_contests([*leaving, *staying], choices))
    lost = {
        post.pk
        for contest in offices.contests
        for post in contest.posts
        if contest.chosen is not None and post.person_id != _winner(contest)
    }
    groups: dict[tuple[int, str, str], tuple[list[Post], list[Post]]] = defaultdict(lambda: ([], []))
    for place, posts in enumerate((leaving, staying)):
        for post, new in posts:
            if post.pk in lost:
                offices.held.append(_loser(post, new, on))
            else:
                groups[post.person_id, new, post.role][place].append(post)
    for (_person, new, _role), (old, there) in groups.items():
        _settle(offices, new, old, there, on)
    return offices


def _winner(contest: Contest) -> int:
    """The person whose post was chosen: all their posts of the role go on; of nobody, none."""
    return next((post.person_id for post in contest.posts if post.pk == contest.chosen), NOBODY)


def _contests(posts: Iterable[tuple[Post, str]], choices: Mapping[str, int]) -> list[Contest]:
    found: dict[tuple[str, str], list[Post]] = defaultdict(list)
    for post, new in posts:
        if post.role in SINGLE:
            found[new, post.role].append(post)
    contests = []
    for (new, role), held in sorted(found.items()):
        if len({post.person_id for post in held}) > 1:
            contest = Contest(new, role, tuple(sorted(held, key=lambda post: (post.from_on, post.pk))))
            chosen = choices.get(contest.key)
            is_known = chosen == NOBODY or chosen in {post.pk for post in held}
            contests.append(replace(contest, chosen=chosen) if is_known else contest)
    return contests


def _loser(post: Post, new: str, on: date) -> Held:
    return Held(post, new, Fate.ENDS if post.from_on < on else Fate.TOO_LATE)


def _settle(offices: Offices, new: str, old: list[Post], there: list[Post], on: date) -> None:
    """The posts of one person in one role that come together in one unit."""
    before = [post for post in old if post.from_on < on]
    later = [post for post in old if post.from_on >= on]
    until = _latest(post.to_on for post in [*before, *there]) if before or there else None
    if _overlap(later, until, bool(before or there)):
        offices.held += [Held(post, new, Fate.CLASHES) for post in later]
        later = []
    offices.held += [Held(post, new, Fate.MOVES) for post in later]
    offices.held += [Held(post, new, Fate.STAYS) for post in there]
    if not before:
        return
    first = min(before, key=lambda post: (not post.is_newly_elected, post.from_on, post.pk))
    if not there:
        offices.begins.append(Beginning(new, first, until))
        offices.held += [Held(post, new, Fate.GOES_ON if post is first else Fate.JOINS) for post in before]
        return
    offices.held += [Held(post, new, Fate.JOINS) for post in before]
    kept = max(there, key=lambda post: (post.to_on is None, post.to_on or on, post.pk))
    if kept.to_on != until:
        offices.longer.append((kept, until))
    if first.is_newly_elected and not kept.is_newly_elected and kept.continues_id is None:
        offices.rests.append((kept, first))


def _latest(days: Iterable[date | None]) -> date | None:
    """The latest of some last days; no end is later than all."""
    known = list(days)
    return None if None in known else max(day for day in known if day is not None)


def _overlap(later: Sequence[Post], until: date | None, is_held: bool) -> bool:
    """Whether posts that begin afterwards overlap each other, or what is held until a day."""
    spans: list[tuple[date, date | None]] = [(date.min, until)] if is_held else []
    spans += [(post.from_on, post.to_on) for post in sorted(later, key=lambda post: post.from_on)]
    return any(end is None or end >= start for (_first, end), (start, _last) in pairwise(spans))


def day_before(on: date) -> date:
    """The last day of what is retired."""
    return on - timedelta(days=1)
