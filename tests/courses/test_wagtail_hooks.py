"""The publishing desk, driven as trainers and reviewers drive it."""

import json

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Page, TaskState

from accounts.models import Role, StaffRole
from courses.films.models import Film
from courses.models import CataloguePage, CoursePage, LessonKind, LessonPage, LessonVersion
from tests.courses.conftest import publisher, signed_in
from tests.factories import (
    CadreFactory,
    CourseFactory,
    FilmFactory,
    TopicFactory,
    UnitFactory,
    article,
    film,
    site,
)

pytestmark = pytest.mark.django_db


def no_text() -> dict[str, str]:
    return {"body-count": "0"}


def text(words: str) -> dict[str, str]:
    return {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "heading",
        "body-0-value": words,
        "body-0-id": "",
    }


def course_data(**fields: object) -> dict[str, object]:
    province = UnitFactory(code="140000000000", name="山西省", level="PROVINCE")
    return {
        "title": "宅基地审批",
        "slug": "homestead",
        "summary": "五件事",
        "topic": TopicFactory().pk,
        "provider": province.pk,
        "roles": ["SECRETARY", "GRID_WORKER"],
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **fields,
    }


def lesson_data(**fields: object) -> dict[str, object]:
    return {
        "title": "谁可以申请",
        "slug": "who",
        "kind": "FILM",
        "summary": "",
        "film": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **no_text(),
        **fields,
    }


def create(client: Client, model: str, parent: Page, data: dict[str, object]) -> object:
    return client.post(reverse("wagtailadmin_pages:add", args=["courses", model, parent.pk]), data)


def test_a_reviewer_makes_a_course_and_a_lesson_by_hand_and_publishing_makes_a_version(
    reviewer: Client,
) -> None:
    form = reviewer.get(reverse("wagtailadmin_pages:add", args=["courses", "coursepage", site().pk]))
    assert form.content.decode().count('name="roles"') == len(Role)
    create(reviewer, "coursepage", site(), course_data(**{"action-publish": "1"}))
    course = CoursePage.objects.get()
    assert (course.live, course.roles) == (True, ["SECRETARY", "GRID_WORKER"])
    form = reviewer.get(reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.pk]))
    assert form.status_code == 200
    assert "media-chooser" in form.content.decode()
    chosen = FilmFactory(length_ms=61_500)
    chooser = reviewer.get(reverse("wagtailmedia:chooser"))
    assert chosen.title in json.loads(chooser.content)["html"]
    create(reviewer, "lessonpage", course, lesson_data(film=chosen.pk, **{"action-publish": "1"}))
    lesson = LessonPage.objects.get()
    assert lesson.live
    assert LessonVersion.objects.get().seconds == 61
    reviewer.post(
        reverse("wagtailadmin_pages:edit", args=[lesson.pk]),
        lesson_data(title="谁可以申请?", film=chosen.pk, **{"action-publish": "1"}),
    )
    lesson.refresh_from_db()
    assert lesson.title == "谁可以申请?"
    assert LessonVersion.objects.count() == 1
    reviewer.post(
        reverse("wagtailadmin_pages:edit", args=[lesson.pk]),
        lesson_data(kind="ARTICLE", **text("去之前打个电话"), **{"action-publish": "1"}),
    )
    assert [each.kind for each in LessonVersion.objects.order_by("number")] == ["FILM", "ARTICLE"]


def test_a_trainer_writes_and_hands_in_and_a_reviewer_publishes(trainer: Client) -> None:
    course = CourseFactory()
    chosen = FilmFactory()
    create(trainer, "lessonpage", course, lesson_data(film=chosen.pk, **{"action-publish": "1"}))
    lesson = LessonPage.objects.get()
    assert not lesson.live  # a trainer's publish is not taken
    trainer.post(
        reverse("wagtailadmin_pages:edit", args=[lesson.pk]),
        lesson_data(film=chosen.pk, **{"action-submit": "1"}),
    )
    state = TaskState.objects.get()
    signed_in(publisher(StaffRole.REVIEWER)).post(
        reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", state.pk]), {"comment": ""}
    )
    lesson.refresh_from_db()
    assert lesson.live
    assert LessonVersion.objects.filter(lesson=lesson).count() == 1


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({}, "film"),
        ({"kind": "AUDIO"}, "film"),
        ({"kind": "ARTICLE"}, "body"),
        ({"kind": "OPERA"}, "kind"),
        ({"film": "999999"}, "film"),
    ],
)
@pytest.mark.parametrize("act", ["action-publish", "action-submit"])
def test_an_unfinished_lesson_is_not_published_and_the_form_says_where(
    reviewer: Client, data: dict[str, str], where: str, act: str
) -> None:
    answer = create(reviewer, "lessonpage", CourseFactory(), lesson_data(**data, **{act: "1"}))
    assert where in answer.context["form"].errors  # type: ignore[attr-defined]
    assert not LessonPage.objects.exists()


