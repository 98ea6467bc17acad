"""The printed fields as pairs of label and value, for every page that shows a certificate."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.certificates.snapshot import Snapshot


def fields_of(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Every printed field in the order of the paper; values stay as printed, labels follow the reader."""
    measure = snapshot["measure"]
    fields = [
        (_("Name"), snapshot["name"]),
        (_("Identity number, last four"), snapshot["id_last_four"] and f"····{snapshot['id_last_four']}"),
        (_("Unit"), "".join(snapshot["unit_path"])),
        (_("Post"), "、".join(snapshot["role_names"])),
        (_("Obligation"), snapshot["obligation_name"]),
        (
            _("Period"),
            f"{snapshot['period_label']} · {_day(snapshot['starts_on'])} – {_day(snapshot['due_on'])}",
        ),
        (_("Required"), f"{snapshot['required']} {measure}"),
        (_("Earned"), f"{snapshot['earned']} {measure}"),
        (_("Met on"), _day(snapshot["met_on"])),
        *((line["ledger"], f"{line['earned']} {line['measure']}") for line in snapshot["ledgers"]),
        (_("Hours recognised under"), _("; ").join(snapshot["rule_versions"])),
        (_("Source document"), snapshot["document"]),
        (_("Issued by"), snapshot["issuer"]),
        (_("Issued on"), _day(snapshot["issued_on"])),
        (_("Certificate number"), snapshot["serial"]),
    ]
    return [(label, value) for label, value in fields if value]


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
