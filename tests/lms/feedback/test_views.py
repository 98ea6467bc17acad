"""意见建议: anybody may speak, the right desk answers."""

import pytest
from django.test import Client

from accounts.models import StaffRole
from lms.feedback.models import Suggestion
from tests.factories import CadreFactory, StaffFactory, county_tree

TEXT = {"text": "第 3 课讲得太快。"}


@pytest.mark.django_db
def test_cadre_tells_something_and_reads_the_answer(client: Client) -> None:
    places = county_tree()
    cadre = CadreFactory(unit=places.village)
    keeper = StaffFactory(unit=places.township).person
    client.force_login(cadre)
    assert client.post("/feedback/", TEXT).status_code == 302
    suggestion = Suggestion.objects.get()
    assert (suggestion.person, suggestion.unit) == (cadre, places.village)

    client.force_login(keeper)
    client.post(f"/feedback/desk/{suggestion.pk}/reply/", {"text": "已改。", "close": ""})
    suggestion.refresh_from_db()
    assert suggestion.closed_at is not None

    client.force_login(cadre)
    assert "已改。" in client.get("/feedback/").content.decode()


@pytest.mark.django_db
def test_stranger_may_speak_and_only_county_and_above_see_it(client: Client) -> None:
    places = county_tree()
    client.post("/feedback/", TEXT)
    county = StaffFactory(unit=places.county, role=StaffRole.COUNTY).person
    township = StaffFactory(unit=places.township).person
    assert Suggestion.objects.visible_to(county).count() == 1
    assert Suggestion.objects.visible_to(township).count() == 0


@pytest.mark.django_db
def test_nameless_suggestion_of_a_cadre_keeps_no_name(client: Client) -> None:
    client.force_login(CadreFactory())
    client.post("/feedback/", {**TEXT, "is_anonymous": "on"})
    assert Suggestion.objects.get().person is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("is_signed_in", "data", "is_promised"),
    [
        (False, {}, False),
        (False, {"contact": "13900000001"}, True),
        (True, {}, True),
        (True, {"is_anonymous": "on"}, False),
    ],
)
def test_answer_is_promised_only_to_whom_it_can_reach(
    client: Client, is_signed_in: bool, data: dict[str, str], is_promised: bool
) -> None:
    client.cookies["django_language"] = "en"
    if is_signed_in:
        client.force_login(CadreFactory())
    page = client.post("/feedback/", {**TEXT, **data}, follow=True).content.decode()
    assert ("answer within seven days" in page) is is_promised
    assert ("Without a name or a contact we cannot answer you" in page) is not is_promised


@pytest.mark.django_db
def test_form_tells_a_stranger_that_no_answer_comes_without_a_contact(client: Client) -> None:
    client.cookies["django_language"] = "en"
    warning = "without it we read your words, but cannot answer you"
    assert warning in client.get("/feedback/").content.decode()
    client.force_login(CadreFactory())
    assert warning not in client.get("/feedback/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("about", "text"), [("class", "When is the next training class in our township?"), ("x", ""), ("", "")]
)
def test_page_that_asks_for_somebody_gives_the_first_line(client: Client, about: str, text: str) -> None:
    client.cookies["django_language"] = "en"
    assert client.get("/feedback/", {"about": about}).context["form"]["text"].value() == text


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", " ", "长" * 2001])
def test_empty_or_endless_text_is_refused(client: Client, text: str) -> None:
    assert client.post("/feedback/", {"text": text}).status_code == 422
    assert not Suggestion.objects.exists()


@pytest.mark.django_db
def test_too_many_suggestions_at_once_are_told_to_wait(client: Client) -> None:
    statuses = [client.post("/feedback/", TEXT).status_code for _number in range(11)]
    assert (statuses[0], statuses[-1]) == (302, 429)
    assert Suggestion.objects.count() == 10


@pytest.mark.django_db
def test_desk_of_another_township_cannot_answer(client: Client) -> None:
    places = county_tree()
    client.force_login(CadreFactory(unit=places.village))
    client.post("/feedback/", TEXT)
    client.force_login(StaffFactory(unit=places.other_township).person)
    suggestion = Suggestion.objects.get()
    assert client.post(f"/feedback/desk/{suggestion.pk}/reply/", {"text": "x"}).status_code == 404
    assert not suggestion.replies.exists()


@pytest.mark.django_db
def test_those_who_only_read_cannot_answer(client: Client) -> None:
    places = county_tree()
    client.force_login(CadreFactory(unit=places.village))
    client.post("/feedback/", TEXT)
    suggestion = Suggestion.objects.get()
    client.force_login(StaffFactory(unit=places.county, role=StaffRole.AUDITOR).person)
    page = client.get("/feedback/desk/").content.decode()
    assert suggestion.text in page
    assert "/reply/" not in page
    assert client.post(f"/feedback/desk/{suggestion.pk}/reply/", {"text": "x"}).status_code == 403


@pytest.mark.django_db
def test_empty_answer_keeps_nothing_and_says_so(client: Client) -> None:
    places = county_tree()
    client.force_login(CadreFactory(unit=places.village))
    client.post("/feedback/", TEXT)
    client.force_login(StaffFactory(unit=places.township).person)
    suggestion = Suggestion.objects.get()
    response = client.post(f"/feedback/desk/{suggestion.pk}/reply/", {"text": "", "close": ""})
    assert response.status_code == 422
    assert list(response.context["page"]) == [suggestion]
    assert "alert" in response.content.decode()
    suggestion.refresh_from_db()
    assert suggestion.closed_at is None
    assert not suggestion.replies.exists()
