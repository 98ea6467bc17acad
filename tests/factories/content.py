"""Pages with published lessons."""

import hashlib
from collections.abc import Iterable
from itertools import count

import factory
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Collection, Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from courses.actions import publish_version
from courses.competencies.models import Competency
from courses.documents.actions import keep_pieces
from courses.documents.models import Document
from courses.documents.pieces import Draft
from courses.films.models import Film
from courses.models import CataloguePage, CoursePage, HomePage, LessonKind, LessonPage, Topic
from courses.quizzes.models import Paper, PaperRule, Question

from .people import UnitFactory

_numbers = count(1)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic
        django_get_or_create = ("name",)

    name = "党建"


def _collection() -> Collection:
    return Collection.get_first_root_node() or Collection.add_root(name="Root")


class FilmFactory(DjangoModelFactory):
    """A film's record with a few bytes behind it; nothing is decoded."""

    class Meta:
        model = Film

    collection = factory.LazyFunction(_collection)
    title = factory.Sequence(lambda n: f"片{n}")
    type = "video"
    length_ms = 20_000
    size_bytes = 64
    digest = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    file = factory.LazyFunction(lambda: ContentFile(b"\0" * 64, "film.mp4"))


def site() -> CataloguePage:
    """The home page and the catalogue, made once; and what Wagtail's migrations make, where it is gone."""
    existing = CataloguePage.objects.first()
    if existing is not None:
        return existing
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    _collection()
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    with disable_reference_index_auto_update():
        home = root.add_child(instance=HomePage(title="乡学", slug="xiangxue"))
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
        )
        return home.add_child(instance=CataloguePage(title="课程", slug="courses"))


def CourseFactory(**fields: object) -> CoursePage:
    """A published course."""
    number = next(_numbers)
    values: dict[str, object] = {
        "title": f"课程{number}",
        "slug": f"course-{number}",
        "summary": "简介",
        "topic": TopicFactory(),
        "provider": UnitFactory(code="140000000000", name="山西省", level="PROVINCE"),
    }
    catalogue = site()
    with disable_reference_index_auto_update():
        return catalogue.add_child(instance=CoursePage(**{**values, **_published(), **fields}))


def _lesson(**fields: object) -> LessonPage:
    number = next(_numbers)
    course = fields.pop("course", None) or CourseFactory()
    values: dict[str, object] = {"title": f"第{number}课", "slug": f"lesson-{number}", **_published()}
    page = course.add_child(instance=LessonPage(**{**values, **fields}))
    publish_version(lesson=page, at=page.last_published_at)
    page.refresh_from_db()
    return page


def _published() -> dict[str, object]:
    """What publishing leaves on a page; its revision, which few tests look at, costs half of a lesson."""
    now = timezone.now()
    return {"first_published_at": now, "last_published_at": now}


def film(*, seconds: int = 20, **fields: object) -> LessonPage:
    """A published film lesson of so many seconds."""
    return _lesson(kind=LessonKind.FILM, film=FilmFactory(length_ms=seconds * 1000), **fields)


def audio(*, seconds: int = 20, **fields: object) -> LessonPage:
    """A published audio lesson of so many seconds."""
    return _lesson(kind=LessonKind.AUDIO, film=FilmFactory(length_ms=seconds * 1000, type="audio"), **fields)


def document(*, pages: int = 3, characters: int = 400, **fields: object) -> LessonPage:
    """A published document lesson of so many pages, each with so many characters."""
    return _lesson(
        kind=LessonKind.DOCUMENT, document=pdf_document(pages=pages, characters=characters), **fields
    )


def pdf_document(*, pages: int = 3, characters: int = 400) -> Document:
    """A document whose pieces are made; nothing is decoded."""
    number = next(_numbers)
    kept = Document.objects.create(
        title=f"文件{number}",
        file=ContentFile(b"%PDF-1.4 " + b"\0" * 55, "document.pdf"),
        kind="PDF",
        size_bytes=64,
        digest=hashlib.sha256(f"document {number}".encode()).hexdigest(),
    )
    drafts = [
        Draft(n, f"<p>{'学' * characters}</p>", characters, b"RIFF", 720, 1018) for n in range(1, pages + 1)
    ]
    keep_pieces(document=kept, drafts=drafts)
    kept.refresh_from_db()
    return kept


def article(*, characters: int = 400, **fields: object) -> LessonPage:
    """A published article of so many characters."""
    return _lesson(
        kind=LessonKind.ARTICLE, body=[("paragraph", "<p>" + "学" * characters + "</p>")], **fields
    )


class CompetencyFactory(DjangoModelFactory):
    class Meta:
        model = Competency

    name = factory.Sequence(lambda n: f"能力{n}")


class QuestionFactory(DjangoModelFactory):
    """A question with one right answer among three."""

    class Meta:
        model = Question

    stem = factory.Sequence(lambda n: f"第 {n} 题")
    parts = factory.LazyFunction(lambda: {"options": ["甲", "乙", "丙"], "right": [0]})
    explanation = "因为甲对。"


def paper(questions: Iterable[Question], *, draws: int, **fields: object) -> Paper:
    """A paper that draws so many out of some questions, which get a competency of their own."""
    competency = CompetencyFactory()
    Question.objects.filter(pk__in=[question.pk for question in questions]).update(competency=competency)
    made = Paper.objects.create(**{"title": "小测验", **fields})
    PaperRule.objects.create(paper=made, count=draws, competency=competency)
    return made


def quiz(
    *, questions: Iterable[Question] = (), draws: int = 1, minutes: int | None = None, **fields: object
) -> LessonPage:
    """A published quiz lesson."""
    drawn_from = list(questions) or [QuestionFactory()]
    return _lesson(kind=LessonKind.QUIZ, paper=paper(drawn_from, draws=draws, minutes=minutes), **fields)
