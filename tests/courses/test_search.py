"""Search in Chinese, on the database at hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.models import CoursePage
from courses.search import asked, indexed
from tests.factories import CourseFactory, film

pytestmark = pytest.mark.search
COURSES = {
    "宅基地审批的五个步骤": "从申请到验收，村里要办的五件事，每件讲一个真实的例子。",
    "村级财务公开怎么做": "收入支出逐笔上墙，群众看得懂、问得着。",
    "邻里纠纷怎么说得开": "人民调解员上门之前先做三件事。",
    "防汛与应急": "汛期最要紧的是人，讲转移避险和汛前检查。",
    "防诈骗宣传": "冒充公检法、刷单返利，常见骗局怎样识别。",
    "三会一课规范记录": "支部党员大会、支部委员会、党小组会和党课。",
    "四议两公开": "村里的大事按程序办，每一步留下记录。",
    "承包地延包三十年": "土地承包合同到期以后怎样延包。",
    "农村厕所改造": "三格式化粪池的建造、使用和清掏。",
    "平遥长山药种植": "选种、开沟、搭架到采收。",
    "冬小麦一喷三防": "抽穗扬花期防病防虫防干热风。",
    "苹果疏花疏果": "按枝定果，留单果不留双果。",
    "农产品网上怎么卖": "拍照、包装和发货，电商入门 ABC。",
    "集体资产清查": "先摸清家底，再登记造册。",
    "乡村治理积分制": "让积分换来的是尊重，不是攀比。",
}
QUERIES = {
    "宅基地": "宅基地审批的五个步骤",
    "审批": "宅基地审批的五个步骤",
    "财务公开": "村级财务公开怎么做",
    "群众": "村级财务公开怎么做",
    "调解": "邻里纠纷怎么说得开",
    "纠纷": "邻里纠纷怎么说得开",
    "防汛": "防汛与应急",
    "转移避险": "防汛与应急",
    "汛期 检查": "防汛与应急",
    "骗局": "防诈骗宣传",
    "党课": "三会一课规范记录",
    "三会一课": "三会一课规范记录",
    "两公开": "四议两公开",
    "延包": "承包地延包三十年",
    "厕": "农村厕所改造",
    "山药": "平遥长山药种植",
    "小麦": "冬小麦一喷三防",
    "苹果": "苹果疏花疏果",
    "abc": "农产品网上怎么卖",
    "家底": "集体资产清查",
}


@pytest.mark.django_db
def test_twenty_chinese_queries_find_their_course_first() -> None:
    for title, summary in COURSES.items():
        CourseFactory(title=title, summary=summary)
    found = {words: CoursePage.objects.live().matching(words).first() for words in QUERIES}
    missed = {
        words for words, title in QUERIES.items() if found[words] is None or found[words].title != title
    }
    assert len(QUERIES) == 20
    assert len(missed) <= 1, missed


@pytest.mark.django_db
def test_words_that_nowhere_stand_together_find_nothing() -> None:
    CourseFactory(title="宅基地审批", summary="简介")
    for words in ("基审", "地宅", "航天", "审批宅基地"):
        assert not CoursePage.objects.live().matching(words).exists(), words
    assert CoursePage.objects.live().matching("审批 宅基地").exists()


@pytest.mark.django_db
def test_a_changed_title_is_found_and_the_old_one_is_not() -> None:
    course = CourseFactory(title="防汛", summary="简介")
    course.title = "抗旱"
    course.save_revision().publish()
    assert CoursePage.objects.live().matching("抗旱").exists()
    assert not CoursePage.objects.live().matching("防汛").exists()


@pytest.mark.django_db
def test_the_title_weighs_more_than_the_summary_when_it_is_short() -> None:
    CourseFactory(title="村务公开", summary="村里的电商也要公开账目，" * 10)
    CourseFactory(title="电商", summary="简介")
    assert CoursePage.objects.live().matching("电商").first().title == "电商"


@pytest.mark.django_db
def test_near_finds_what_holds_some_of_the_words() -> None:
    CourseFactory(title="平遥长山药种植")
    CourseFactory(title="冬小麦")
    near = CoursePage.objects.live().near("我家山药怎么种植")
    assert [course.title for course in near] == ["平遥长山药种植"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", ["", " ", "，。！", '"', "'", "-", "*", '宅"基', "a' OR 1=1 --", "%s", "\\", "🙂"]
)
def test_signs_break_nothing(words: str) -> None:
    CourseFactory(title="宅基地")
    list(CoursePage.objects.live().matching(words))
    list(CoursePage.objects.live().near(words))


@pytest.mark.django_db
def test_the_editors_search_by_beginnings_understands_chinese() -> None:
    lesson = film(title="谁可以申请宅基地")
    found = type(lesson).objects.autocomplete("宅基")
    assert [page.pk for page in found] == [lesson.pk]
    assert [page.pk for page in type(lesson).objects.search("申请")] == [lesson.pk]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("宅基地", "宅基 基地"),
        ("地", "地"),
        ("党员 PPT", "党员 PPT"),
        ("ＡＢＣ２０２６年", "ABC2026 年"),
        ("三会一课、四议", "三会 会一 一课 四议"),
        ("堃𠮷喆", "堃𠮷 𠮷喆"),
        ("，。", ""),
    ],
)
def test_a_query_is_cut_into_pairs(text: str, words: str) -> None:
    assert asked(text) == words


def test_an_indexed_text_holds_pairs_and_single_characters_once() -> None:
    assert indexed("宅基地") == "宅基 基地 宅 基 地"
    assert indexed(["宅基", {"a": "x"}]) == ["宅基 宅 基", {"a": "x"}]
    assert indexed(3) == 3


@given(st.text(alphabet="宅基地审批ab1，. ", min_size=1, max_size=12), st.integers(0, 12), st.integers(1, 12))
def test_every_part_of_a_run_is_found_under_it(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    if part and all("\u4e00" <= sign <= "\u9fff" for sign in part):
        assert set(asked(part).split()) <= set(indexed(text).split())
