"""Everything that a certificate prints, frozen as words and figures on the day of issue.

The snapshot is plain JSON; nothing here asks the database or the clock. Words are frozen in Chinese,
as they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Role
from lms.certificates.pdf import LedgerLine, Printed
from lms.hours.figures import plain
from lms.hours.models import Ledger
from lms.obligations.models import Measure, Obligation, Period


class LedgerFigure(TypedDict):
    """One ledger's part of the figure."""

    ledger: str
    earned: str
    measure: str


class Snapshot(TypedDict):
    """What is printed; every value is the text or number on the paper, days in ISO form."""

    serial: str
    kind_title: str
    name: str
    id_last_four: str
    unit_path: list[str]
    role_names: list[str]
    obligation_name: str
    period_label: str
    starts_on: str
    due_on: str
    required: str
    earned: str
    measure: str
    met_on: str
    ledgers: list[LedgerFigure]
    rule_versions: list[str]
    document: str
    issued_on: str
    issuer: str


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


def printed(snapshot: Snapshot, *, digest: str, verify_url: str) -> Printed:
    """The snapshot as the drawing takes it."""
    return Printed(
        serial=snapshot["serial"],
        verify_url=verify_url,
        kind_title=snapshot["kind_title"],
        name=snapshot["name"],
        id_last_four=snapshot["id_last_four"],
        unit_path=tuple(snapshot["unit_path"]),
        role_names=tuple(snapshot["role_names"]),
        obligation_name=snapshot["obligation_name"],
        period_label=snapshot["period_label"],
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
        issued_on=date.fromisoformat(snapshot["issued_on"]),
        issuer=snapshot["issuer"],
        digest=digest,
    )


def _grounds(snapshot: Snapshot) -> tuple[str, ...]:
    """The rules behind the figure, and the document that asks for it, where one is named."""
    document = (snapshot["document"],) if snapshot["document"] else ()
    return (*snapshot["rule_versions"], *document)
