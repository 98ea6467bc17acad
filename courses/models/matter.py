"""What a lesson of each kind is made of: how long it takes, what tells versions apart, what is missing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.packages.completion import Gate
from courses.reading_time import characters_in, reading_seconds

from .versions import LessonKind

if TYPE_CHECKING:
    from .lesson import LessonPage

SHORTEST_READING_SECONDS = 10


class Matter(NamedTuple):
    """The matter of one kind; `check` raises ValidationError, in words beside the field."""

    seconds: "Callable[[LessonPage], int]"
    content: "Callable[[LessonPage], str]"
    check: "Callable[[LessonPage], None]"


def _film_seconds(lesson: "LessonPage") -> int:
    return lesson.film.seconds if lesson.film else 0


def _film_content(lesson: "LessonPage") -> str:
    return lesson.film.digest if lesson.film else ""


def _check_media(lesson: "LessonPage", wanted: str) -> None:
    if lesson.film is None:
        raise ValidationError({"film": _("Choose the film or recording of this lesson.")})
    if lesson.film.type != wanted:
        raise ValidationError(
            {"film": _("A film lesson needs a film, an audio lesson needs a sound recording.")}
        )
    if not lesson.film.length_ms or not lesson.film.digest:
        raise ValidationError({"film": _("The length of this file is not known. Upload it once more.")})


def _article_seconds(lesson: "LessonPage") -> int:
    return max(SHORTEST_READING_SECONDS, reading_seconds(characters_in(lesson.text)))


def _check_article(lesson: "LessonPage") -> None:
    if not lesson.text:
        raise ValidationError({"body": _("An article needs a text.")})


def _document_seconds(lesson: "LessonPage") -> int:
    return lesson.document.seconds if lesson.document else 0


def _document_content(lesson: "LessonPage") -> str:
    return lesson.document.digest if lesson.document else ""


def _check_document(lesson: "LessonPage") -> None:
    document = lesson.document
    if document is None:
        raise ValidationError({"document": _("Choose the document of this lesson.")})
    if document.is_refused:
        raise ValidationError(
            {"document": _("This document could not be made readable. Look it up under Documents.")}
        )
    if not document.is_ready:
        raise ValidationError(
            {
                "document": _(
                    "This document is still being made readable. Keep a draft and publish in a few minutes."
                )
            }
        )


def _quiz_content(lesson: "LessonPage") -> str:
    return lesson.paper.fingerprint if lesson.paper else ""


def _check_quiz(lesson: "LessonPage") -> None:
    if lesson.paper is None:
        raise ValidationError({"paper": _("Choose the paper of this quiz.")})
    if not lesson.paper.size:
        raise ValidationError({"paper": _("This paper draws no question yet.")})


def _package_seconds(lesson: "LessonPage") -> int:
    return lesson.package.seconds if lesson.package else 0


def _package_content(lesson: "LessonPage") -> str:
    return lesson.package.digest if lesson.package else ""


def _check_package(lesson: "LessonPage", field: str) -> None:
    package = lesson.package
    if package is None:
        raise ValidationError({field: _("Choose what this lesson plays.")})
    if package.is_refused:
        raise ValidationError({field: _("This package was refused. Its page in the library says why.")})
    if not package.is_ready:
        raise ValidationError(
            {field: _("This package is still being unpacked. Keep a draft and publish in a few minutes.")}
        )
    if package.gate == Gate.PARTS and not package.parts:
        raise ValidationError({field: _("This package names no slides or questions. Choose another way.")})


MATTERS: dict[LessonKind, Matter] = {
    LessonKind.FILM: Matter(_film_seconds, _film_content, lambda lesson: _check_media(lesson, "video")),
    LessonKind.AUDIO: Matter(_film_seconds, _film_content, lambda lesson: _check_media(lesson, "audio")),
    LessonKind.ARTICLE: Matter(_article_seconds, lambda lesson: lesson.text, _check_article),
    LessonKind.DOCUMENT: Matter(_document_seconds, _document_content, _check_document),
    LessonKind.H5P: Matter(_package_seconds, _package_content, lambda lesson: _check_package(lesson, "h5p")),
    LessonKind.SCORM: Matter(
        _package_seconds, _package_content, lambda lesson: _check_package(lesson, "scorm")
    ),
    # A quiz asks for no time.
    LessonKind.QUIZ: Matter(lambda lesson: 0, _quiz_content, _check_quiz),
}
