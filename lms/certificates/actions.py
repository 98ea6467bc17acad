"""Issuing, replacing and revoking certificates; what was issued is never rewritten."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actions import lock, lock_all
from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.certificates.digest import digest_of
from lms.certificates.graduations import Graduation, due_of, graduations_of, has_finished
from lms.certificates.models import Certificate, CertificateStatus, SerialBook
from lms.certificates.occasions import Issuing, occasions_of
from lms.certificates.serials import serial_of
from lms.hours.models import HoursEntry
from lms.obligations.actions import refresh
from lms.obligations.models import Obligation, ObligationQuerySet
from lms.training.classes.models import Closing, TrainingClass

LOADED = ("person", "requirement__unit", "term", "post")
TOKEN_BYTES = 16  # 128 bits: nobody finds a certificate by trying


class NotMet(ValueError):
    """The obligation is not met, or the class not finished, now, so nothing can be certified."""


class NotCertified(ValueError):
    """The requirement does not end in a certificate."""


class WasReplaced(ValueError):
    """This certificate has a successor; that one is to be revoked or replaced."""


class NoReason(ValueError):
    """Replacing and revoking need a reason that strangers may read."""


def issue(*, obligation: Obligation, at: datetime) -> Certificate:
    """The certificate of a met obligation: issued now, or the newest of those issued before.

    Raises NotMet or NotCertified.
    """
    with transaction.atomic():
        issue_all([obligation.pk], at=at)
        certificate = Certificate.objects.filter(obligation=obligation).order_by("pk").last()
        if certificate is not None:
            return certificate
    row = Obligation.objects.select_related("requirement").get(pk=obligation.pk)
    raise NotMet if row.requirement.has_certificate else NotCertified


@transaction.atomic
def issue_all(obligation_ids: Iterable[int], *, at: datetime) -> list[Certificate]:
    """Issue for those of the obligations that are met and have no certificate yet; gives the new ones.

    The rows are brought up to date under the people's locks first, so that figures and grounds agree.
    """
    wanted = Obligation.objects.filter(pk__in=set(obligation_ids))
    refresh(wanted.values_list("person_id", flat=True), at=at)
    ready = uncertified(wanted).select_related(*LOADED).order_by("pk")
    return _write(occasions_of(list(ready), timezone.localdate(at)), at=at)


def uncertified(obligations: ObligationQuerySet) -> ObligationQuerySet:
    """Those of the obligations that should have a certificate and have none."""
    return obligations.certifiable().filter(certificates=None)


@transaction.atomic
def certify_class(*, training_class: TrainingClass, at: datetime) -> list[Certificate]:
    """Issue for everybody who finished a closed class, once; after another closing, replace or withdraw.

    Nothing is re-dated: where a figure became another, a new certificate takes the place of the old one.
    """
    held = TrainingClass.objects.select_related("unit").get(pk=training_class.pk)
    lock_all(HoursEntry.objects.filter(source=held.source).values_list("person", flat=True))
    closing = held.closings.filter(reopened_at=None).first()
    if closing is None:
        return []
    due = due_of(held, closing, withdrawn=_changed_words())
    written = _write(graduations_of(held, due.new), at=at)
    for certificate in due.ended:
        written += _follow(held, certificate, closing, at)
    for certificate in due.again:
        written += _write(graduations_of(held, [certificate.person_id]), at=at, replaces=certificate)
    return written


def is_due(closing: Closing) -> bool:
    """Whether `certify_class` would do anything; locks nobody."""
    return any(due_of(closing.training_class, closing, withdrawn=_changed_words()))


def _changed_words() -> str:
    """What strangers may read; why the class was reopened is the organiser's own affair."""
    with override(settings.LANGUAGE_CODE):
        return _("The class was reopened and its figures were put right.")


def _follow(held: TrainingClass, old: Certificate, closing: Closing, at: datetime) -> list[Certificate]:
    """End a certificate that prints what is no longer so; who finished gets another in its place."""
    total = HoursEntry.objects.filter(source=held.source).by_person().get(old.person_id)
    status = CertificateStatus.REPLACED if has_finished(total) else CertificateStatus.REVOKED
    _end(old, status, _changed_words(), closing.by, at)
    again = graduations_of(held, [old.person_id] if has_finished(total) else [])
    written = _write(again, at=at, replaces=old)
    audit(
        "certificates.class_changed",
        by=closing.by,
        at=at,
        person=old.person,
        serial=old.serial,
        successor=written[0].serial if written else "",
    )
    return written


