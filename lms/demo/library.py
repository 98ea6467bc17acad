"""The demo's courses as pages of the site, with the films that lie beside them."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.html import escape

from accounts.models import Cadre, Unit
from courses.actions import install_groups, install_site, publish_version
from courses.competencies.models import Competency
from courses.documents.actions import add_document
from courses.documents.models import Document
from courses.films.actions import add_film, keep_captions
from courses.films.captions import read_captions
from courses.films.models import Film
from courses.models import CataloguePage, CoursePage, LessonKind, LessonPage
from courses.models import Topic as TopicRow
from courses.quizzes.models import Paper, PaperRule, Question
from lms.demo import courses as told
from lms.demo.dates import Calendar
from lms.demo.packages import write_content, write_courseware
from lms.demo.papers import read_pieces
from lms.demo.staff import CITY, COUNTY, PROVINCE

SHIPPED = Path(settings.BASE_DIR) / "media" / "demo"
# Which level made which courses; what is about the place comes from the county.
CITY_MADE = ("settling-quarrels", "clean-village", "selling-online", "wheat-and-apples")
COUNTY_MADE = ("pingyao-yam",)
BLOCKS = {"heading": "heading", "paragraph": "paragraph", "list": "points"}


def open_site(calendar: Calendar) -> CataloguePage:
    """The site's first pages and the rights of its staff."""
    catalogue = install_site(at=calendar.moment(calendar.opening, 7))
    install_groups()
    return catalogue


def write_library(catalogue: CataloguePage, *, units: dict[str, Unit], calendar: Calendar, by: Cadre) -> None:
    """Publish the twelve courses as of the day on which the books begin; `by` brings the packages."""
    at = calendar.moment(calendar.opening, 7)
    topics = {
        topic: TopicRow.objects.get_or_create(name=topic.value, defaults={"position": position})[0]
        for position, topic in enumerate(told.Topic)
    }
    for course in told.COURSES:
        page = _write_course(catalogue, course, topics[course.topic], units[_provider(course.slug)])
        for lesson in course.lessons:
            _write_lesson(page, lesson, at, calendar.at, by)


def _provider(slug: str) -> str:
    if slug in COUNTY_MADE:
        return COUNTY
    return CITY if slug in CITY_MADE else PROVINCE


def _write_course(
    catalogue: CataloguePage, course: told.Course, topic: TopicRow, provider: Unit
) -> CoursePage:
    page: CoursePage = catalogue.add_child(
        instance=CoursePage(
            title=course.title,
            slug=course.slug,
            summary=course.summary,
            topic=topic,
            is_required=course.is_required,
            roles=list(course.roles),
            provider=provider,
        )
    )
    page.save_revision().publish()
    return page


def _write_lesson(
    course: CoursePage, lesson: told.Lesson, at: datetime, loaded_at: datetime, by: Cadre
) -> None:
    page = LessonPage(
        title=lesson.title, slug=lesson.slug, summary=lesson.summary, kind=LessonKind(lesson.kind.value)
    )
    if isinstance(lesson, told.Article):
        page.body = [_block(*block) for block in lesson.body]
    elif isinstance(lesson, told.Quiz):
        page.paper = _write_paper(told.PAPERS[course.slug], course.topic)
    elif isinstance(lesson, told.Document):
        page.document = _write_document(lesson)
    elif isinstance(lesson, told.Interactive):
        page.h5p = write_content(lesson, by=by, at=at)
    elif isinstance(lesson, told.Scorm):
        page.scorm = write_courseware(lesson, by=by)
    else:
        page.film = _write_film(lesson, loaded_at)
        page.body = _words_of(lesson)
    course.add_child(instance=page)
    # First the version, dated to the day on which the demo's year begins; publishing finds it unchanged.
    publish_version(lesson=page, at=at)
    page.save_revision().publish()


def _words_of(lesson: told.Film | told.Audio) -> list[tuple[str, object]]:
    """What is said, for those who would rather read."""
    if isinstance(lesson, told.Audio):
        return [_block("paragraph", sentence) for sentence in lesson.transcript]
    return [
        block
        for slide in lesson.slides
        for block in (_block("heading", slide.heading), _block("list", slide.points))
    ]


def _block(name: str, content: str | tuple[str, ...]) -> tuple[str, object]:
    if isinstance(content, tuple):
        return BLOCKS[name], list(content)
    return BLOCKS[name], f"<p>{escape(content)}</p>" if name == "paragraph" else content


def _write_paper(plan: told.PaperPlan, topic: TopicRow) -> Paper:
    competency = Competency.objects.create(name=plan.competency)
    for asked in plan.questions:
        question = Question(topic=topic, competency=competency, **asdict(asked))
        question.full_clean()
        question.save()
    paper: Paper = Paper.objects.create(title=plan.title, minutes=plan.minutes)
    PaperRule.objects.create(paper=paper, count=plan.draws, competency=competency)
    return paper


def _write_film(lesson: told.Film | told.Audio, at: datetime) -> Film:
    """The film in the library; its rungs are made in the background, once the site is open."""
    name = _in_storage(lesson.filename)
    if isinstance(lesson, told.Film):
        poster = _in_storage(lesson.poster)
        film = add_film(title=lesson.title, kind="video", name=name, at=at, poster_name=poster)
        subtitles = read_captions((SHIPPED / lesson.captions).read_bytes(), length_ms=film.length_ms)
        keep_captions(film=film, language="zh-Hans", subtitles=subtitles)
        return film
    return add_film(title=lesson.title, kind="audio", name=name, at=at)


def _write_document(lesson: told.Document) -> Document:
    """The file with the pieces that were made of it when it was written."""
    drafts = read_pieces(SHIPPED / lesson.pieces)
    for number, draft in enumerate(drafts, start=1):
        if draft.picture:
            _in_storage(f"{lesson.pieces}/{number}.webp")
    stored = f"demo/{lesson.pieces}"
    return add_document(title=lesson.title, name=_in_storage(lesson.filename), drafts=drafts, stored=stored)


def _in_storage(name: str) -> str:
    """The name under which the storage has a shipped file: in place as a rule, else copied there once."""
    stored = f"demo/{name}"
    if not default_storage.exists(stored):
        default_storage.save(stored, ContentFile((SHIPPED / name).read_bytes()))
    return stored
