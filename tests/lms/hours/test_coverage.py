"""The bitmap of played seconds: a union, whatever the order and the repetition."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lms.hours import coverage

LENGTH = 400
segments = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(
    lambda pair: pair[0] < pair[1]
)
bitmaps = st.lists(segments, max_size=12).map(coverage.from_segments)


def as_set(bits: int) -> set[int]:
    return {second for second in range(LENGTH) if bits >> second & 1}


@given(st.lists(segments, max_size=12))
def test_segments_cover_their_seconds_and_no_others(pairs: list[tuple[int, int]]) -> None:
    assert as_set(coverage.from_segments(pairs)) == {n for start, end in pairs for n in range(start, end)}


@given(bitmaps, bitmaps, bitmaps)
def test_union_is_commutative_associative_and_idempotent(one: int, two: int, three: int) -> None:
    assert coverage.union(one, two) == coverage.union(two, one)
    assert coverage.union(coverage.union(one, two), three) == coverage.union(one, coverage.union(two, three))
    assert coverage.union(one, one) == one


@given(bitmaps)
def test_bytes_ranges_and_count_tell_the_same_set(bits: int) -> None:
    assert coverage.from_bytes(coverage.to_bytes(bits)) == bits
    assert coverage.from_segments(coverage.ranges(bits)) == bits
    assert coverage.count(bits) == len(as_set(bits))


@given(bitmaps)
def test_ranges_are_apart_and_in_order(bits: int) -> None:
    ranges = coverage.ranges(bits)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


@given(bitmaps, bitmaps)
def test_missing_is_what_is_wanted_and_not_there(bits: int, wanted: int) -> None:
    assert as_set(coverage.missing(bits, wanted)) == as_set(wanted) - as_set(bits)


@given(bitmaps, st.integers(0, LENGTH))
def test_earliest_takes_the_first_seconds(bits: int, most: int) -> None:
    assert as_set(coverage.earliest(bits, most)) == set(sorted(as_set(bits))[:most])
