"""Everything that a certificate prints, frozen as words and figures on the day of issue.

The snapshot is plain JSON; nothing here asks the database or the clock. Words are frozen in Chinese,
as they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Cadre, Role
from lms.certificates.pdf import LedgerLine, Printed, PrintedClass, day_words
from lms.hours.figures import plain
from lms.hours.models import Ledger
from lms.obligations.models import Measure, Obligation, Period
from lms.training.classes.models import ClassKind, TrainingClass


class LedgerFigure(TypedDict):
    """One ledger's part of the figure."""

    ledger: str
    earned: str
    measure: str


class SheetSnapshot(TypedDict):
    """What every certificate prints; each value is the text or number on the paper, days in ISO form."""

    serial: str
    kind_title: str
    name: str
    id_last_four: str
    unit_path: list[str]
    role_names: list[str]
    period_label: str
    starts_on: str
    rule_versions: list[str]
    issued_on: str
    issuer: str


class Snapshot(SheetSnapshot):
    """What the certificate of an obligation prints beside."""

    obligation_name: str
    due_on: str
    required: str
    earned: str
    measure: str
    met_on: str
    ledgers: list[LedgerFigure]
    document: str


class ClassSnapshot(SheetSnapshot):
    """What the certificate of a class prints beside."""

    class_title: str
    organiser: str
    ends_on: str
    days: str
    hours: str
    days_earned: str
    hours_earned: str
    ledger: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """What must be known beside the obligation itself: where, as what, and on which grounds."""

    unit_path: tuple[str, ...]  # from province to village
    roles: tuple[str, ...]
    issuer: str
    earned: tuple[tuple[str, Decimal], ...]  # ledger, sum in the requirement's measure
    rule_versions: tuple[str, ...]


def snapshot_of(obligation: Obligation, occasion: Occasion, *, serial: str, at: datetime) -> Snapshot:
    """Freeze a met obligation; its person, requirement and term must be loaded."""
    assert obligation.met_on is not None  # by the constraint on whatever is met
    with override("zh-hans"):
        requirement = obligation.requirement
        measure = str(Measure(requirement.measure).label)
        return Snapshot(
            serial=serial,
            kind_title=_title(requirement.period),
            name=obligation.person.name,
            id_last_four=obligation.person.identity_last4,
            unit_path=list(occasion.unit_path),
            role_names=[str(Role(role).label) for role in occasion.roles],
            obligation_name=requirement.name,
            period_label=_period(obligation),
            starts_on=obligation.starts_on.isoformat(),
            due_on=obligation.due_on.isoformat(),
            required=plain(obligation.required),
            earned=plain(obligation.earned),
            measure=measure,
            met_on=obligation.met_on.isoformat(),
            ledgers=_ledgers(obligation, occasion.earned, measure),
            rule_versions=list(occasion.rule_versions),
            document=requirement.document,
            issued_on=timezone.localdate(at).isoformat(),
            issuer=occasion.issuer,
        )


def _title(period: str) -> str:
    if period == Period.TERM:
        return _("Certificate of rotation training")
    if period == Period.ONCE:
        return _("Certificate of training on taking office")
    return _("Certificate of the year's study")


def _period(obligation: Obligation) -> str:
    if obligation.term is not None:
        return _("term %(number)d (%(span)s)") % {
            "number": obligation.term.number,
            "span": str(obligation.term),
        }
    if obligation.requirement.period == Period.ONCE:
        start = obligation.starts_on
        return _("taking office in %(month)d/%(year)d") % {"year": start.year, "month": start.month}
    if obligation.is_shared:
        words = _("year %(year)d, %(months)d of 12 months in post")
        return words % {"year": obligation.starts_on.year, "months": obligation.share_months or 0}
    return _("year %(year)d") % {"year": obligation.starts_on.year}


def _ledgers(
    obligation: Obligation, earned: Sequence[tuple[str, Decimal]], measure: str
) -> list[LedgerFigure]:
    lines = [
        LedgerFigure(ledger=str(Ledger(ledger).label), earned=plain(amount), measure=measure)
        for ledger, amount in earned
    ]
    if obligation.carried:
        carried = plain(obligation.carried)
        lines.append(LedgerFigure(ledger=_("Carried over from last year"), earned=carried, measure=measure))
    return lines