def _write(
    occasions: Sequence[Issuing | Graduation], *, at: datetime, replaces: Certificate | None = None
) -> list[Certificate]:
    numbers = _numbers([item.county for item in occasions], timezone.localdate(at).year)
    certificates = []
    for item, serial in zip(occasions, numbers, strict=True):
        snapshot = item.snapshot(serial=serial, at=at)
        certificates.append(
            Certificate(
                **item.ground,
                person=item.person,
                serial=serial,
                token=secrets.token_hex(TOKEN_BYTES),
                snapshot=snapshot,
                digest=digest_of(snapshot),
                issued_at=at,
                replaces=replaces,
            )
        )
    return Certificate.objects.bulk_create(certificates, batch_size=500)


def _numbers(counties: Sequence[Unit], year: int) -> list[str]:
    """Serials for certificates of these counties, in order; each county's book is locked meanwhile."""
    by_county = {county.pk: county for county in counties}
    last: dict[int, SerialBook] = {}
    # Books are opened and locked in the order of keys, so that two issuers never wait in a circle.
    for pk in sorted(by_county):
        SerialBook.objects.get_or_create(county=by_county[pk], year=year)
        last[pk] = SerialBook.objects.select_for_update().get(county=pk, year=year)
    serials = []
    for county in counties:
        book = last[county.pk]
        book.last += 1
        serials.append(serial_of(county.code[:6], year, book.last))
    for book in last.values():
        book.save(update_fields=["last"])
    return serials


@transaction.atomic
def replace(*, certificate: Certificate, reason: str, by: Cadre, at: datetime) -> Certificate:
    """Issue a successor with today's figures and names, and the posts of the first; the old one says so.

    A certificate that has a successor gives that one. A revoked one stays revoked, and its successor is
    how somebody who earned it after all gets a certificate again. Raises NoReason or NotMet.
    """
    current = _locked(certificate, reason)
    successor = Certificate.objects.filter(replaces=current).first()
    if successor is not None:
        return successor
    occasion = _occasion_again(current, at)
    if current.status == CertificateStatus.VALID:
        _end(current, CertificateStatus.REPLACED, reason, by, at)
    (successor,) = _write([occasion], at=at, replaces=current)
    audit(
        "certificates.replace",
        by=by,
        at=at,
        person=current.person,
        serial=current.serial,
        successor=successor.serial,
        reason=reason,
    )
    return successor


def _occasion_again(current: Certificate, at: datetime) -> Issuing | Graduation:
    """What a certificate would say today, with the posts of the first; raises NotMet."""
    if current.training_class_id is not None:
        held = TrainingClass.objects.select_related("unit").get(pk=current.training_class_id)
        total = HoursEntry.objects.filter(source=held.source).by_person().get(current.person_id)
        if not has_finished(total):
            raise NotMet
        return graduations_of(held, [current.person_id])[0]
    refresh([current.person_id], at=at)
    obligation = Obligation.objects.select_related(*LOADED).get(certificates=current)
    if not obligation.is_met:
        raise NotMet
    first = Certificate.objects.get(obligation=obligation, replaces=None)
    return occasions_of([obligation], timezone.localdate(first.issued_at))[0]


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, by: Cadre, at: datetime) -> Certificate:
    """Take a certificate out of force; again changes nothing. Raises NoReason or WasReplaced."""
    current = _locked(certificate, reason)
    if current.status == CertificateStatus.REVOKED:
        return current
    if current.status == CertificateStatus.REPLACED:
        raise WasReplaced
    _end(current, CertificateStatus.REVOKED, reason, by, at)
    audit("certificates.revoke", by=by, at=at, person=current.person, serial=current.serial, reason=reason)
    return current


def _locked(certificate: Certificate, reason: str) -> Certificate:
    if not reason.strip():
        raise NoReason
    lock(certificate.person_id)
    return Certificate.objects.select_related("person").get(pk=certificate.pk)


def _end(certificate: Certificate, status: CertificateStatus, reason: str, by: Cadre, at: datetime) -> None:
    certificate.status = status
    certificate.ended_at = at
    certificate.ended_by = by
    certificate.reason = reason.strip()
    certificate.save(update_fields=["status", "ended_at", "ended_by", "reason"])
