"""The demo's bank of questions, and the two papers that are drawn from it."""

from dataclasses import dataclass
from typing import Any

from lms.demo.courses.shapes import Topic

MEETINGS, SAFETY = "村级议事", "防汛应急"


@dataclass(frozen=True)
class Asked:
    """A question of the bank, its parts as `courses.quizzes.kinds` wants them."""

    kind: str
    stem: str
    parts: dict[str, Any]  # JSON
    explanation: str
    difficulty: int = 2


@dataclass(frozen=True, kw_only=True)
class PaperPlan:
    """A paper: the competency that it asks about, how many questions, how long."""

    title: str
    topic: Topic
    competency: str
    draws: int
    minutes: int | None
    questions: tuple[Asked, ...]


def single(stem: str, right: str, *wrong: str, why: str, difficulty: int = 2) -> Asked:
    """One right answer, written first."""
    return Asked("SINGLE", stem, {"options": [right, *wrong], "right": [0]}, why, difficulty)


def multiple(stem: str, right: tuple[str, ...], wrong: tuple[str, ...], *, why: str) -> Asked:
    """Several right answers."""
    parts = {"options": [*right, *wrong], "right": list(range(len(right)))}
    return Asked("MULTIPLE", stem, parts, why, 3)


def truth(stem: str, right: bool, *, why: str) -> Asked:
    """A sentence that is right or wrong."""
    return Asked("TRUE_FALSE", stem, {"right": right}, why, 1)


def fill_in(stem: str, *accepted: str, why: str) -> Asked:
    """One blank and what is accepted in it."""
    return Asked("FILL_IN", stem, {"blanks": [list(accepted)]}, why)


def ordering(stem: str, *items: str, why: str) -> Asked:
    """Lines as they should stand."""
    return Asked("ORDERING", stem, {"items": list(items)}, why, 3)


def matching(stem: str, *pairs: tuple[str, str], why: str) -> Asked:
    """Pairs to be found."""
    return Asked("MATCHING", stem, {"pairs": [list(pair) for pair in pairs]}, why)


MEETINGS_PAPER = PaperPlan(
    title="村级议事小测验",
    topic=Topic.GOVERNANCE,
    competency=MEETINGS,
    draws=6,
    minutes=10,
    questions=(
        single(
            "村民会议由谁召集？",
            "村民委员会",
            "村务监督委员会",
            "乡镇人民政府",
            why="村民会议由村民委员会召集。",
        ),
        single(
            "多少村民提议，就应当召集村民会议？",
            "十分之一以上的村民",
            "三分之一以上的村民",
            "过半数的村民",
            why="有十分之一以上的村民，或者三分之一以上的村民代表提议，应当召集村民会议。",
        ),
        single(
            "村民代表会议要有多少组成人员参加才能开？",
            "三分之二以上",
            "过半数",
            "四分之三以上",
            why="有三分之二以上的组成人员参加方可召开，决定要经到会人员的过半数同意。",
        ),
        single(
            "村里的一般事项，至少多长时间公布一次？",
            "每季度",
            "每年",
            "每两年",
            why="一般事项至少每季度公布一次；集体财务往来较多的，财务收支情况每月公布一次。",
        ),
        multiple(
            "下面哪些事，要经村民会议讨论决定才能办？",
            ("本村享受误工补贴的人员和标准", "从村集体经济所得收益的使用", "征地补偿费的使用、分配方案"),
            ("村干部请一天假",),
            why="涉及村民利益的大事要经村民会议讨论决定，村民会议可以授权村民代表会议讨论。",
        ),
        multiple(
            "会议记录里一定要写清的有哪些？",
            ("时间、地点、主持人", "应到和实到人数", "赞成、反对、弃权各几票"),
            ("谁中途接了电话",),
            why="记录要写全、写实、写准，反对的意见也要写上。",
        ),
        truth(
            "“四议两公开”里的“两公开”，是决议公开和实施结果公开。",
            True,
            why="定了什么要公开，办成什么样也要公开。",
        ),
        truth(
            "村民委员会成员的近亲属可以担任村务监督委员会成员。",
            False,
            why="村民委员会成员及其近亲属不得担任村务监督机构成员。",
        ),
        truth("有人反对的意见，可以不写进会议记录。", False, why="反对的意见也要如实写上，日后才说得清。"),
        fill_in("村民委员会每届任期____年。", "5", "五", why="2018 年修改法律以后，村民委员会每届任期五年。"),
        ordering(
            "把“四议”按先后排好。",
            "村党组织会提议",
            "村“两委”会商议",
            "党员大会审议",
            "村民会议或者村民代表会议决议",
            why="先提议，再商议，后审议，最后决议。",
        ),
        matching(
            "每件事主要由谁来办？",
            ("调解邻里纠纷", "人民调解委员会"),
            ("监督村务公开", "村务监督委员会"),
            ("召集村民会议", "村民委员会"),
            why="各有各的职责，事情来了先看归谁办。",
        ),
    ),
)

