"""Where the demo does not go."""

from datetime import UTC, datetime

import pytest

from accounts.models import Cadre, Unit
from lms.demo.load import NotEmpty, load
from tests.factories import CadreFactory

pytestmark = pytest.mark.django_db


def test_load_refuses_beside_other_people_and_writes_nothing():
    CadreFactory()
    before = Unit.objects.count()
    with pytest.raises(NotEmpty):
        load(at=datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert (Cadre.objects.count(), Unit.objects.count()) == (1, before)
