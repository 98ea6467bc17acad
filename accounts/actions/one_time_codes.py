"""One-time codes for people without a phone: made by the township, given back once."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from accounts.audit import audit
from accounts.models import Cadre, OneTimeCode

from .people import OutOfReach, lock

DIGITS = 8


class AccountClosed(Exception):
    """A closed account gets no code: open it first."""


class WrongCode(Exception):
    """No such code for this account; the same for accounts without one, and for those that do not exist."""


class CodeUsed(Exception):
    """The code was right, but has opened the door before."""


class CodeRanOut(Exception):
    """The code was right, but is too old."""


def code_ends_at(made_at: datetime) -> datetime:
    """Until when a code made now holds."""
    return made_at + timedelta(seconds=settings.ONE_TIME_CODE_SECONDS)


@transaction.atomic
def make_one_time_code(*, person: Cadre, by: Cadre, at: datetime) -> str:
    """Make the code that lets a person in once; an earlier one ends. Raises OutOfReach, AccountClosed.

    Nobody makes one for themselves: a desk left open would give the account away for good.
    """
    kept = lock(person.pk)
    if by.pk == kept.pk or not by.has_rights_of(kept):
        raise OutOfReach
    if not kept.is_active:
        raise AccountClosed
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    fields = {
        "code_hash": make_password(code),
        "made_at": at,
        "expires_at": code_ends_at(at),
        "tries": 0,
        "used_at": None,
    }
    OneTimeCode.objects.update_or_create(person=kept, defaults=fields)
    audit("account.one_time_code", by=by, at=at, person=kept, unit=kept.unit)
    return code


def use_one_time_code(*, person: Cadre | None, code: str, at: datetime) -> Cadre:
    """Take a person's code back and give the person; raises WrongCode, CodeUsed, CodeRanOut.

    A try is paid for before the code is looked at, and every answer costs one hash: tries in parallel win
    nothing, and neither does the clock tell which accounts exist.
    """
    kept = _paid_for(person)
    if kept is None:
        make_password(code)
        raise WrongCode
    if not check_password(code, kept.code_hash):
        raise WrongCode
    if kept.used_at is None and kept.expires_at <= at:
        raise CodeRanOut
    _claim(kept, at)
    return kept.person


def _paid_for(person: Cadre | None) -> OneTimeCode | None:
    """The person's code, if there is one with a try left."""
    kept = OneTimeCode.objects.filter(person=person, person__is_active=True).select_related("person").first()
    if kept is None:
        return None
    with_a_try = OneTimeCode.objects.filter(pk=kept.pk, tries__lt=OneTimeCode.TRIES)
    return kept if with_a_try.update(tries=F("tries") + 1) else None


@transaction.atomic
def _claim(kept: OneTimeCode, at: datetime) -> None:
    """Mark a code as used, unless somebody was faster or a new one was made meanwhile."""
    unused = OneTimeCode.objects.filter(pk=kept.pk, code_hash=kept.code_hash, used_at=None)
    if not unused.update(used_at=at):
        raise CodeUsed
    audit("account.one_time_code_used", by=kept.person, at=at, person=kept.person)


def clear_one_time_codes(*, at: datetime) -> int:
    """Forget codes that ran out a week ago; until then whoever types one is told why it fails."""
    cleared, _rows = OneTimeCode.objects.filter(expires_at__lt=at - timedelta(days=7)).delete()
    return cleared
