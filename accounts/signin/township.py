"""In with the township's one-time code: one try at one account, counted together with passwords."""

from datetime import datetime

from accounts.actions import WrongCode, use_one_time_code
from accounts.models import Cadre
from accounts.signin import lockout


class Locked(Exception):
    """Five wrong tries: this account takes no password and no code of the township for five minutes."""


class Refused(Exception):
    """Account and code do not belong together; `left` tries remain."""

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(left)


def come_in(*, login: str, code: str, at: datetime) -> Cadre:
    """The person whom a code lets in; raises Locked, Refused, CodeUsed, CodeRanOut."""
    person = Cadre.objects.signing_in_as(login).first()
    who = lockout.name_of(person, login)
    if not lockout.take_try(who):
        raise Locked
    try:
        admitted = use_one_time_code(person=person, code=code, at=at)
    except WrongCode as error:
        if left := lockout.tries_left(who):
            raise Refused(left) from error
        raise Locked from error
    lockout.forgive(who)
    return admitted
