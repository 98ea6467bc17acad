"""The bank in the publishing desk, as trainers and reviewers keep it."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from courses.competencies.models import Competency
from courses.quizzes.models import Paper, PaperRule, Question
from tests.courses.conftest import signed_in
from tests.factories import CadreFactory, CompetencyFactory, QuestionFactory, TopicFactory, paper, quiz

pytestmark = pytest.mark.django_db
ROOMS = ("questions", "papers", "competencies")


def question_data(**fields: object) -> dict[str, object]:
    return {
        "kind": "SINGLE",
        "stem": "村务多久公布一次？",
        "parts": "*每季度\n每年",
        "explanation": "至少每季度一次。",
        "topic": "",
        "competency": "",
        "difficulty": "2",
        **fields,
    }


def paper_data(*rules: dict[str, object], **fields: object) -> dict[str, object]:
    told = {
        "title": "小测验",
        "pass_percent": "60",
        "minutes": "",
        "is_shuffled": "on",
        "rules-TOTAL_FORMS": str(len(rules)),
        "rules-INITIAL_FORMS": "0",
        "rules-MIN_NUM_FORMS": "1",
        "rules-MAX_NUM_FORMS": "20",
        **fields,
    }
    for number, rule in enumerate(rules):
        left_open = dict.fromkeys(("topic", "competency", "difficulty", "id", "DELETE"), "")
        whole = {"count": "3", **left_open, **rule}
        told |= {f"rules-{number}-{name}": value for name, value in whole.items()}
    return told


def said(client: Client, address: str) -> str:
    """What a post led to, in the desk's words."""
    answer = client.post(address, follow=True)
    return "".join(map(str, answer.context["messages"]))


def test_a_trainer_writes_a_question_a_line_for_each_option_and_finds_it_so_again(trainer: Client) -> None:
    answer = trainer.post(reverse("questions:add"), question_data())
    question = Question.objects.get()
    assert answer.status_code == 302
    assert question.parts == {"options": ["每季度", "每年"], "right": [0]}
    page = trainer.get(reverse("questions:edit", args=[question.pk])).content.decode()
    assert "*每季度\n每年" in page


def test_changing_the_kind_reads_the_same_lines_in_another_way(trainer: Client) -> None:
    question = QuestionFactory()
    address = reverse("questions:edit", args=[question.pk])
    trainer.post(address, question_data(kind="MATCHING", parts="着火 = 119\n急救 = 120"))
    question.refresh_from_db()
    assert (question.kind, question.parts) == ("MATCHING", {"pairs": [["着火", "119"], ["急救", "120"]]})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"parts": "每季度\n每年"}, "parts"),
        ({"parts": ""}, "parts"),
        ({"kind": "TRUE_FALSE", "parts": "也许"}, "parts"),
        ({"kind": "FILL_IN", "parts": "5"}, "parts"),
        ({"kind": "ESSAY"}, "kind"),
        ({"stem": ""}, "stem"),
        ({"stem": "问" * 501}, "stem"),
        ({"parts": "*\x00\n乙"}, "parts"),
        ({"topic": "999999"}, "topic"),
        ({"difficulty": "9"}, "difficulty"),
    ],
)
def test_what_makes_no_question_is_refused_beside_its_field_and_kept_on_the_page(
    trainer: Client, fields: dict[str, object], field: str
) -> None:
    answer = trainer.post(reverse("questions:add"), question_data(**fields))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Question.objects.exists()


def test_questions_are_found_by_words_kind_topic_difficulty_and_whether_retired(trainer: Client) -> None:
    shelf = TopicFactory(name="防汛")
    wanted = QuestionFactory(stem="山洪来了怎么办", topic=shelf, difficulty=3, is_retired=True)
    QuestionFactory(stem="村务公开")
    for sought in (
        {"q": "山洪"},
        {"topic": shelf.pk},
        {"difficulty": 3},
        {"is_retired": "true"},
        {"kind": "SINGLE", "q": "山洪"},
    ):
        found = trainer.get(reverse("questions:index"), sought).context["object_list"]
        assert list(found) == [wanted]
    assert list(trainer.get(reverse("questions:index"), {"kind": "MATCHING"}).context["object_list"]) == []


