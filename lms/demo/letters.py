"""What the demo's people told us, and what was answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from lms.demo.county import County
from lms.demo.diary import Event
from lms.feedback.actions import answer, suggest


@dataclass(frozen=True)
class Letter:
    """A suggestion: who wrote it and how long ago, what was replied, and whether that ended it."""

    sender: str  # a part of the cast; nobody's name when empty
    days_ago: int
    text: str
    page: str = ""
    answered_by: str = ""
    reply: str = ""
    is_closed: bool = False


LETTERS = (
    Letter(
        "certified",
        52,
        "“四议两公开”那一课讲得清楚，建议再加一段实际开会的例子。",
        "/courses/village-meetings/four-steps/",
        "township",
        "谢谢您的建议，已转给课程制作老师，下一版会加上村民代表会议的实例。",
        is_closed=True,
    ),
    Letter(
        "half-way",
        31,
        "村里信号不好，视频看到一半会停，能不能把没看完的地方记住？",
        "/courses/flood-safety/before-the-rain/",
        "county",
        "系统会记住看到的位置，换一部手机也能接着看；信号不好时先存在手机上，有网了自动补传。",
        is_closed=True,
    ),
    Letter(
        "corrected",
        24,
        "镇里的集中培训我请了半天假，学时好像没有扣，请核对一下。",
        "/me/",
        "township",
        "已核对签到表并更正，您可以在学习档案里看到更正的那一行。",
    ),
    Letter("fresh", 6, "我刚任职，不知道先学哪几门课，希望有一个给新任干部的学习清单。", "/courses/"),
    Letter("", 2, "字能不能再大一点？老人家看着吃力。"),
)


def letters(county: County) -> Iterator[Event]:
    """Each letter on its day, with its answer."""
    for letter in LETTERS:
        at = county.calendar.moment(county.calendar.ago(letter.days_ago), 15, 20)
        yield Event(at, partial(_exchange, county, letter, at))


def _exchange(county: County, letter: Letter, at: datetime) -> None:
    suggestion = suggest(
        text=letter.text,
        contact="",
        page=letter.page,
        person=county.cast[letter.sender] if letter.sender else None,
        at=at,
    )
    if letter.reply:
        answer(
            suggestion=suggestion,
            text=letter.reply,
            closes=letter.is_closed,
            by=county.staff[letter.answered_by],
            at=at + timedelta(hours=18),
        )
