"""The accounts that one signs in with to look round the demo."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.demo.cast import PARTS, account_number, phone_number
from lms.demo.staff import STAFF

# Public on purpose: `load_demo` refuses outside the demo.
PASSWORD = "pingyao2026"  # noqa: S105 - printed for everybody who looks round

LEARNERS: dict[str, Promise] = {
    "learner": _("Learner, one short film away from the year's online hours"),
    "fresh": _("Learner who has not begun"),
}


@dataclass(frozen=True)
class Account:
    """How to sign in as somebody; `key` is how tests and scripts name them."""

    key: str
    name: str
    role: str | Promise
    phone: str
    number: str
    password: str = PASSWORD


def accounts() -> list[Account]:
    """Every account with a known password: the learners, then the staff of each role."""
    return [*_learners(), *_staff()]


def account(key: str) -> Account:
    """The account of one key; KeyError where there is none."""
    return {account.key: account for account in accounts()}[key]


def _learners() -> Iterator[Account]:
    for serial, part in enumerate(PARTS, 1):
        if part.has_password:
            yield Account(
                part.key, part.name, LEARNERS[part.key], phone_number(serial), account_number(serial)
            )


def _staff() -> Iterator[Account]:
    for plan in STAFF:
        role = plan.role.label if plan.role else _("Administrator")
        yield Account(plan.key, plan.name, role, plan.phone, plan.number)
