"""The staff of the demo: one person for every role, and one who may do everything."""

from dataclasses import dataclass

from accounts.models import StaffRole
from lms.demo.cast import EAST

PROVINCE, CITY, COUNTY = "140000000000", "140700000000", "140728000000"
TOWNSHIP, OTHER_TOWNSHIP = "140728100000", "140728101000"
# Where a lower daily limit is being tried.
SMALL_CAP_TOWNSHIP = "140728003000"


@dataclass(frozen=True)
class StaffPlan:
    """A staff member; no role means the administrator."""

    key: str
    name: str
    unit: str
    role: StaffRole | None
    serial: int

    @property
    def number(self) -> str:
        """The account number."""
        return f"14072890{self.serial:02d}"

    @property
    def phone(self) -> str:
        """A mobile number that is plainly nobody's."""
        return f"1390000{self.serial:04d}"


STAFF = (
    StaffPlan("township", "郭建新", TOWNSHIP, StaffRole.TOWNSHIP, 1),
    StaffPlan("other-township", "冀海燕", OTHER_TOWNSHIP, StaffRole.TOWNSHIP, 2),
    StaffPlan("county", "武晓峰", COUNTY, StaffRole.COUNTY, 3),
    StaffPlan("city", "赵文杰", CITY, StaffRole.CITY, 4),
    StaffPlan("province", "李雪梅", PROVINCE, StaffRole.PROVINCE, 5),
    StaffPlan("station", "雷春兰", EAST, StaffRole.STATION, 6),
    StaffPlan("trainer", "范志宏", COUNTY, StaffRole.TRAINER, 7),
    StaffPlan("reviewer", "任慧琴", COUNTY, StaffRole.REVIEWER, 8),
    StaffPlan("auditor", "许国华", COUNTY, StaffRole.AUDITOR, 9),
    StaffPlan("administrator", "尹明远", COUNTY, None, 10),
)
