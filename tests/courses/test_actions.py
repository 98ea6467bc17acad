"""Versions of lessons, and what the publishing desk stands on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext
from wagtail.models import Collection, Page, Site, Workflow

from courses.actions import (
    REVIEWERS,
    TRAINERS,
    install_groups,
    install_site,
    publish_version,
)
from courses.models import CataloguePage, HomePage, LessonPage, LessonVersion
from tests.factories import CourseFactory, FilmFactory, article, film, interactive, scorm

AT = datetime(2026, 5, 4, 2, tzinfo=UTC)


def versions(lesson: LessonPage) -> list[int]:
    return list(
        LessonVersion.objects.filter(lesson=lesson).order_by("number").values_list("number", flat=True)
    )


def publish(lesson: LessonPage) -> None:
    lesson.save_revision().publish()


@pytest.mark.django_db
def test_publishing_a_lesson_makes_its_first_version() -> None:
    lesson = film(seconds=1234, title="公示七天写什么")
    version = LessonVersion.objects.get(lesson=lesson)
    assert (version.number, version.kind, version.seconds, version.title) == (
        1,
        "FILM",
        1234,
        "公示七天写什么",
    )
    assert version.published_at == lesson.last_published_at


@pytest.mark.django_db
def test_publishing_twice_with_nothing_changed_makes_no_version() -> None:
    lesson = film()
    publish(lesson)
    assert versions(lesson) == [1]


@pytest.mark.django_db
def test_a_corrected_title_or_summary_makes_no_version() -> None:
    lesson = film(title="公式七天写什么")
    lesson.title, lesson.summary = "公示七天写什么", "五样内容"
    publish(lesson)
    assert versions(lesson) == [1]


@pytest.mark.django_db
def test_the_words_beside_a_film_make_no_version() -> None:
    lesson = film()
    lesson.body = [("paragraph", "<p>公示要写清五样。</p>")]
    publish(lesson)
    assert versions(lesson) == [1]


@pytest.mark.django_db
def test_another_film_makes_a_version_and_leaves_the_first_as_it_was() -> None:
    lesson = film(seconds=20)
    first = LessonVersion.objects.get(lesson=lesson)
    lesson.film = FilmFactory(length_ms=31_000)
    publish(lesson)
    assert versions(lesson) == [1, 2]
    assert lesson.current_version().seconds == 31
    first.refresh_from_db()
    assert first.seconds == 20


@pytest.mark.django_db
def test_going_back_to_the_first_film_makes_a_third_version() -> None:
    lesson = film()
    first = lesson.film
    for one in (FilmFactory(), first):
        lesson.film = one
        publish(lesson)
    assert versions(lesson) == [1, 2, 3]


@pytest.mark.django_db
def test_unpublishing_and_publishing_the_same_makes_no_version() -> None:
    lesson = film()
    lesson.unpublish()
    lesson.refresh_from_db()
    publish(lesson)
    assert versions(lesson) == [1]


@pytest.mark.django_db
def test_a_draft_makes_no_version() -> None:
    lesson = film()
    lesson.film = FilmFactory()
    lesson.save_revision()
    assert versions(lesson) == [1]


@pytest.mark.django_db
@pytest.mark.parametrize(("characters", "seconds"), [(1, 10), (66, 10), (67, 11), (400, 60), (401, 61)])
def test_an_article_lasts_a_minute_for_400_characters_and_never_under_10_seconds(
    characters: int, seconds: int
) -> None:
    assert article(characters=characters).current_version().seconds == seconds


@pytest.mark.django_db
def test_a_changed_text_makes_a_version_of_an_article() -> None:
    lesson = article(characters=400)
    lesson.body = [("paragraph", "<p>" + "学" * 399 + "习</p>")]
    publish(lesson)
    assert versions(lesson) == [1, 2]


@pytest.mark.django_db
def test_bold_type_makes_no_version_of_an_article() -> None:
    lesson = article(characters=4)
    lesson.body = [("paragraph", "<p><b>学学</b>学学</p>")]
    publish(lesson)
    assert versions(lesson) == [1]


@pytest.mark.django_db
def test_a_lesson_with_nothing_to_study_is_refused() -> None:
    course = CourseFactory()
    lesson = course.add_child(instance=LessonPage(title="空", slug="empty", live=False))
    with pytest.raises(ValidationError):
        publish_version(lesson=lesson, at=AT)
    assert versions(lesson) == []


@pytest.mark.django_db
def test_a_version_names_the_package_that_it_is_made_of_and_no_other() -> None:
    made_of = [(lesson, lesson.versions.get()) for lesson in (interactive(), scorm(), film())]
    assert [(version.h5p, version.scorm) for _lesson, version in made_of] == [
        (made_of[0][0].h5p, None),
        (None, made_of[1][0].scorm),
        (None, None),
    ]
    with_h5p, with_scorm, with_film = (LessonVersion.objects.filter(pk=one.pk) for _lesson, one in made_of)
    package, courseware = made_of[0][0].h5p, made_of[1][0].scorm
    for versions_, wrong in (
        (with_h5p, {"h5p": None}),
        (with_h5p, {"scorm": courseware}),
        (with_scorm, {"scorm": None, "h5p": package}),
        (with_film, {"h5p": package}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            versions_.update(**wrong)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_make_one_version() -> None:
    lesson = film()
    LessonPage.objects.filter(pk=lesson.pk).update(film=FilmFactory(length_ms=33_000))

    def run(_: int) -> None:
        publish_version(lesson=LessonPage.objects.get(pk=lesson.pk), at=AT)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert versions(lesson) == [1, 2]


@pytest.fixture
def greeting(db: None) -> Page:
    """The page with which Wagtail greets its installer, and nothing else."""
    for page in Page.objects.filter(depth=2):
        page.delete()
    greeting = Page.objects.get(depth=1).add_child(instance=Page(title="Welcome", slug="home"))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": greeting}
    )
    return greeting


@pytest.mark.django_db
def test_install_site_makes_home_catalogue_and_default_site_once(greeting: Page) -> None:
    catalogue = install_site(at=AT)
    assert install_site(at=AT) == catalogue
    home = HomePage.objects.get()
    default = Site.objects.get(is_default_site=True)
    assert default.root_page_id == home.pk
    assert CataloguePage.objects.get().url == "/courses/"
    assert home.live
    assert home.first_published_at == AT
    assert list(Page.objects.get(depth=1).get_children()) == [home.page_ptr]
    assert not Page.objects.filter(pk=greeting.pk).exists()


@pytest.mark.django_db
def test_install_site_names_the_tops_of_the_trees_in_the_language_of_the_site(greeting: Page) -> None:
    install_site(at=AT)
    root = Page.objects.get(depth=1)
    assert root.title == root.draft_title == gettext("All pages")
    assert Collection.get_first_root_node().name == gettext("All files")


@pytest.mark.django_db
def test_install_site_works_where_no_site_exists(greeting: Page) -> None:
    Site.objects.all().delete()
    install_site(at=AT)
    assert Site.objects.get().root_page_id == HomePage.objects.get().pk


@pytest.mark.django_db
def test_install_site_keeps_the_top_of_the_tree_where_the_site_began_there() -> None:
    for page in Page.objects.filter(depth=2):
        page.delete()
    top = Page.objects.get(depth=1)
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": top})
    install_site(at=AT)
    assert list(Page.objects.get(depth=1).get_children()) == [HomePage.objects.get().page_ptr]


@pytest.mark.django_db
def test_install_groups_twice_changes_nothing() -> None:
    install_site(at=AT)
    install_groups()
    rights = {
        name: (
            sorted(
                Group.objects.get(name=name).page_permissions.values_list("permission__codename", flat=True)
            ),
            sorted(
                Group.objects.get(name=name).collection_permissions.values_list(
                    "permission__codename", flat=True
                )
            ),
        )
        for name in (TRAINERS, REVIEWERS)
    }
    assert rights[TRAINERS][0] == ["add_page", "change_page"]
    assert "publish_page" in rights[REVIEWERS][0]
    assert {"add_media", "change_media"} <= set(rights[TRAINERS][1])
    counts = [Workflow.objects.count(), Group.objects.count()]
    install_groups()
    assert [Workflow.objects.count(), Group.objects.count()] == counts
    assert Group.objects.get(name=TRAINERS).page_permissions.count() == 2