def test_a_draft_may_wait_for_its_film(trainer: Client) -> None:
    create(trainer, "lessonpage", CourseFactory(), lesson_data())
    assert LessonPage.objects.get().live is False


def test_a_lesson_is_shown_to_its_editor_before_it_is_published(trainer: Client) -> None:
    of_a_draft = film()
    of_a_draft.get_parent().specific.unpublish()
    for lesson in (film(), article(), of_a_draft):
        answer = trainer.get(reverse("wagtailadmin_pages:view_draft", args=[lesson.pk]))
        assert answer.status_code == 200
        assert "study/player.html" not in [template.name for template in answer.templates]
    url = reverse("wagtailadmin_pages:preview_on_add", args=["courses", "lessonpage", CourseFactory().pk])
    trainer.post(url, lesson_data(film=FilmFactory().pk))
    assert "<video" in trainer.get(url).content.decode()


def test_a_published_lesson_is_not_deleted_but_explained(reviewer: Client) -> None:
    lesson = film(title="公示七天")
    url = reverse("wagtailadmin_pages:delete", args=[lesson.pk])
    for answer in (reviewer.get(url, follow=True), reviewer.post(url, follow=True)):
        assert answer.status_code == 200
        [message] = answer.context["messages"]
        assert "公示七天" in str(message)
        assert reverse("wagtailadmin_pages:unpublish", args=[lesson.pk]) in str(message)
    assert LessonPage.objects.filter(pk=lesson.pk).exists()


def test_a_withdrawn_lesson_keeps_its_records_too(reviewer: Client) -> None:
    lesson = film()
    lesson.unpublish()
    reviewer.post(reverse("wagtailadmin_pages:delete", args=[lesson.pk]))
    assert LessonPage.objects.filter(pk=lesson.pk).exists()


def test_a_page_above_a_published_lesson_is_not_deleted() -> None:
    lesson = film(title="公示七天")
    admin = signed_in(CadreFactory(is_superuser=True))
    for page in (lesson.get_parent(), site(), site().get_parent()):
        answer = admin.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
        assert "公示七天" in str(next(iter(answer.context["messages"])))
    assert LessonPage.objects.filter(pk=lesson.pk).exists()


def test_a_course_without_published_lessons_may_go(reviewer: Client) -> None:
    kept, course = film(), CourseFactory()
    course.add_child(instance=LessonPage(title="草稿", slug="draft", live=False))
    course.unpublish()
    admin = signed_in(CadreFactory(is_superuser=True))
    assert admin.post(reverse("wagtailadmin_pages:delete", args=[course.pk])).status_code == 302
    assert not CoursePage.objects.filter(pk=course.pk).exists()
    assert LessonPage.objects.get().pk == kept.pk


def bulk(client: Client, action: str, *pages: Page) -> str:
    ids = "&".join(f"id={page.pk}" for page in pages)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return str(next(iter(client.post(f"{url}?{ids}", {"next": ""}, follow=True).context["messages"])))


def test_published_lessons_are_not_deleted_together(reviewer: Client) -> None:
    lesson = film(title="公示七天")
    draft = CourseFactory()
    said = bulk(signed_in(CadreFactory(is_superuser=True)), "delete", draft, lesson.get_parent())
    assert "公示七天" in said
    assert CoursePage.objects.count() == 2


def test_unfinished_lessons_are_not_published_together(reviewer: Client) -> None:
    course = CourseFactory()
    whole = course.add_child(
        instance=LessonPage(title="好了", slug="a", live=False, kind=LessonKind.FILM, film=FilmFactory())
    )
    empty = course.add_child(instance=LessonPage(title="没好", slug="b", live=False))
    for page in (whole, empty):
        page.save_revision()
    assert "没好" in bulk(reviewer, "publish", whole, empty)
    assert not LessonPage.objects.live().exists()
    bulk(reviewer, "publish", whole)
    assert LessonVersion.objects.count() == 1


