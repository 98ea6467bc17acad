"""Offering a person to another unit, and what becomes of the offer."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from accounts.access import MANAGERS
from accounts.actions import appoint, lock, lock_units, move_person
from accounts.actions.moves import judge_day
from accounts.audit import audit
from accounts.models import Cadre, Post, Role, Unit
from accounts.transfers.models import OfferStatus, TransferOffer


class OfferedAlready(Exception):
    """The person has been offered to some unit, and the answer has not come yet."""


class OfferDecided(Exception):
    """The offer was accepted, declined or withdrawn before."""


class MovedMeanwhile(Exception):
    """The file lies no longer in the unit that offered the person."""


class NotTheirs(PermissionError):
    """The unit lies outside the area of whoever decides."""


@transaction.atomic
def offer_person(
    *, person: Cadre, unit: Unit, on: date, is_shared: bool, ending: Iterable[int], by: Cadre, at: datetime
) -> TransferOffer:
    """Offer a person to a unit outside one's reach; the same offer again is the same one.

    Raises NotTheirs, NotYet, UnlikelyStart, UnitNotInForce, OfferedAlready, MovedMeanwhile.
    """
    kept = lock(person.pk)
    if not _covers(by, kept.unit.code) or not by.has_rights_of(kept):
        raise NotTheirs
    judge_day(on, at=at)
    if kept.unit_id == unit.pk:
        raise MovedMeanwhile
    lock_units([unit.pk], on=on)
    terms = {"to_unit": unit, "on": on, "is_shared": is_shared, "ending": sorted(set(ending))}
    waiting = TransferOffer.objects.open().filter(person=kept).first()
    if waiting is not None:
        if all(getattr(waiting, name) == value for name, value in terms.items()):
            return waiting
        raise OfferedAlready
    offer = TransferOffer.objects.create(person=kept, from_unit=kept.unit, by=by, at=at, **terms)
    audit("transfer.offered", by=by, at=at, person=kept, unit=unit, offer=offer.pk, on=str(on))
    return offer


@transaction.atomic
def accept_offer(
    *, offer: TransferOffer, unit: Unit, role: str = "", by: Cadre, at: datetime
) -> TransferOffer:
    """Take an offered person into a unit of one's own, with a post if one begins there.

    Raises NotTheirs, OfferDecided, MovedMeanwhile, and what move_person and appoint raise.
    """
    kept, person = _locked(offer)
    if not _covers(by, kept.to_unit.code) or not _covers(by, unit.code):
        raise NotTheirs
    if person.unit_id != kept.from_unit_id:
        raise MovedMeanwhile
    if kept.is_shared:
        appoint(person=person, unit=unit, role=Role.MOBILE_MEMBER, from_on=kept.on, by=by, at=at)
    else:
        ending = Post.objects.of(person.pk).filter(pk__in=kept.ending).touching(kept.on)
        move_person(
            person=person,
            unit=unit,
            on=kept.on,
            ending=[post.pk for post in ending.filter(from_on__lt=kept.on)],
            role=role,
            by=by,
            at=at,
        )
    return _decide(kept, OfferStatus.ACCEPTED, by=by, at=at)


@transaction.atomic
def decline_offer(*, offer: TransferOffer, reason: str, by: Cadre, at: datetime) -> TransferOffer:
    """Refuse an offered person, with a reason; raises NotTheirs, OfferDecided."""
    kept, _person = _locked(offer)
    if not _covers(by, kept.to_unit.code):
        raise NotTheirs
    kept.reason = reason
    return _decide(kept, OfferStatus.DECLINED, by=by, at=at)


@transaction.atomic
def withdraw_offer(*, offer: TransferOffer, by: Cadre, at: datetime) -> TransferOffer:
    """Take an offer back; raises NotTheirs, OfferDecided."""
    kept, _person = _locked(offer)
    if not _covers(by, kept.from_unit.code):
        raise NotTheirs
    return _decide(kept, OfferStatus.WITHDRAWN, by=by, at=at)


def _locked(offer: TransferOffer) -> tuple[TransferOffer, Cadre]:
    """The offer and its person as they are now; people are locked before offers, as in a merger."""
    person = lock(offer.person_id)
    kept = TransferOffer.objects.select_for_update(of=("self",)).select_related("from_unit", "to_unit")
    found = kept.get(pk=offer.pk)
    if not found.is_open:
        raise OfferDecided
    return found, person


def _decide(kept: TransferOffer, status: OfferStatus, *, by: Cadre, at: datetime) -> TransferOffer:
    kept.status, kept.decided_by, kept.decided_at = status, by, at
    kept.save(update_fields=["status", "decided_by", "decided_at", "reason"])
    audit(
        f"transfer.{status.lower()}",
        by=by,
        at=at,
        person=kept.person,
        unit=kept.to_unit,
        offer=kept.pk,
        **({"reason": kept.reason} if kept.reason else {}),
    )
    return kept


def _covers(user: Cadre, code: str) -> bool:
    return any(unit.contains(code) for unit in user.scope_units(*MANAGERS))
