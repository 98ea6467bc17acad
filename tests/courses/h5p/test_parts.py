"""What there is to be met in a content."""

import pytest

from courses.h5p.parts import parts_of
from tests.courses.h5p import made


def one(library: str, identity: str, **params: object) -> dict[str, object]:
    return {"library": library, "subContentId": identity, "params": params}


def test_slides_are_numbered() -> None:
    params = {
        "presentation": {"slides": [{"elements": []}, {"elements": [{"action": one("H5P.Blanks 1.1", "a")}]}]}
    }
    assert parts_of("H5P.CoursePresentation", params) == ["slide:1", "slide:2"]


def test_questions_are_named_and_texts_are_not() -> None:
    inside = {
        "content": [
            one("H5P.AdvancedText 1.1", "a"),
            one("H5P.MultiChoice 1.16", "b"),
            one("H5P.Blanks 1.14", "c"),
        ]
    }
    assert parts_of("H5P.Column", inside) == ["sub:b", "sub:c"]
    assert parts_of("H5P.SmallSet", made.SET_OF_THREE, {"H5P.Small"}) == [
        "sub:11111111-1111-4111-8111-111111111111",
        "sub:33333333-3333-4333-8333-333333333333",
    ]


def test_questions_inside_a_question_count_with_it() -> None:
    questions = {"questions": [one("H5P.Blanks 1.14", "b")]}
    assert parts_of("H5P.Column", {"content": [one("H5P.QuestionSet 1.20", "a", **questions)]}) == ["sub:a"]


def test_an_empty_summary_is_never_shown() -> None:
    assert parts_of("H5P.InteractiveVideo", one("H5P.Summary 1.10", "a", summaries=[{"summary": []}])) == []
    assert parts_of("H5P.InteractiveVideo", one("H5P.Summary 1.10", "a", summaries=[{"summary": ["b"]}])) == [
        "sub:a"
    ]


@pytest.mark.parametrize("params", [{}, [], None, {"presentation": 3}, {"presentation": {"slides": {}}}])
def test_odd_parameters_have_no_parts(params: object) -> None:
    assert parts_of("H5P.CoursePresentation", params) == []
    assert parts_of("H5P.TrueFalse", params) == []


def test_a_content_without_an_identity_cannot_be_met() -> None:
    assert parts_of("H5P.Column", {"content": [one("H5P.Blanks 1.14", "")]}) == []
