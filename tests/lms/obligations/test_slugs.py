"""Short names out of names in any script."""

import pytest
from django.core.validators import validate_slug
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Unit
from lms.obligations.slugs import LONGEST, own_slug

COUNTY = Unit(code="140728000000")
VILLAGE = Unit(code="140728100201")


@given(st.text(max_size=80), st.sampled_from([COUNTY, VILLAGE]))
def test_every_name_gives_a_short_name_that_addresses_can_hold(name: str, unit: Unit) -> None:
    slug = own_slug(unit, name)
    validate_slug(slug)
    assert len(slug) <= LONGEST
    assert slug.startswith(f"own-{unit.prefix}-")


@given(st.lists(st.text("流动党员后备干部学习一二三", min_size=1, max_size=8), min_size=2, unique=True))
def test_different_chinese_names_have_different_short_names(names: list[str]) -> None:
    assert len({own_slug(COUNTY, name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["流动党员学习", "  流动党员学习 ", "流动党员学习\u3000"])
def test_the_same_name_has_one_short_name_in_a_region(name: str) -> None:
    assert own_slug(COUNTY, name) == own_slug(COUNTY, "流动党员学习")
    assert own_slug(VILLAGE, name) != own_slug(COUNTY, name)


def test_words_in_latin_letters_stay_readable() -> None:
    assert own_slug(COUNTY, "First Aid").startswith("own-140728-first-aid-")
