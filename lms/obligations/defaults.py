"""The requirements that the project ships (domain §2), as data; staff edit them by new versions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from accounts.models import COMMITTEE_ROLES, Role
from lms.hours.models import Ledger
from lms.obligations.models import Measure, Period

CONCENTRATED = (Ledger.CONCENTRATED.value,)
GATHERED = (Ledger.CONCENTRATED.value, Ledger.COLLECTIVE.value)


class RequirementFields(TypedDict):
    """What a version of a requirement says, apart from its short name, place and time."""

    name: str
    period: str
    measure: str
    amount: Decimal
    ledgers: list[str]
    roles: list[str]
    is_for_party_members: bool
    is_for_newly_elected: bool
    months: int | None
    min_classes: int
    is_pro_rata: bool
    is_rotation: bool
    lead_days: int
    can_be_made_up: bool
    has_certificate: bool
    document: str


@dataclass(frozen=True, slots=True)
class Default:
    """One shipped requirement; its name is data and stays Chinese in every language."""

    slug: str
    name: str
    period: Period
    measure: Measure
    amount: Decimal
    ledgers: tuple[str, ...]
    roles: tuple[str, ...] = ()
    is_for_party_members: bool = False
    is_for_newly_elected: bool = False
    months: int | None = None
    min_classes: int = 0
    is_rotation: bool = False
    can_be_made_up: bool = False
    document: str = ""

    def fields(self) -> RequirementFields:
        """The columns of a requirement."""
        return {
            "name": self.name,
            "period": self.period.value,
            "measure": self.measure.value,
            "amount": self.amount,
            "ledgers": list(self.ledgers),
            "roles": list(self.roles),
            "is_for_party_members": self.is_for_party_members,
            "is_for_newly_elected": self.is_for_newly_elected,
            "months": self.months,
            "min_classes": self.min_classes,
            "is_pro_rata": False,
            "is_rotation": self.is_rotation,
            "lead_days": 0,
            "can_be_made_up": self.can_be_made_up,
            "has_certificate": True,
            "document": self.document,
        }


COMMITTEE = tuple(role.value for role in COMMITTEE_ROLES)
LEADERS = (Role.SECRETARY.value, Role.DIRECTOR.value)

DEFAULT_REQUIREMENTS = (
    Default("online", "网络自学", Period.YEAR, Measure.HOURS, Decimal(50), (Ledger.ONLINE.value,)),
    Default(
        "concentrated",
        "两委成员集中培训",
        Period.YEAR,
        Measure.DAYS,
        Decimal(5),
        CONCENTRATED,
        roles=COMMITTEE,
    ),
    Default(
        "rotation",
        "书记、主任任期轮训",
        Period.TERM,
        Measure.TIMES,
        Decimal(1),
        CONCENTRATED,
        roles=LEADERS,
        is_rotation=True,
    ),
    Default(
        "committee",
        "书记和两委成员学习培训",
        Period.YEAR,
        Measure.HOURS,
        Decimal(56),
        GATHERED,
        roles=COMMITTEE,
        min_classes=1,
    ),
    Default(
        "party",
        "党员集中学习培训",
        Period.YEAR,
        Measure.HOURS,
        Decimal(32),
        GATHERED,
        is_for_party_members=True,
    ),
    Default(
        "newly-elected",
        "新任干部任职培训",
        Period.ONCE,
        Measure.DAYS,
        Decimal(3),
        CONCENTRATED,
        is_for_newly_elected=True,
        months=3,
        can_be_made_up=True,
    ),
)
