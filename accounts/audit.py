"""One line for everything that somebody may later have to answer for."""

from datetime import datetime

from accounts.models import AuditLine, Cadre, Unit


def audit(
    action: str,
    *,
    by: Cadre | None,
    at: datetime,
    person: Cadre | None = None,
    unit: Unit | None = None,
    **detail: object,
) -> AuditLine:
    """Write who did what to whom and when; `detail` holds JSON values, never a whole ID number."""
    return AuditLine.objects.create(action=action, by=by, at=at, person=person, unit=unit, detail=detail)
