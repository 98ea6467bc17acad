"""The printed fields as pairs of label and value, for every page that shows a certificate."""

from datetime import date
from typing import cast

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.certificates.snapshot import ClassSnapshot, Snapshot

Fields = list[tuple[str, str]]


def fields_of(snapshot: Snapshot | ClassSnapshot) -> Fields:
    """Every printed field in the order of the paper; values stay as printed, labels follow the reader."""
    # The key says which of the two it is.
    is_class = "class_title" in snapshot
    own = _of_class(cast(ClassSnapshot, snapshot)) if is_class else _of_obligation(cast(Snapshot, snapshot))
    fields = [
        (_("Name"), snapshot["name"]),
        (_("Identity number, last four"), snapshot["id_last_four"] and f"····{snapshot['id_last_four']}"),
        (_("Unit"), "".join(snapshot["unit_path"])),
        (_("Post"), "、".join(snapshot["role_names"])),
        *own,
        (_("Issued by"), snapshot["issuer"]),
        (_("Issued on"), _day(snapshot["issued_on"])),
        (_("Certificate number"), snapshot["serial"]),
    ]
    return [(label, value) for label, value in fields if value]


def _of_obligation(snapshot: Snapshot) -> Fields:
    measure = snapshot["measure"]
    return [
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
    ]


def _of_class(snapshot: ClassSnapshot) -> Fields:
    return [
        (_("Class"), snapshot["class_title"]),
        (_("Held by"), snapshot["organiser"]),
        (_("Held"), f"{_day(snapshot['starts_on'])} – {_day(snapshot['ends_on'])}"),
        (_("The whole class"), _amount(snapshot["days"], snapshot["hours"])),
        (_("Completed"), _amount(snapshot["days_earned"], snapshot["hours_earned"])),
        (_("Counts as"), snapshot["ledger"]),
        (_("Hours recognised under"), _("; ").join(snapshot["rule_versions"])),
    ]


def _amount(days: str, hours: str) -> str:
    if days == "0":
        return _("%(hours)s hours") % {"hours": hours}
    return _("%(days)s days, %(hours)s hours") % {"days": days, "hours": hours}


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
