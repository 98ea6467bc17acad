"""Reads what the certificate of a class says: who finished it, as what, and how much of it counted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from accounts.codes import ancestors
from accounts.models import Cadre, Level, Role, Unit
from lms.certificates.models import Certificate, CertificateStatus
from lms.certificates.occasions import posts_on, units_above
from lms.certificates.snapshot import Attended, ClassSnapshot, class_snapshot_of
from lms.hours.figures import plain
from lms.hours.models import HoursEntry, Totals
from lms.training.classes.models import Closing, TrainingClass


@dataclass(frozen=True, slots=True)
class Graduation:
    """Somebody's finished class with all that its certificate says, and whose book numbers it."""

    training_class: TrainingClass
    attended: Attended
    county: Unit

    @property
    def person(self) -> Cadre:
        """Whose it is."""
        return self.attended.person

    @property
    def ground(self) -> dict[str, TrainingClass]:
        """What it certifies, as the row names it."""
        return {"training_class": self.training_class}

    def snapshot(self, *, serial: str, at: datetime) -> ClassSnapshot:
        """All that is printed, frozen."""
        return class_snapshot_of(self.training_class, self.attended, serial=serial, at=at)


class Due(NamedTuple):
    """What is to be done about the certificates of a class: people without one, and those to be ended."""

    new: list[int]
    ended: list[Certificate]
    # Withdrawn because the class had been reopened, and earned after all.
    again: list[Certificate]


def has_finished(total: Totals | None) -> bool:
    """Whether the ledger counts the class as attended."""
    return total is not None and total.times > 0


def due_of(held: TrainingClass, closing: Closing, *, withdrawn: str) -> Due:
    """Compare the certificates of a closed class with its ledger lines (two queries).

    Only a closing that came after a certificate changes it; `withdrawn` is the reason that says so.
    """
    totals = HoursEntry.objects.filter(source=held.source).by_person()
    # The last of each person has no successor.
    latest = {each.person_id: each for each in Certificate.objects.filter(training_class=held).order_by("pk")}
    due = Due([pk for pk, total in totals.items() if has_finished(total) and pk not in latest], [], [])
    for pk, certificate in latest.items():
        total = totals.get(pk)
        if closing.closed_at <= (certificate.ended_at or certificate.issued_at):
            continue
        if certificate.status == CertificateStatus.VALID and not says(certificate, total):
            due.ended.append(certificate)
        elif (
            certificate.status == CertificateStatus.REVOKED
            and certificate.reason == withdrawn
            and has_finished(total)
        ):
            due.again.append(certificate)
    return due


def says(certificate: Certificate, total: Totals | None) -> bool:
    """Whether a certificate prints what the ledger says."""
    if total is None or not has_finished(total):
        return False
    printed = (certificate.snapshot["hours_earned"], certificate.snapshot["days_earned"])
    return printed == (plain(total.hours), plain(total.days))


def graduations_of(held: TrainingClass, person_ids: Collection[int]) -> list[Graduation]:
    """What the certificates of these people say, with the posts that they held on the last day."""
    if not person_ids:
        return []
    lines = HoursEntry.objects.filter(source=held.source, person__in=person_ids)
    totals = lines.by_person()
    grants = list(lines.grants().select_related("person", "unit", "rule__unit").order_by("person"))
    posts = posts_on(list(person_ids), held.ends_on)
    units = units_above(Unit.objects.filter(Q(pk__in=[line.unit_id for line in grants]) | Q(pk=held.unit_id)))
    county = _book_of(held, units)
    result = []
    for line in grants:
        roles = {post.role for post in posts[line.person_id] if post.unit_id == line.unit_id}
        total = totals[line.person_id]
        attended = Attended(
            person=line.person,
            unit_path=tuple(units[code].name for code in ancestors(line.unit.code) if code in units),
            roles=tuple(role.value for role in Role if role.value in roles),
            days=total.days,
            hours=total.hours,
            rule_versions=(f"{line.rule.unit.name} {line.rule.version}",),
        )
        result.append(Graduation(held, attended, county))
    return result


def _book_of(held: TrainingClass, units: dict[str, Unit]) -> Unit:
    """The county in whose book the certificate is numbered; a city's or province's class has its own."""
    path = [units[code] for code in ancestors(held.unit.code) if code in units]
    return next((unit for unit in path if unit.level == Level.COUNTY), held.unit)
