"""How lengths and sizes are written."""

import pytest
from django.utils.translation import override

from courses.templatetags.courses import clock, in_words, megabytes, span


@pytest.mark.parametrize(
    ("seconds", "written"), [(5, "0:05"), (60, "1:00"), (1100, "18:20"), (3600, "1:00:00"), (3725, "1:02:05")]
)
def test_a_length_as_players_show_it(seconds: int, written: str) -> None:
    assert clock(seconds) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (1, "1 second"),
        (45, "45 seconds"),
        (60, "1 min"),
        (89, "1 min"),
        (90, "2 min"),
        (3600, "1 hour"),
        (7200, "2 hours"),
        (5520, "1 h 32 min"),
        (7170, "2 hours"),
    ],
)
def test_a_length_in_words(seconds: int, written: str) -> None:
    with override("en"):
        assert in_words(seconds) == written


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (1, "0.1 MB"),
        (104_688, "0.1 MB"),
        (1_940_000, "1.9 MB"),
        (9_960_000, "10.0 MB"),
        (17_400_000, "17 MB"),
    ],
)
def test_a_size_as_people_with_a_data_plan_count_it(size: int, written: str) -> None:
    with override("en"):
        assert megabytes(size) == written


@pytest.mark.parametrize(
    ("pictures", "written"),
    [
        ([], ""),
        ([3_100_000], "3.1 MB"),
        ([17_000_000, 900_000, 4_000_000], "0.9–17 MB"),
        ([10, 20], "0.1 MB"),
    ],
)
def test_a_span_of_sizes_leaves_out_the_one_without_a_picture(pictures: list[int], written: str) -> None:
    sizes = [("480", "清晰", size) for size in pictures] + [("audio", "声音", 5)]
    with override("en"):
        assert span(sizes) == written