def test_a_film_in_use_is_not_deleted_but_explained(reviewer: Client) -> None:
    lesson = film(title="公示七天")
    url = reverse("wagtailmedia:delete", args=[lesson.film.pk])
    for answer in (reviewer.get(url, follow=True), reviewer.post(url, follow=True)):
        assert "公示七天" in str(next(iter(answer.context["messages"])))
    assert Film.objects.filter(pk=lesson.film.pk).exists()


def test_an_unused_film_may_be_deleted(reviewer: Client) -> None:
    unused = FilmFactory()
    assert reviewer.post(reverse("wagtailmedia:delete", args=[unused.pk])).status_code == 302
    assert not Film.objects.exists()


def test_a_learner_and_a_stranger_delete_no_film(client: Client) -> None:
    unused = FilmFactory()
    url = reverse("wagtailmedia:delete", args=[unused.pk])
    client.post(url)
    client.force_login(CadreFactory())
    client.post(url)
    assert Film.objects.filter(pk=unused.pk).exists()


def test_the_menu_is_short_for_trainers_and_whole_for_administrators(trainer: Client) -> None:
    short = trainer.get(reverse("wagtailadmin_home")).content.decode()
    whole = signed_in(CadreFactory(is_superuser=True)).get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("wagtailadmin_reports:site_history") not in short
    assert reverse("wagtailadmin_reports:site_history") in whole
    assert reverse("wagtailmedia:index") in short


def test_the_catalogue_keeps_its_address(reviewer: Client) -> None:
    form = reviewer.get(reverse("wagtailadmin_pages:edit", args=[site().pk])).context["form"]
    assert "title" in form.fields
    assert "slug" not in form.fields
    assert reverse("catalogue") == site().url


@pytest.mark.parametrize("name", ["index", "add", "add_multiple", "edit", "delete", "document_usage"])
def test_documents_are_closed_even_to_administrators(name: str) -> None:
    admin = signed_in(CadreFactory(is_superuser=True))
    document = get_document_model().objects.create(title="文件", file=ContentFile(b"x", "a.txt"))
    arguments = [document.pk] if name in {"edit", "delete", "document_usage"} else []
    address = reverse(f"wagtaildocs:{name}", args=arguments)
    answer = admin.get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/cms/")
    assert address not in admin.get("/cms/").content.decode()


@pytest.mark.parametrize("name", ["choose", "choose_results"])
def test_no_document_can_be_chosen(reviewer: Client, name: str) -> None:
    get_document_model().objects.create(title="文件", file=ContentFile(b"x", "a.txt"))
    for client in (reviewer, signed_in(CadreFactory(is_superuser=True))):
        answer = client.get(reverse(f"wagtaildocs_chooser:{name}"))
        assert answer.status_code == 200
        assert "文件" not in answer.content.decode()


def test_a_trainer_names_only_providers_of_the_own_places(trainer: Client) -> None:
    UnitFactory(code="110000000000", name="北京市", level="PROVINCE")
    UnitFactory(code="140728100201", name="东城村", level="VILLAGE")
    form = trainer.get(reverse("wagtailadmin_pages:add", args=["courses", "coursepage", site().pk]))
    names = {str(unit) for unit in form.context["form"].fields["provider"].queryset}
    assert "北京市" not in names
    assert "东城村" not in names
    assert "单位140728000000" in names


@pytest.mark.parametrize("roles", [["KING"], ["SECRETARY", "x"]])
def test_an_unknown_role_is_refused(reviewer: Client, roles: list[str]) -> None:
    answer = create(reviewer, "coursepage", site(), course_data(roles=roles, **{"action-publish": "1"}))
    assert list(answer.context["form"].errors) == ["roles"]  # type: ignore[attr-defined]


def test_learners_do_not_enter_the_publishing_desk(client: Client) -> None:
    client.force_login(CadreFactory())
    assert client.get(reverse("wagtailadmin_home")).status_code in (302, 403)


def test_there_is_one_catalogue(reviewer: Client) -> None:
    home = site().get_parent()
    answer = reviewer.get(reverse("wagtailadmin_pages:add", args=["courses", "cataloguepage", home.pk]))
    assert answer.status_code in (302, 403)
    assert CataloguePage.objects.count() == 1