@dataclass(frozen=True, slots=True)
class Attended:
    """What must be known beside the class itself: who, where, as what, and how much of it."""

    person: Cadre
    unit_path: tuple[str, ...]
    roles: tuple[str, ...]
    days: Decimal
    hours: Decimal
    rule_versions: tuple[str, ...]


def class_snapshot_of(held: TrainingClass, attended: Attended, *, serial: str, at: datetime) -> ClassSnapshot:
    """Freeze somebody's finished class; its unit must be loaded."""
    with override("zh-hans"):
        return ClassSnapshot(
            serial=serial,
            kind_title=_class_title(held.kind),
            name=attended.person.name,
            id_last_four=attended.person.identity_last4,
            unit_path=list(attended.unit_path),
            role_names=[str(Role(role).label) for role in attended.roles],
            class_title=held.title,
            organiser=held.organiser,
            period_label=_span(held.starts_on, held.ends_on),
            starts_on=held.starts_on.isoformat(),
            ends_on=held.ends_on.isoformat(),
            days=plain(held.days),
            hours=plain(held.hours),
            days_earned=plain(attended.days),
            hours_earned=plain(attended.hours),
            ledger=str(Ledger(held.ledger).label),
            rule_versions=list(attended.rule_versions),
            issued_on=timezone.localdate(at).isoformat(),
            issuer=held.unit.name,
        )


def _class_title(kind: str) -> str:
    return _("Certificate of rotation class") if kind == ClassKind.ROTATION else _("Certificate of training")


def _span(first: date, last: date) -> str:
    if first == last:
        return day_words(first)
    return _("%(first)s to %(last)s") % {"first": day_words(first), "last": day_words(last)}


def printed(snapshot: Snapshot | ClassSnapshot, *, digest: str, verify_url: str) -> Printed | PrintedClass:
    """The snapshot as the drawing takes it."""
    if "class_title" in snapshot:
        return _printed_class(cast(ClassSnapshot, snapshot), digest, verify_url)  # its key says so
    return _printed(snapshot, digest, verify_url)


class _SheetFields(TypedDict):
    serial: str
    verify_url: str
    kind_title: str
    name: str
    id_last_four: str
    unit_path: tuple[str, ...]
    role_names: tuple[str, ...]
    period_label: str
    issued_on: date
    issuer: str
    digest: str


def _sheet(snapshot: SheetSnapshot, digest: str, verify_url: str) -> _SheetFields:
    return {
        "serial": snapshot["serial"],
        "verify_url": verify_url,
        "kind_title": snapshot["kind_title"],
        "name": snapshot["name"],
        "id_last_four": snapshot["id_last_four"],
        "unit_path": tuple(snapshot["unit_path"]),
        "role_names": tuple(snapshot["role_names"]),
        "period_label": snapshot["period_label"],
        "issued_on": date.fromisoformat(snapshot["issued_on"]),
        "issuer": snapshot["issuer"],
        "digest": digest,
    }


def _printed_class(snapshot: ClassSnapshot, digest: str, verify_url: str) -> PrintedClass:
    return PrintedClass(
        **_sheet(snapshot, digest, verify_url),
        class_title=snapshot["class_title"],
        organiser=snapshot["organiser"],
        days=Decimal(snapshot["days"]),
        hours=Decimal(snapshot["hours"]),
        days_earned=Decimal(snapshot["days_earned"]),
        hours_earned=Decimal(snapshot["hours_earned"]),
        ledger=snapshot["ledger"],
        rule_versions=tuple(snapshot["rule_versions"]),
    )


def _printed(snapshot: Snapshot, digest: str, verify_url: str) -> Printed:
    return Printed(
        **_sheet(snapshot, digest, verify_url),
        obligation_name=snapshot["obligation_name"],
        starts_on=date.fromisoformat(snapshot["starts_on"]),
        due_on=date.fromisoformat(snapshot["due_on"]),
        required=Decimal(snapshot["required"]),
        earned=Decimal(snapshot["earned"]),
        measure=snapshot["measure"],
        met_on=date.fromisoformat(snapshot["met_on"]),
        ledgers=tuple(
            LedgerLine(line["ledger"], Decimal(line["earned"]), line["measure"])
            for line in snapshot["ledgers"]
        ),
        rule_versions=_grounds(snapshot),
    )


def _grounds(snapshot: Snapshot) -> tuple[str, ...]:
    """The rules behind the figure, and the document that asks for it, where one is named."""
    document = (snapshot["document"],) if snapshot["document"] else ()
    return (*snapshot["rule_versions"], *document)
