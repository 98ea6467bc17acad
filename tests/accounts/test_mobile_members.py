"""Party members on the move: home unit and present unit share them, and every room gives the same answer."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext, override
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Cadre, Post, Role, StaffRole
from lms.certificates.models import Certificate
from lms.hours.models import HoursEntry
from lms.obligations.actions import refresh
from lms.obligations.models import Obligation
from tests.factories import CadreFactory, PostFactory, StaffFactory
from tests.factories.people import CountyTree
from tests.lms.obligations.people import AT, earn, secretary, under_the_defaults
from tests.rules import examples

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
DIGITS = {"PROVINCE": 2, "CITY": 4, "COUNTY": 6, "TOWNSHIP": 9, "VILLAGE": 12}


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def tree() -> CountyTree:
    return under_the_defaults()


@pytest.fixture
def guest(tree: CountyTree) -> Cadre:
    """Of the first township, now in the other one's village."""
    person = secretary(tree, name="流有方")
    PostFactory(person=person, unit=tree.far_village, role=Role.MOBILE_MEMBER, from_on=date(2026, 3, 1))
    earn(person, 2)
    refresh([person.pk], at=AT)
    return person


def staff(unit: object, role: str = StaffRole.TOWNSHIP) -> Cadre:
    return Cadre.objects.get(pk=StaffFactory(unit=unit, role=role).person.pk)


ROOMS: list[Callable[[Cadre], QuerySet[object]]] = [
    lambda user: Cadre.objects.visible_to(user).filter(name="流有方"),
    lambda user: Post.objects.visible_to(user).filter(person__name="流有方"),
    lambda user: HoursEntry.objects.visible_to(user),
    lambda user: Obligation.objects.visible_to(user).filter(person__name="流有方"),
    lambda user: Certificate.objects.visible_to(user),
]


def test_both_units_see_the_person_and_all_that_is_theirs(tree: CountyTree, guest: Cadre) -> None:
    for room in ROOMS[:-1]:
        counts = {room(staff(unit)).count() for unit in (tree.township, tree.other_township, tree.county)}
        assert len(counts) == 1
        assert counts != {0}
        assert room(staff(tree.other_village, StaffRole.STATION)).count() == 0
        assert room(staff(tree.far_village, StaffRole.STATION)).count() in counts


def test_only_as_long_as_the_post_runs(tree: CountyTree, guest: Cadre) -> None:
    post = guest.posts.get(role=Role.MOBILE_MEMBER)
    for to_on, is_seen in ((TODAY, True), (TODAY - timedelta(days=1), False)):
        Post.objects.filter(pk=post.pk).update(to_on=to_on)
        assert Cadre.objects.visible_to(staff(tree.other_township)).filter(pk=guest.pk).exists() is is_seen
    Post.objects.filter(pk=post.pk).update(to_on=None, from_on=TODAY + timedelta(days=1))
    assert not Cadre.objects.visible_to(staff(tree.other_township)).filter(pk=guest.pk).exists()


def test_the_file_stays_with_the_home_unit(client: Client, tree: CountyTree, guest: Cadre) -> None:
    client.force_login(staff(tree.other_township))
    assert client.get(f"/desk/people/{guest.pk}/").status_code == 200
    for page in ("edit", "transfer", "code"):
        assert client.get(f"/desk/people/{guest.pk}/{page}/").status_code == 404
    home, mobile = guest.posts.get(role=Role.SECRETARY), guest.posts.get(role=Role.MOBILE_MEMBER)
    assert client.get(f"/desk/people/posts/{home.pk}/end/").status_code == 404
    assert client.get(f"/desk/people/posts/{mobile.pk}/end/").status_code == 200
    own = client.get(f"/desk/people/{guest.pk}/").content.decode()
    assert f"posts/{mobile.pk}/end/" in own
    assert f"posts/{home.pk}/end/" not in own
    page = client.get(f"/desk/people/{guest.pk}/appoint/")
    assert str(tree.far_village.pk) in page.content.decode()
    sent = {"unit": tree.far_village.pk, "role": Role.RESERVE, "from_on": "2026-05-01"}
    assert client.post(f"/desk/people/{guest.pk}/appoint/", sent).status_code == 302
    sent["unit"] = tree.village.pk
    assert client.post(f"/desk/people/{guest.pk}/appoint/", sent).status_code == 422


def shared_with(home: str) -> str:
    """As the pages say it, which open in Chinese."""
    with override("zh-hans"):
        return gettext("shared with %(home)s") % {"home": home}


def test_lists_say_with_whom_they_share(client: Client, tree: CountyTree, guest: Cadre) -> None:
    client.force_login(staff(tree.other_township))
    for address in ("/desk/people/", "/desk/calls/"):
        page = client.get(address).content.decode()
        assert guest.name in page
        assert shared_with("东城村") in page
    client.force_login(staff(tree.township))
    page = client.get("/desk/people/").content.decode()
    assert guest.name in page
    assert shared_with("段村") not in page


