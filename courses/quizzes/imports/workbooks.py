"""Sheets that go out: the wrong rows with their reasons, and one to fill in with an example of each kind."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.roster.books import book, book_bytes, is_chinese
from courses.quizzes.imports.columns import HEADERS, Column
from courses.quizzes.imports.plan import Judged

# What a sheet says is data in Chinese, as its headers are.
EXAMPLES: tuple[dict[Column, str], ...] = (
    {
        Column.KIND: "单选题",
        Column.STEM: "村民代表会议要有多少组成人员参加才能开？",
        Column.A: "过半数",
        Column.B: "三分之二以上",
        Column.C: "四分之三以上",
        Column.ANSWER: "B",
        Column.EXPLANATION: "有三分之二以上的组成人员参加方可召开。",
        Column.DIFFICULTY: "中",
    },
    {
        Column.KIND: "多选题",
        Column.STEM: "会议记录里一定要写清的有哪些？",
        Column.A: "时间、地点、主持人",
        Column.B: "应到和实到人数",
        Column.C: "谁中途接了电话",
        Column.ANSWER: "AB",
        Column.DIFFICULTY: "易",
    },
    {
        Column.KIND: "判断题",
        Column.STEM: "反对的意见可以不写进会议记录。",
        Column.ANSWER: "错",
        Column.DIFFICULTY: "易",
    },
    {
        Column.KIND: "填空题",
        Column.STEM: "村民委员会每届任期（　）年，由主任、副主任和委员共（　）至七人组成。",
        Column.ANSWER: "五/5；三/3",
        Column.DIFFICULTY: "难",
    },
    {
        Column.KIND: "排序题",
        Column.STEM: "把“四议”按先后排好。",
        Column.A: "党员大会审议",
        Column.B: "村党组织提议",
        Column.C: "两委会商议",
        Column.D: "村民会议或者代表会议决议",
        Column.ANSWER: "BCAD",
        Column.DIFFICULTY: "中",
    },
    {
        Column.KIND: "连线题",
        Column.STEM: "哪件事打哪个电话？",
        Column.A: "报警求助=110",
        Column.B: "着火了=119",
        Column.C: "有人受伤=120",
        Column.DIFFICULTY: "易",
    },
)


def header_of(column: Column) -> str:
    """The header that our own sheets carry, which we read back in either language."""
    return HEADERS[column][0] if is_chinese() else HEADERS[column][-1]


def empty_sheet() -> bytes:
    """The headers, with one question of each kind beneath them to be written over."""
    rows = [[example.get(column, "") for column in Column] for example in EXAMPLES]
    return book_bytes(book(_("Questions"), [header_of(column) for column in Column], rows))


def wrong_rows(rows: Iterable[Judged]) -> bytes:
    """The wrong rows as they came, the reasons in front: correct them and bring the sheet again."""
    heads = [_("Row"), _("What to correct"), *(header_of(column) for column in Column)]
    lines = [
        [str(row.line.number), " ".join(row.reasons), *(row.line[column] for column in Column)]
        for row in rows
    ]
    return book_bytes(book(_("To correct"), heads, lines, [8, 60]))
