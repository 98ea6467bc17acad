"""The columns of a roster and the headers under which people write them."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from accounts.roster.headers import Headers


class Column(StrEnum):
    """What a cell of a roster means."""

    NUMBER = "number"
    NAME = "name"
    PHONE = "phone"
    IDENTITY = "identity"
    UNIT_CODE = "unit_code"
    TOWNSHIP = "township"
    VILLAGE = "village"
    ROLES = "roles"
    FROM_ON = "from_on"
    BIRTH_YEAR = "birth_year"
    PARTY = "party"
    NEWLY_ELECTED = "newly_elected"


LABELS = {
    Column.NUMBER: _("Account number"),
    Column.NAME: _("Name"),
    Column.PHONE: _("Phone number"),
    Column.IDENTITY: _("ID number"),
    Column.UNIT_CODE: _("Unit code"),
    Column.TOWNSHIP: _("Township"),
    Column.VILLAGE: _("Village or community"),
    Column.ROLES: _("Posts held"),
    Column.FROM_ON: _("In post since"),
    Column.BIRTH_YEAR: _("Year of birth"),
    Column.PARTY: _("Party member"),
    Column.NEWLY_ELECTED: _("Newly elected"),
}

# The headers of a file are data in Chinese, whatever the language of the page; the first is the one that
# our own sheets carry. English ones are those of the sheet in an English interface.
HEADERS: dict[Column, tuple[str, ...]] = {
    Column.NUMBER: ("账号", "帐号", "账号编号", "登录账号", "account number"),
    Column.NAME: ("姓名", "名字", "人员姓名", "学员姓名", "干部姓名", "name"),
    Column.PHONE: ("手机号", "手机", "手机号码", "电话", "联系电话", "联系方式", "电话号码", "phone number"),
    Column.IDENTITY: ("身份证号", "身份证", "身份证号码", "公民身份号码", "证件号码", "id number"),
    Column.UNIT_CODE: ("单位代码", "单位编码", "行政区划代码", "区划代码", "村代码", "统计代码", "unit code"),
    Column.TOWNSHIP: ("乡镇", "乡(镇)", "镇", "街道", "乡镇街道", "乡镇(街道)", "所在乡镇", "township"),
    Column.VILLAGE: (
        "村",
        "村(社区)",
        "行政村",
        "村名",
        "村社区",
        "社区",
        "所在村",
        "单位",
        "village or community",
    ),
    Column.ROLES: ("职务", "现任职务", "村内职务", "当选职务", "新职务", "岗位", "任职", "posts held"),
    Column.FROM_ON: (
        "任职日期",
        "任职时间",
        "任现职时间",
        "任职起始日期",
        "当选日期",
        "当选时间",
        "选举日期",
        "in post since",
    ),
    Column.BIRTH_YEAR: ("出生年份", "出生年", "出生年月", "出生日期", "year of birth"),
    Column.PARTY: ("党员", "是否党员", "中共党员", "政治面貌", "party member"),
    Column.NEWLY_ELECTED: ("新当选", "是否新当选", "是否新任", "新任", "newly elected"),
}
column_of = Headers(HEADERS).column_of


def missing(found: Iterable[Column | None]) -> list[Column]:
    """The columns without which nobody can be brought in: name, posts, and a place."""
    have = set(found)
    lacking = [column for column in (Column.NAME, Column.ROLES) if column not in have]
    if not have & {Column.UNIT_CODE, Column.VILLAGE}:
        lacking.append(Column.VILLAGE)
    return lacking