def test_the_bank_is_listed_in_as_many_queries_whatever_its_size(
    trainer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    QuestionFactory.create_batch(15, topic=TopicFactory(), competency=CompetencyFactory())
    with django_assert_max_num_queries(25):
        trainer.get(reverse("questions:index"))


def test_questions_are_retired_and_never_deleted() -> None:
    admin, question = signed_in(CadreFactory(is_superuser=True)), QuestionFactory()
    assert said(admin, reverse("questions:delete", args=[question.pk]))
    assert Question.objects.filter(pk=question.pk).exists()


def test_a_paper_is_made_of_rules_and_can_be_looked_at(trainer: Client) -> None:
    shelf = TopicFactory(name="防汛")
    QuestionFactory.create_batch(2, topic=shelf)
    trainer.post(reverse("papers:add"), paper_data({"count": "3", "topic": shelf.pk}, minutes="10"))
    made = Paper.objects.get()
    assert (made.size, made.minutes, made.rules.get().topic) == (3, 10, shelf)
    look = trainer.get(reverse("papers:preview", args=[made.pk]))
    assert len(look.context["questions"]) == 2
    assert look.context["missing"] == 1
    assert b"\xe7\x94\xb2" in look.content  # the right answer, 甲


@pytest.mark.parametrize(
    ("rules", "fields"),
    [
        ([], {}),
        ([{"count": "0"}], {}),
        ([{"count": "101"}], {}),
        ([{}], {"pass_percent": "0"}),
        ([{}], {"pass_percent": "101"}),
        ([{}], {"minutes": "0"}),
        ([{}], {"title": ""}),
    ],
)
def test_a_paper_that_asks_for_nothing_sensible_is_refused(
    trainer: Client, rules: list[dict[str, object]], fields: dict[str, object]
) -> None:
    assert trainer.post(reverse("papers:add"), paper_data(*rules, **fields)).status_code == 200
    assert not Paper.objects.exists()


def test_a_paper_in_use_is_kept_and_the_lesson_named(reviewer: Client) -> None:
    lesson = quiz(title="测一测")
    told = said(reviewer, reverse("papers:delete", args=[lesson.paper.pk]))
    assert Paper.objects.filter(pk=lesson.paper.pk).exists()
    assert "测一测" in told
    free = paper([QuestionFactory()], draws=1)
    reviewer.post(reverse("papers:delete", args=[free.pk]))
    assert not Paper.objects.filter(pk=free.pk).exists()


def test_a_competency_in_use_is_kept_and_its_user_named(reviewer: Client) -> None:
    reviewer.post(reverse("competencies:add"), {"name": "调解", "roles": ["SECRETARY", "DIRECTOR"]})
    ability = Competency.objects.get()
    assert ability.roles == ["SECRETARY", "DIRECTOR"]
    question = QuestionFactory(stem="怎么调解？", competency=ability)
    address = reverse("competencies:delete", args=[ability.pk])
    assert "怎么调解？" in said(reviewer, address)
    question.competency = None
    question.save()
    drawn_by = Paper.objects.create(title="调解小测")
    PaperRule.objects.create(paper=drawn_by, count=1, competency=ability)
    assert "调解小测" in said(reviewer, address)
    drawn_by.delete()
    reviewer.post(address)
    assert not Competency.objects.exists()


def test_trainers_write_questions_and_papers_but_delete_nothing(trainer: Client) -> None:
    made, ability = paper([QuestionFactory()], draws=1), CompetencyFactory()
    trainer.post(reverse("papers:delete", args=[made.pk]))
    trainer.post(reverse("competencies:delete", args=[ability.pk]))
    trainer.post(reverse("competencies:add"), {"name": "新的"})
    assert Paper.objects.count() == 1
    assert Competency.objects.filter(pk=ability.pk).exists()
    assert not Competency.objects.filter(name="新的").exists()


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_without_a_part_in_publishing_sees_the_bank(room: str) -> None:
    made = paper([QuestionFactory()], draws=1)
    addresses = [reverse(f"{room}:index"), reverse("papers:preview", args=[made.pk])]
    for client in (Client(), signed_in(CadreFactory())):
        assert {client.get(address).status_code for address in addresses} <= {302, 403, 404}


def test_reviewers_see_the_three_rooms_in_the_menu(reviewer: Client) -> None:
    page = reviewer.get(reverse("wagtailadmin_home")).content.decode()
    assert all(reverse(f"{room}:index") in page for room in ROOMS)


def test_a_draw_of_a_paper_that_is_not_there_is_not_found(reviewer: Client) -> None:
    assert reviewer.get(reverse("papers:preview", args=[10**15])).status_code == 404
