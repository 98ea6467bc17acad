"""The columns of a sheet of claims and the headers under which people write them."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from accounts.roster.headers import Headers


class Column(StrEnum):
    """What a cell means."""

    NAME = "name"
    LOGIN = "login"
    LAST4 = "last4"
    VILLAGE = "village"
    TITLE = "title"
    ORGANISER = "organiser"
    LEDGER = "ledger"
    HOURS = "hours"
    DAYS = "days"
    DATES = "dates"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"


LABELS = {
    Column.NAME: _("Name"),
    Column.LOGIN: _("Phone or account number"),
    Column.LAST4: _("ID number, last four"),
    Column.VILLAGE: _("Village or community"),
    Column.TITLE: _("What was learned"),
    Column.ORGANISER: _("Organiser"),
    Column.LEDGER: _("Counts as"),
    Column.HOURS: _("Hours"),
    Column.DAYS: _("Number of days"),
    Column.DATES: _("Dates"),
    Column.STARTS_ON: _("First day"),
    Column.ENDS_ON: _("Last day"),
}

# The headers of a file are data in Chinese, whatever the language of the page; the first is the one that
# our own sheets carry. English ones are those of the sheet in an English interface.
HEADERS: dict[Column, tuple[str, ...]] = {
    Column.NAME: ("姓名", "名字", "人员姓名", "学员姓名", "干部姓名", "name"),
    Column.LOGIN: (
        "电话或账号",
        "手机号或账号",
        "手机号",
        "手机",
        "手机号码",
        "电话",
        "联系电话",
        "电话号码",
        "账号",
        "帐号",
        "phone or account number",
    ),
    Column.LAST4: (
        "身份证后四位",
        "身份证号后四位",
        "身份证号",
        "身份证",
        "身份证号码",
        "id number, last four",
    ),
    Column.VILLAGE: ("村(社区)", "村", "行政村", "村社区", "社区", "单位", "所在村", "village or community"),
    Column.TITLE: (
        "题目",
        "学习内容",
        "培训内容",
        "培训名称",
        "培训班名称",
        "培训班",
        "项目",
        "名称",
        "what was learned",
    ),
    Column.ORGANISER: ("主办", "主办单位", "举办单位", "组织单位", "培训机构", "organiser"),
    Column.LEDGER: ("台账", "学习形式", "培训形式", "培训方式", "类别", "类型", "counts as"),
    Column.HOURS: ("学时", "学时数", "申报学时", "培训学时", "hours"),
    Column.DAYS: ("天数", "培训天数", "学习天数", "days", "number of days"),
    Column.DATES: ("起止日期", "起止时间", "培训时间", "学习时间", "培训日期", "日期", "时间", "dates"),
    Column.STARTS_ON: ("开始日期", "起始日期", "开始时间", "first day"),
    Column.ENDS_ON: ("结束日期", "截止日期", "终止日期", "结束时间", "last day"),
}
column_of = Headers(HEADERS).column_of
NEEDED = (Column.NAME, Column.TITLE, Column.ORGANISER, Column.LEDGER, Column.HOURS)

# How people write the ledgers; the first is the ledger's own name.
LEDGER_WORDS = {
    "CONCENTRATED": ("集中培训", "集中", "集中学习", "面授", "脱产培训", "concentrated training"),
    "ONLINE": ("网络自学", "网络", "网络学习", "网络培训", "线上", "线上学习", "online self-study"),
    "COLLECTIVE": ("集体学习", "集体", "集体收看", "collective study"),
}


def missing(found: Iterable[Column | None]) -> list[Column]:
    """The columns without which no row is a claim: who, what, where it counts, how much, when."""
    have = set(found)
    lacking = [column for column in NEEDED if column not in have]
    if not have & {Column.DATES, Column.STARTS_ON}:
        lacking.append(Column.DATES)
    return lacking
