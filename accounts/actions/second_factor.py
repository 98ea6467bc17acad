"""The second factor of an account: an app that shows a code, and codes on paper for when it is lost."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from accounts.audit import audit
from accounts.models import Cadre

from .people import lock


@transaction.atomic
def set_second_factor(*, person: Cadre, secret: str, at: datetime) -> list[str]:
    """Ask for the app's code at every sign-in from now on; gives the codes for paper. Another app ends."""
    kept = lock(person.pk)
    Authenticator.objects.filter(user=kept).delete()
    TOTP.activate(kept, secret)
    audit("account.second_factor_on", by=person, at=at, person=kept)
    return _codes(kept)


@transaction.atomic
def renew_recovery_codes(*, person: Cadre, at: datetime) -> list[str]:
    """New codes for paper; those before no longer open. Without a second factor there are none."""
    kept = lock(person.pk)
    factors = Authenticator.objects.filter(user=kept)
    if not factors.filter(type=Authenticator.Type.TOTP).exists():
        return []
    factors.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    audit("account.recovery_codes", by=person, at=at, person=kept)
    return _codes(kept)


@transaction.atomic
def drop_second_factor(*, person: Cadre, by: Cadre | None, at: datetime) -> Cadre:
    """Ask for no second factor any more, because it is lost or not wanted; twice is once."""
    kept = lock(person.pk)
    dropped, _rows = Authenticator.objects.filter(user=kept).delete()
    if dropped:
        audit("account.second_factor_off", by=by, at=at, person=kept)
    return kept


def _codes(person: Cadre) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(person).get_unused_codes()
    return codes
