"""Issuing, replacing and revoking certificates; what was issued is never rewritten."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actions import lock
from accounts.audit import audit
from accounts.models import Cadre, Unit
from lms.certificates.digest import digest_of
from lms.certificates.models import Certificate, CertificateStatus, SerialBook
from lms.certificates.occasions import Issuing, occasions_of
from lms.certificates.serials import serial_of
from lms.certificates.snapshot import snapshot_of
from lms.obligations.actions import refresh
from lms.obligations.models import Obligation, ObligationQuerySet

LOADED = ("person", "requirement__unit", "term", "post")
TOKEN_BYTES = 16  # 128 bits: nobody finds a certificate by trying


class NotMet(ValueError):
    """The obligation is not met now, so nothing can be certified."""


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


def _write(
    occasions: Sequence[Issuing], *, at: datetime, replaces: Certificate | None = None
) -> list[Certificate]:
    numbers = _numbers([item.county for item in occasions], timezone.localdate(at).year)
    certificates = []
    for item, serial in zip(occasions, numbers, strict=True):
        snapshot = snapshot_of(item.obligation, item.occasion, serial=serial, at=at)
        certificates.append(
            Certificate(
                person=item.obligation.person,
                obligation=item.obligation,
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
    refresh([current.person_id], at=at)
    obligation = Obligation.objects.select_related(*LOADED).get(pk=current.obligation_id)
    if not obligation.is_met:
        raise NotMet
    first = Certificate.objects.get(obligation=obligation, replaces=None)
    if current.status == CertificateStatus.VALID:
        _end(current, CertificateStatus.REPLACED, reason, by, at)
    occasions = occasions_of([obligation], timezone.localdate(first.issued_at))
    (successor,) = _write(occasions, at=at, replaces=current)
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
