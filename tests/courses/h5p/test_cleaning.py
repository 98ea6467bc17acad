"""Parameters are cleaned field by field, as the semantics of their libraries say."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.h5p.cleaning import Cleaner, clean_metadata
from courses.h5p.findings import find
from courses.h5p.names import LibraryName
from courses.packages.refusals import Refused
from tests.courses.h5p import made

SCRIPT = "<p>a</p><script>alert(1)</script>"
ESCAPED = "&lt;p&gt;a&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
SMALL, SET, PAGE = (LibraryName(f"H5P.{name}", 1, 0) for name in ("Small", "SmallSet", "SmallPage"))
SEMANTICS = {
    name: json.loads((made.LIBRARIES / name.directory / "semantics.json").read_text())
    for name in (SMALL, SET, PAGE)
}


def cleaned(params: dict[str, Any], main: LibraryName = SMALL, files: tuple[str, ...] = ()) -> dict[str, Any]:
    return Cleaner(SEMANTICS, files).clean(main, params)


def by_semantics(fields: list[Any], params: dict[str, Any]) -> dict[str, Any]:
    return Cleaner({SMALL: fields}, ()).clean(SMALL, params)


def test_what_is_clean_stays_as_it_is_in_its_order() -> None:
    for main, params in ((SMALL, made.QUESTION), (SET, made.SET_OF_THREE)):
        assert json.dumps(cleaned(params, main)) == json.dumps(params)


def test_rich_text_keeps_its_tags_and_plain_text_has_none() -> None:
    found = cleaned({"question": SCRIPT, "l10n": {"yes": SCRIPT}})
    assert found == {"question": "<p>a</p>", "l10n": {"yes": ESCAPED}}


def test_a_group_of_one_field_is_the_field() -> None:
    assert cleaned({"tip": "<em>a</em><b>b</b>"})["tip"] == "<em>a</em>b"
    assert cleaned({"tip": {"text": "<em>a</em><b>b</b>"}})["tip"] == {"text": "<em>a</em>b"}
    kept = {"name": "g", "type": "group", "isSubContent": True, "fields": SEMANTICS[PAGE]}
    assert by_semantics([kept], {"g": {"text": SCRIPT, "subContentId": "a"}}) == {
        "g": {"text": "<p>a</p>", "subContentId": "a"}
    }


def test_nested_contents_are_cleaned_by_their_own_fields() -> None:
    question = {
        "library": "H5P.Small 1.0",
        "params": {"question": SCRIPT, "x": SCRIPT},
        "subContentId": "a<b",
    }
    cleaner = Cleaner(SEMANTICS, ())
    found = cleaner.clean(SET, {"questions": [question]})
    assert found["questions"] == [
        {
            "library": "H5P.Small 1.0",
            "params": {"question": "<p>a</p>", "x": ESCAPED},
            "subContentId": "a&lt;b",
        }
    ]
    assert cleaner.used == {SET, SMALL}


def test_a_content_in_a_field_that_nobody_describes_is_cleaned_too() -> None:
    inside = {"anything": [{"library": "H5P.Small 1.0", "params": {"question": SCRIPT}}]}
    assert cleaned(inside)["anything"][0]["params"] == {"question": "<p>a</p>"}
    with pytest.raises(Refused):
        cleaned({"anything": {"library": "H5P.Gone 1.0", "params": {}}})


def test_a_place_that_was_left_empty_stays_empty() -> None:
    for empty in ({}, {"library": ""}, None, ""):
        assert cleaned({"questions": [empty]}, SET) == {"questions": [empty]}


def test_values_of_another_kind_than_their_field_are_kept_as_plain_ones() -> None:
    odd = {"question": {"a": [SCRIPT, 1, None]}, "correct": SCRIPT, "behaviour": SCRIPT, "mood": [SCRIPT]}
    assert cleaned(odd) == {
        "question": {"a": [ESCAPED, 1, None]},
        "correct": ESCAPED,
        "behaviour": ESCAPED,
        "mood": [ESCAPED],
    }
    assert cleaned({"questions": SCRIPT}, SET) == {"questions": ESCAPED}


def test_keys_cannot_begin_a_tag_either() -> None:
    assert cleaned({"<script>": 1}) == {"&lt;script&gt;": 1}


def test_a_choice_is_one_that_is_offered_or_plain() -> None:
    assert cleaned({"mood": "glad"}) == {"mood": "glad"}
    assert cleaned({"mood": "<b>"}) == {"mood": "&lt;b&gt;"}
    offered = [{"name": "s", "type": "select", "options": [{"value": "javascript:a"}, {"value": "<="}]}]
    assert by_semantics(offered, {"s": "javascript:a"}) == {"s": ""}
    assert by_semantics(offered, {"s": "<="}) == {"s": "<="}


def test_files_lie_in_the_package_or_under_an_absolute_address() -> None:
    params = {
        "media": {"path": "images/a.png#tmp", "mime": "image/png", "copyright": {"title": SCRIPT}},
        "sounds": [{"path": "a.mp3"}, {"path": 'https://example.org/"a.mp3'}, {"path": ""}],
    }
    found = cleaned(params, files=("images/a.png", "a.mp3"))
    assert found["media"] == {"path": "images/a.png", "mime": "image/png", "copyright": {"title": ESCAPED}}
    assert found["sounds"] == [{"path": "a.mp3"}, {"path": "https://example.org/&quot;a.mp3"}, {"path": ""}]


def test_absolute_addresses_are_found_with_their_places() -> None:
    params = {
        "media": {"path": "https://example.org/a.png"},
        "text": '<a href="http://example.org/b?c=1&amp;d=2">b</a> //example.net/e',
        "link": [{"protocol": "https://", "url": "example.com"}, {"protocol": "http://", "url": ""}],
        "time": "10:30//11:00",
    }
    found = find(params, {"source": "https://example.org/source"})
    assert [(one["where"], one["address"]) for one in found] == [
        ("content/content.json: media.path", "https://example.org/a.png"),
        ("content/content.json: text", "http://example.org/b?c=1&d=2"),
        ("content/content.json: text", "//example.net/e"),
        ("content/content.json: link[0].url", "https://example.com"),
        ("h5p.json: source", "https://example.org/source"),
    ]
    assert len(find({"a": [f"https://example.org/{n}" for n in range(500)]}, {})) == 200


def test_what_a_package_says_of_itself_has_no_tags() -> None:
    metadata = {
        "title": "It's <b>",
        "authors": [{"name": "<script>"}],
        "yearFrom": 1999,
        "source": "javascript:a",
    }
    assert clean_metadata(metadata) == {
        "title": "It's &lt;b&gt;",
        "authors": [{"name": "&lt;script&gt;"}],
        "yearFrom": 1999,
        "source": "",
    }


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=6),
        st.sampled_from([SCRIPT, "<", "javascript:a"]),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["question", "l10n", "tip", "media", "questions", "params", "text", "behaviour", "yes", "<a>"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    params=st.dictionaries(st.sampled_from(["question", "l10n", "tip", "mood", "x", "introduction"]), VALUES)
)
def test_cleaning_parameters_twice_is_cleaning_them_once_and_no_script_survives(
    params: dict[str, Any],
) -> None:
    for main in (SMALL, SET):
        once = cleaned(params, main)
        assert cleaned(once, main) == once
        assert "<script" not in json.dumps(once)
        assert '"javascript:' not in json.dumps(once)


def test_a_name_without_end_is_not_said_again_at_each_value() -> None:
    name = "a" * 300_000
    found = find({name: [{name: "https://example.org"}]}, {})
    assert [finding["where"] for finding in found] == [f"content/content.json: {'a' * 80}[0].{'a' * 80}"]
