"""What there is to be met inside a content: its slides, or the questions in it, by name."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from courses.h5p.names import LibraryName

Value = Any  # any JSON
SLIDES = "H5P.CoursePresentation"
SUMMARY = "H5P.Summary"
# The types that report an answer; a text or a picture is met by looking at it, and nobody hears of that.
ASKING = {
    "H5P.AdvancedBlanks",
    "H5P.ArithmeticQuiz",
    "H5P.Blanks",
    "H5P.CoursePresentation",
    "H5P.Crossword",
    "H5P.Dictation",
    "H5P.DragQuestion",
    "H5P.DragText",
    "H5P.Essay",
    "H5P.FindTheWords",
    "H5P.Flashcards",
    "H5P.FreeTextQuestion",
    "H5P.ImageHotspotQuestion",
    "H5P.ImageMultipleHotspotQuestion",
    "H5P.ImagePair",
    "H5P.ImageSequencing",
    "H5P.InteractiveVideo",
    "H5P.MarkTheWords",
    "H5P.MemoryGame",
    "H5P.MultiChoice",
    "H5P.MultiMediaChoice",
    "H5P.QuestionSet",
    "H5P.Questionnaire",
    "H5P.SingleChoiceSet",
    "H5P.SortParagraphs",
    "H5P.SpeakTheWords",
    "H5P.SpeakTheWordsSet",
    SUMMARY,
    "H5P.TrueFalse",
}


def parts_of(main: str, params: Value, asking: Collection[str] = ASKING) -> list[str]:
    """`slide:1` and on for slides, `sub:<subContentId>` for questions; [] where the whole is one question.

    `main` is the machine name of the main library; a question inside a question counts with the outer one.
    """
    if main == SLIDES:
        presentation = params.get("presentation") if isinstance(params, Mapping) else None
        slides = presentation.get("slides") if isinstance(presentation, Mapping) else None
        return [f"slide:{number}" for number in range(1, len(slides) + 1)] if isinstance(slides, list) else []
    return list(dict.fromkeys(f"sub:{found}" for found in _questions(params, asking)))


def _questions(value: Value, asking: Collection[str]) -> Iterator[str]:
    if isinstance(value, Mapping):
        name = LibraryName.from_params(value.get("library"))
        identity = value.get("subContentId")
        if name and name.machine_name in asking and isinstance(identity, str) and identity:
            if name.machine_name != SUMMARY or _has_statements(value.get("params")):
                yield identity
            return
    if isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _questions(one, asking)


def _has_statements(params: Value) -> bool:
    """Whether a summary has anything to choose from; one that was left empty is never shown."""
    summaries = params.get("summaries") if isinstance(params, Mapping) else None
    rows = summaries if isinstance(summaries, list) else []
    return any(isinstance(row, Mapping) and any(row.get("summary") or []) for row in rows)