@pytest.mark.parametrize(
    ("unit", "place"),
    [("township", "village"), ("other_township", "far_village"), ("county", "township")],
)
def test_every_overview_counts_the_person_once(
    client: Client, tree: CountyTree, guest: Cadre, unit: str, place: str
) -> None:
    role = StaffRole.COUNTY if unit == "county" else StaffRole.TOWNSHIP
    client.force_login(staff(getattr(tree, unit), role))
    page = client.get("/desk/").context
    assert page["total"].due == 1
    assert [line.unit for line in page["lines"] if line.due] == [getattr(tree, place)]
    assert [sum(line.short_by_slug.values()) for line in page["lines"]] == [
        Obligation.objects.filter(person=guest).short().count()
    ]


def test_guests_cost_no_query_more(client: Client, tree: CountyTree, guest: Cadre) -> None:
    client.force_login(staff(tree.other_township))
    for address in ("/desk/", "/desk/people/", "/desk/calls/", f"/desk/people/{guest.pk}/"):
        with CaptureQueriesContext(
            connection,
        ) as one:
            client.get(address)
        for _ in range(5):
            person = CadreFactory(unit=tree.village)
            PostFactory(person=person, unit=tree.far_village, role=Role.MOBILE_MEMBER)
        refresh(Cadre.objects.values_list("pk", flat=True), at=AT)
        with CaptureQueriesContext(connection) as six:
            client.get(address)
        assert len(six) <= len(one)
        assert len(six) <= 20


def test_reserve_cadres_and_first_secretaries_are_appointed_like_others(
    client: Client, tree: CountyTree
) -> None:
    person = CadreFactory(unit=tree.village)
    client.force_login(staff(tree.township))
    roles = (Role.RESERVE, Role.FIRST_SECRETARY, Role.MOBILE_MEMBER)
    for role in roles:
        sent = {"unit": tree.village.pk, "role": role, "from_on": "2026-05-01"}
        assert client.post(f"/desk/people/{person.pk}/appoint/", sent).status_code == 302
    page = client.get(f"/desk/people/{person.pk}/").content.decode()
    assert all(str(role.label) in page for role in roles)
    refresh([person.pk], at=AT)
    assert [row.slug for row in Obligation.objects.filter(person=person)] == ["online"]


UNITS = ["province", "county", "township", "other_township", "village", "other_village", "far_village"]


class Reference(TestCase):
    """`visible_to` of every room is what a slow and obvious reckoning says."""

    @settings(deadline=None, max_examples=examples(10))
    @given(
        st.lists(
            st.tuples(st.sampled_from(UNITS), st.none() | st.sampled_from(UNITS), st.booleans()), max_size=6
        ),
        st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(list(StaffRole))), max_size=3),
        st.sampled_from([(), ("TOWNSHIP", "COUNTY"), ("AUDITOR",)]),
    )
    def test_visible_is_what_an_obvious_reckoning_says(
        self,
        people: list[tuple[str, str | None, bool]],
        scopes: list[tuple[str, str]],
        roles: tuple[str, ...],
    ) -> None:
        with time_machine.travel(datetime(2026, 6, 1, 4, tzinfo=UTC), tick=False):
            tree = under_the_defaults()
            user = CadreFactory(unit=tree.city)
            for unit, role in set(scopes):
                StaffFactory(person=user, unit=getattr(tree, unit), role=role)
            for home, present, is_over in people:
                person = CadreFactory(unit=getattr(tree, home))
                earn(person, 1)
                if present:
                    last = date(2026, 5, 31) if is_over else None
                    at = getattr(tree, present)
                    PostFactory(person=person, unit=at, role=Role.MOBILE_MEMBER, to_on=last)
            user = Cadre.objects.get(pk=user.pk)
            expected = {person.pk for person in Cadre.objects.all() if sees(user, person, roles)}
            assert set(Cadre.objects.visible_to(user, *roles).values_list("pk", flat=True)) == expected
            for model in (HoursEntry, Post):
                seen = model.objects.visible_to(user, *roles).values_list("person", flat=True)
                owners = set(model.objects.values_list("person", flat=True))
                assert sorted(seen) == sorted(owners & expected)


def sees(user: Cadre, person: Cadre, roles: tuple[str, ...]) -> bool:
    reading = {"STATION", "AUDITOR", "TOWNSHIP", "COUNTY", "CITY", "PROVINCE"}
    codes = [person.unit.code]
    codes += [
        post.unit.code
        for post in Post.objects.filter(person=person, role="MOBILE_MEMBER")
        if post.is_held_on(TODAY)
    ]
    return any(
        code.startswith(scope.unit.code[: DIGITS[scope.unit.level]])
        for scope in user.staff_scopes.all()
        if scope.role in (roles or reading)
        for code in codes
    )