SAFETY_PAPER = PaperPlan(
    title="防汛避险小测验",
    topic=Topic.SAFETY,
    competency=SAFETY,
    draws=5,
    minutes=None,
    questions=(
        single(
            "山洪来了，往哪儿跑？",
            "往两边的高处跑",
            "顺着沟往下跑",
            "躲到桥下",
            why="山洪和泥石流顺沟下来，要往两边高处跑，不要顺着沟跑。",
            difficulty=1,
        ),
        single(
            "暴雨预警哪一种颜色最紧急？",
            "红色",
            "橙色",
            "黄色",
            "蓝色",
            why="由低到高是蓝、黄、橙、红，红色最紧急。",
            difficulty=1,
        ),
        single(
            "听到转移通知以后，应该怎么做？",
            "马上走，老人孩子先走",
            "收拾好家里的东西再走",
            "看看雨大不大再说",
            why="人最要紧，东西以后再说。",
            difficulty=1,
        ),
        single(
            "看见电线掉在水里，应该怎么做？",
            "离远一点，告诉村里和供电所",
            "用木棍挑开",
            "赶快蹚过去",
            why="水会导电，不要靠近，请专业的人来处理。",
        ),
        multiple(
            "汛期前要查的地方有哪些？",
            ("山坡有没有裂缝", "沟渠涵洞有没有堵", "土房窑洞有没有险情"),
            ("谁家院里养了花",),
            why="查山坡、查水路、查房屋、查准备，四处隐患早发现。",
        ),
        multiple(
            "哪些情况说明危险可能来了？",
            ("河水突然变浑", "山坡往下掉石头", "墙上的裂缝一下子变宽"),
            ("天上有云",),
            why="出现这些情况，不等通知也要先离开。",
        ),
        truth("没有接到解除通知，可以先回家取点东西。", False, why="没有解除通知不要回家。"),
        truth("开车遇到漫过路面的急水，不要硬闯。", True, why="急水里看不见路面的坑，车也容易熄火、被冲走。"),
        truth("独居老人的转移，应该提前定好由谁来帮。", True, why="一户一人都要落实到人。"),
        fill_in("遇到火灾和被困需要救援，拨打____。", "119", "一一九", why="火警和抢险救援电话是 119。"),
        ordering(
            "组织一次转移，先后怎么安排？",
            "接到预警，通知到每一户",
            "按定好的路线转移到安置点",
            "清点人数，一个不落",
            "接到解除通知再回家",
            why="先通知，再转移，到了要清点，解除了才回家。",
        ),
        matching(
            "哪件事打哪个电话？",
            ("有人受伤要救护车", "120"),
            ("报警求助", "110"),
            ("着火了", "119"),
            why="急救 120，报警 110，火警 119。",
        ),
    ),
)

PAPERS = {"village-meetings": MEETINGS_PAPER, "flood-safety": SAFETY_PAPER}
