"""The catalogue's filters, and who may be named as provider."""

import pytest
from django.http import QueryDict

from accounts.models import StaffRole, Unit
from courses.forms import CatalogueForm, providers_for
from courses.models import LessonKind, Topic
from tests.factories import CadreFactory, StaffFactory, county_tree


def form(query: str) -> CatalogueForm:
    return CatalogueForm(QueryDict(query), topics=[Topic(pk=7, name="党建")], kinds=LessonKind.choices)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", {}),
        ("q=", {}),
        ("q=%20%20", {}),
        ("q=防汛&topic=7", {"q": "防汛", "topic": "7"}),
        ("topic=8&role=DIRECTOR", {"role": "DIRECTOR"}),
        ("role=director&need=required&kind=FILM&page=2", {"need": "required", "kind": "FILM"}),
        ("q=a%00b&kind=AUDIO", {"kind": "AUDIO"}),
        ("q=" + "长" * 100, {"q": "长" * 60}),
    ],
)
def test_what_is_known_is_wanted_and_the_rest_ignored(query: str, wanted: dict[str, str]) -> None:
    assert form(query).wanted() == wanted


def test_the_folded_filters_open_only_when_one_is_set() -> None:
    for query, is_open in (("q=防汛&topic=7", False), ("role=DIRECTOR", True), ("role=KING", False)):
        asked = form(query)
        asked.wanted()
        assert asked.has_filters is is_open, query


@pytest.mark.django_db
def test_providers_are_the_own_places_and_those_above() -> None:
    tree = county_tree()
    county = StaffFactory(unit=tree.county, role=StaffRole.TRAINER).person
    township = StaffFactory(unit=tree.township, role=StaffRole.TRAINER).person
    everything = CadreFactory(is_superuser=True)

    def named(person: object) -> set[str]:
        return set(Unit.objects.filter(providers_for(person)).values_list("name", flat=True))  # type: ignore[arg-type]

    above = {"山西省", "晋中市", "平遥县"}
    assert named(county) == above
    assert named(township) == above | {"古陶镇"}
    assert named(everything) == named(None) == above
