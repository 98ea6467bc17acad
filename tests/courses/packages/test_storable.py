"""What a database keeps of strangers' JSON is told from what it does not."""

import json
from contextlib import suppress

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from courses.packages.storable import TooDeep, Unstorable, is_storable, must_be_storable

texts = st.text(st.characters(), max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("value", ["\0", ["a\0"], {"\0": 1}, {"a": {"b": ["\ud800"]}}, 1e999, [float("nan")]])
def test_what_no_database_keeps_is_found_wherever_it_stands(value: object) -> None:
    with pytest.raises(Unstorable):
        must_be_storable(value, most_levels=9)


def nested(levels: int) -> object:
    value: object = "a"
    for _level in range(levels - 1):
        value = [value]
    return value


def test_the_levels_are_counted() -> None:
    must_be_storable(nested(3), most_levels=3)
    with pytest.raises(TooDeep):
        must_be_storable(nested(4), most_levels=3)
    with pytest.raises(TooDeep):
        must_be_storable({"a": nested(100_000)}, most_levels=20)


def test_ordinary_signs_are_kept() -> None:
    assert is_storable("汉字 😀 \t\n \x01")


@pytest.mark.django_db
@given(value=values)
def test_what_is_storable_is_stored(value: object) -> None:
    with suppress(Unstorable):
        must_be_storable(value, most_levels=50)
        text = json.dumps(value)
        with connection.cursor() as cursor:
            kind = "jsonb" if connection.vendor == "postgresql" else "text"
            cursor.execute(f"SELECT CAST(%s AS {kind})", [text])
