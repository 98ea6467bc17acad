"""Whom a written line means: by phone or account number first, then by name, among people one may name."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts import identity, phones
from accounts.models import Cadre
from accounts.roster.places import aliases, plain

CHUNK = 5000  # values in one IN (…); SQLite stops at 32,766


class Unclear(ValueError):
    """Nobody, or more than one, is meant; `code` is one of the reasons of the plan."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.value = code, value


def plain_name(name: str) -> str:
    """A name without the spaces that spread two characters to the width of three."""
    words = " ".join(name.replace("\0", " ").split())
    return words if any(letter.isascii() and letter.isalpha() for letter in words) else words.replace(" ", "")


class People:
    """Everybody among some people whom names or logins may mean (three queries for some thousands)."""

    def __init__(self, among: QuerySet[Cadre], *, names: Iterable[str], logins: Iterable[str]) -> None:
        """Read them."""
        self._named: dict[str, list[Cadre]] = defaultdict(list)
        self._logins: dict[str, Cadre] = {}
        numbers = {_login(login) for login in logins} - {""}
        words = [
            ("name", {plain_name(name) for name in names} - {""}),
            ("phone", numbers),
            ("number", numbers),
        ]
        found: dict[int, Cadre] = {}
        ours = among.select_related("unit").order_by("pk")
        for field, values in words:
            ordered = sorted(values)
            for start in range(0, len(ordered), CHUNK):
                chunk = ours.filter(Q(**{f"{field}__in": ordered[start : start + CHUNK]}))
                found.update((person.pk, person) for person in chunk)
        for person in found.values():
            self._named[person.name].append(person)
            self._logins.update((login, person) for login in (person.phone, person.number) if login)

    def find(self, *, name: str, login: str = "", last4: str = "", village: str = "") -> Cadre:
        """The one person who is meant; raises Unclear."""
        person = self._by_login(login) if login else self._by_name(name, last4, village)
        if name and person.name != plain_name(name):
            raise Unclear("name_differs", person.name)
        if last4 and person.identity_last4 not in {"", _last4(last4)}:
            raise Unclear("identity_differs", person.identity_last4)
        return person

    def find_word(self, word: str) -> Cadre:
        """The one person whom a phone, an account number or a name means; raises Unclear."""
        return self._logins.get(_login(word)) or self._by_name(word, "", "")

    def _by_login(self, login: str) -> Cadre:
        person = self._logins.get(_login(login))
        if person is None:
            raise Unclear("login", login)
        return person

    def _by_name(self, name: str, last4: str, village: str) -> Cadre:
        found = self._named.get(plain_name(name), [])
        if not found:
            raise Unclear("nobody", name)
        if last4 and len(found) > 1:
            found = [person for person in found if person.identity_last4 == _last4(last4)] or found
        if village:
            here = [person for person in found if _is_in(person, village)]
            if not here:
                raise Unclear("elsewhere", found[0].unit.short_name)
            found = here
        if len(found) > 1:
            raise Unclear("many", name)
        return found[0]


def _login(login: str) -> str:
    return phones.normal(login.replace("\0", ""))


def _last4(number: str) -> str:
    """The last four of a whole number or of a part; a spreadsheet takes the zeros off 0624."""
    return identity.last_four(number).rjust(4, "0")


def _is_in(person: Cadre, village: str) -> bool:
    """Whether the words name the person's present unit, with or without its township before it."""
    return plain(village).endswith(tuple(aliases(person.unit.name)))
