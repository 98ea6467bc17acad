"""Writing rows: as many as there are, in several statements, once."""

import pytest

from lms.obligations import store
from lms.obligations.models import Obligation
from lms.obligations.rows import Row
from tests.lms.obligations.people import AT, earn, secretary, standing, under_the_defaults

pytestmark = pytest.mark.django_db


def test_rows_are_written_as_they_were_whatever_fits_in_a_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    person = secretary(under_the_defaults(), is_party_member=True)
    earn(person, "50.25")
    assert standing(person, "online").met_on
    rows = Obligation.objects.order_by("pk").values_list(*Row._fields)
    before = [Row._make(row) for row in rows]
    assert len(before) == 5
    monkeypatch.setattr(store, "AT_ONCE", 2)
    for _ in range(2):
        store.write([row._replace(earned=row.earned + 1) for row in before], at=AT)
    assert [row._replace(earned=row.earned - 1) for row in map(Row._make, rows.all())] == before
    assert set(Obligation.objects.values_list("refreshed_at", flat=True)) == {AT}
