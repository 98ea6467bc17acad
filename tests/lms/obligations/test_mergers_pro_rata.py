"""The share of a year by months in post is that of one office, also where a merger cuts it in two."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Post
from lms.obligations.actions import refresh
from lms.obligations.models import Obligation, Requirement
from tests.accounts.mergers.merging import AT, NEW, into, prepared, ruler, written
from tests.lms.obligations.people import secretary, under_the_defaults

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("on", [date(2026, 7, 1), date(2026, 7, 9)])
def test_a_merger_leaves_the_share_as_it_was(on: date) -> None:
    tree = under_the_defaults()
    Requirement.objects.filter(slug="online").update(is_pro_rata=True)
    person = secretary(tree)
    Post.objects.update(from_on=date(2026, 4, 10))
    refresh([person.pk], at=datetime(2026, 6, 20, 4, tzinfo=UTC))
    before = Obligation.objects.get(person=person, slug="online")
    by = ruler(tree)
    written(prepared(tree, into(NEW, tree.village, tree.other_village), by, on=on), by)
    refresh([person.pk], at=AT)
    after = Obligation.objects.get(person=person, slug="online")
    assert (after.required, after.share_months) == (before.required, before.share_months)
    assert before.is_shared
