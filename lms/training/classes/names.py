"""Whom a unit can propose for a class, who is meant by a line, and what speaks against a name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.access import MANAGERS
from accounts.models import Cadre, Post, Unit
from accounts.models.people import CadreQuerySet
from accounts.phones import normal
from lms.training.classes.models import ClassState, Place, TrainingClass
from lms.training.classes.written import MOST_PEOPLE, keys, parted, unclear_words
from lms.training.people import People, Unclear

_MOST_LETTERS = 20_000


@dataclass
class Names:
    """The people who are meant, each once, and every word that is not clear."""

    people: list[Cadre] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_names(text: str, *, ticked: Iterable[str], by: Cadre, unit: Unit) -> Names:
    """Judge ticks and written names of people of a unit whom the staff member keeps; writes nothing."""
    words, ticks = parted(text[:_MOST_LETTERS]), keys(ticked)
    names = Names()
    if len(words) + len(ticks) > MOST_PEOPLE:
        names.problems.append(_("More than %(most)d people in one class.") % {"most": MOST_PEOPLE})
        return names
    reachable = Cadre.objects.visible_to(by, *MANAGERS).within(unit).select_related("unit")
    found = {person.pk: person for person in reachable.filter(pk__in=ticks)}
    people = People(reachable, names=words, logins=words)
    for word in words:
        try:
            person = people.find_word(word)
        except Unclear as unclear:
            names.problems.append(unclear_words(word, unclear))
        else:
            found[person.pk] = person
    names.people = list(found.values())
    return names


def candidates(training_class: TrainingClass, *, by: Cadre, unit: Unit, q: str = "") -> CadreQuerySet:
    """The people of a unit in post on the first day who stand on no list yet; whom the class is for first."""
    first = training_class.starts_on
    posts = Post.objects.held_on(first).filter(person=OuterRef("pk"), role__in=training_class.roles)
    named = Place.objects.counting().filter(training_class=training_class)
    found: CadreQuerySet = Cadre.objects.visible_to(by, *MANAGERS).within(unit).in_post(first)
    found = found.exclude(pk__in=named.values("person")).annotate(is_asked=Exists(posts))
    if q:
        found = found.filter(_searched(q))
    ordered: CadreQuerySet = found.select_related("unit").order_by(F("is_asked").desc(), "unit__code", "pk")
    return ordered


def _searched(q: str) -> Q:
    """A part of the name, the beginning of the phone however it is grouped, or the account."""
    asked = Q(name__contains=q)
    digits = normal(q)
    if digits.isdecimal():
        asked |= Q(phone__startswith=digits) | Q(number=digits)
    return asked


def doubts(training_class: TrainingClass, people: Sequence[Cadre]) -> list[str]:
    """What speaks against names without forbidding them: gone by then, a unit retired, other classes then."""
    first, last = training_class.starts_on, training_class.ends_on
    ids = [person.pk for person in people]
    in_post = set(Cadre.objects.filter(pk__in=ids).in_post(first).values_list("pk", flat=True))
    others: dict[int, list[TrainingClass]] = defaultdict(list)
    places = Place.objects.counting().filter(person__in=ids).held_between(first, last)
    for place in places.exclude(training_class=training_class).select_related("training_class"):
        if place.training_class.state != ClassState.CANCELLED:
            others[place.person_id].append(place.training_class)
    found = []
    for person in people:
        said = {"name": person.name, "unit": person.unit.name}
        if person.unit.valid_to and person.unit.valid_to < first:
            found.append(_("%(name)s: %(unit)s no longer exists on the first day of the class.") % said)
        if person.pk not in in_post:
            found.append(_("%(name)s holds no post on the first day of the class.") % said)
        for other in others[person.pk]:
            said["title"] = other.title
            found.append(_("%(name)s is on the list of “%(title)s” on the same dates.") % said)
    return found
