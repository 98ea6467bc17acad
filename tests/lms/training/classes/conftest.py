"""The county of the tests of calling."""

import pytest

from tests.lms.training.classes.calling import County


@pytest.fixture
def county(db: None) -> County:
    return County()
