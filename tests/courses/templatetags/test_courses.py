"""How lengths and sizes are written."""

import pytest
from django.utils.translation import override

from courses.templatetags.courses import clock, in_words, megabytes


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
