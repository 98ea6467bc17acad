"""Offers of people to units outside one's reach."""

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client

from accounts.actions import NotYet, UnitNotInForce, transfer
from accounts.models import AuditLine, Cadre, Post, Role, Unit
from accounts.transfers.actions import (
    MovedMeanwhile,
    NotTheirs,
    OfferDecided,
    OfferedAlready,
    accept_offer,
    decline_offer,
    offer_person,
    withdraw_offer,
)
from accounts.transfers.models import OfferStatus, TransferOffer
from tests.accounts.rosters import AT, ON
from tests.factories import CadreFactory, PostFactory, StaffFactory, county_tree
from tests.factories.people import CountyTree

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)


@pytest.fixture
def tree() -> CountyTree:
    return county_tree()


@pytest.fixture
def sender(tree: CountyTree) -> Cadre:
    return Cadre.objects.get(pk=StaffFactory(unit=tree.township).person.pk)


@pytest.fixture
def receiver(tree: CountyTree) -> Cadre:
    return Cadre.objects.get(pk=StaffFactory(unit=tree.other_township).person.pk)


@pytest.fixture
def person(tree: CountyTree) -> Cadre:
    return CadreFactory(unit=tree.village, name="钱明")


def offered(person: Cadre, unit: Unit, by: Cadre, **more: object) -> TransferOffer:
    terms = {"on": DAY, "is_shared": False, "ending": [], **more}
    return offer_person(person=person, unit=unit, by=by, at=AT, **terms)  # type: ignore[arg-type]


def test_an_accepted_offer_moves_the_person(
    tree: CountyTree, sender: Cadre, receiver: Cadre, person: Cadre
) -> None:
    post = PostFactory(person=person)
    over = PostFactory(person=person, role=Role.DIRECTOR, to_on=date(2026, 2, 1))
    offer = offered(person, tree.other_township, sender, ending=[post.pk, over.pk])
    person.refresh_from_db()
    assert person.unit == tree.village
    accept_offer(offer=offer, unit=tree.far_village, role=Role.DEPUTY_SECRETARY, by=receiver, at=AT)
    person.refresh_from_db()
    post.refresh_from_db()
    assert (person.unit, post.to_on) == (tree.far_village, date(2026, 4, 30))
    begun = Post.objects.of(person.pk).running().get()
    assert (begun.unit, begun.role, begun.from_on) == (tree.far_village, Role.DEPUTY_SECRETARY, DAY)
    offer.refresh_from_db()
    assert (offer.status, offer.decided_by) == (OfferStatus.ACCEPTED, receiver)
    actions = set(AuditLine.objects.filter(person=person).values_list("action", flat=True))
    assert {"transfer.offered", "transfer.accepted", "person.moved", "post.ended", "post.began"} <= actions


def test_an_offer_to_share_leaves_the_file(
    tree: CountyTree, sender: Cadre, receiver: Cadre, person: Cadre
) -> None:
    accept_offer(
        offer=offered(person, tree.other_township, sender, is_shared=True),
        unit=tree.far_village,
        role=Role.DIRECTOR,
        by=receiver,
        at=AT,
    )
    person.refresh_from_db()
    post = person.posts.get()
    assert (person.unit, post.unit, post.role) == (tree.village, tree.far_village, Role.MOBILE_MEMBER)


def test_an_answer_is_given_once(tree: CountyTree, sender: Cadre, receiver: Cadre, person: Cadre) -> None:
    offer = offered(person, tree.far_village, sender)
    decline_offer(offer=offer, reason="没有名额", by=receiver, at=AT)
    for again in (
        lambda: decline_offer(offer=offer, reason="再说", by=receiver, at=AT),
        lambda: accept_offer(offer=offer, unit=tree.far_village, by=receiver, at=AT),
        lambda: withdraw_offer(offer=offer, by=sender, at=AT),
    ):
        with pytest.raises(OfferDecided):
            again()
    offer.refresh_from_db()
    assert (offer.status, offer.reason) == (OfferStatus.DECLINED, "没有名额")
    person.refresh_from_db()
    assert person.unit == tree.village


def test_only_who_keeps_the_unit_decides(
    tree: CountyTree, sender: Cadre, receiver: Cadre, person: Cadre
) -> None:
    offer = offered(person, tree.far_village, sender)
    for forbidden in (
        lambda: accept_offer(offer=offer, unit=tree.far_village, by=sender, at=AT),
        lambda: accept_offer(offer=offer, unit=tree.village, by=receiver, at=AT),
        lambda: decline_offer(offer=offer, reason="不", by=sender, at=AT),
        lambda: withdraw_offer(offer=offer, by=receiver, at=AT),
        lambda: offered(person, tree.village, receiver),
    ):
        with pytest.raises(NotTheirs):
            forbidden()
    assert withdraw_offer(offer=offer, by=sender, at=AT).status == OfferStatus.WITHDRAWN


def test_an_offer_that_cannot_be_is_refused(tree: CountyTree, sender: Cadre, person: Cadre) -> None:
    Unit.objects.filter(pk=tree.other_village.pk).update(valid_to=date(2026, 1, 1))
    with pytest.raises(NotYet):
        offered(person, tree.far_village, sender, on=date(2026, 6, 2))
    with pytest.raises(UnitNotInForce):
        offered(person, tree.other_village, sender)
    with pytest.raises(MovedMeanwhile):
        offered(person, tree.village, sender)
    first = offered(person, tree.far_village, sender)
    assert offered(person, tree.far_village, sender) == first
    with pytest.raises(OfferedAlready):
        offered(person, tree.other_township, sender)


def test_whoever_went_elsewhere_meanwhile_is_not_moved(
    tree: CountyTree, sender: Cadre, receiver: Cadre, person: Cadre
) -> None:
    offer = offered(person, tree.far_village, sender)
    transfer(person=person, unit=tree.other_village, on=ON, by=None, at=AT)
    with pytest.raises(MovedMeanwhile):
        accept_offer(offer=offer, unit=tree.far_village, by=receiver, at=AT)
    assert decline_offer(offer=offer, reason="已调走", by=receiver, at=AT).status == OfferStatus.DECLINED


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "transfer_one_open_offer|UNIQUE"),
        ({"status": "DECLINED"}, "transfer_decided_by_somebody"),
        ({"status": "DECLINED", "decided": True}, "transfer_declined_with_reason"),
        ({"to": "village", "status": "WITHDRAWN", "decided": True}, "transfer_leads_elsewhere"),
    ],
)
def test_constraints_hold(
    tree: CountyTree, sender: Cadre, person: Cadre, fields: dict[str, object], name: str
) -> None:
    offered(person, tree.far_village, sender)
    fields = dict(fields)
    to = getattr(tree, str(fields.pop("to", "far_village")))
    if fields.pop("decided", False):
        fields |= {"decided_by": sender, "decided_at": AT}
    with pytest.raises(IntegrityError, match=name):
        TransferOffer.objects.create(
            person=person, from_unit=tree.village, to_unit=to, on=DAY, by=sender, at=AT, **fields
        )


# --- pages -----------------------------------------------------------------------------------------------
@pytest.fixture
def _clock() -> object:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.mark.usefixtures("_clock")
class TestPages:
    def test_a_move_within_the_area_is_done_at_once(
        self, client: Client, tree: CountyTree, sender: Cadre, person: Cadre
    ) -> None:
        client.force_login(sender)
        post = PostFactory(person=person)
        page = client.get(f"/desk/people/{person.pk}/transfer/")
        assert page.context["form"].initial["ending"] == [str(post.pk)]
        sent = {"on": "2026-05-01", "unit": tree.other_village.pk, "ending": [post.pk], "role": "RESERVE"}
        assert client.post(f"/desk/people/{person.pk}/transfer/", sent).status_code == 302
        person.refresh_from_db()
        assert person.unit == tree.other_village
        assert Post.objects.of(person.pk).running().get().role == Role.RESERVE

    def test_a_move_beyond_it_is_offered_and_answered(
        self, client: Client, tree: CountyTree, sender: Cadre, receiver: Cadre, person: Cadre
    ) -> None:
        client.force_login(sender)
        sent = {"on": "2026-05-01", "elsewhere": "段村"}
        assert client.post(f"/desk/people/{person.pk}/transfer/", sent).status_code == 302
        offer = TransferOffer.objects.get()
        assert offer.to_unit == tree.far_village
        assert client.get(f"/desk/people/transfers/{offer.pk}/").context["may_withdraw"]
        client.force_login(receiver)
        assert client.get("/desk/people/").context["offered"] == 1
        assert client.get("/desk/people/transfers/").context["rows"] == [(offer, True)]
        page = f"/desk/people/transfers/{offer.pk}/"
        assert client.get(page).context["may_answer"]
        assert client.post(f"{page}decline/", {"reason": ""}).status_code == 422
        assert client.post(page, {"unit": tree.village.pk}).status_code == 422
        assert client.post(page, {"unit": tree.far_village.pk}).status_code == 302
        assert client.post(page, {"unit": tree.far_village.pk}).status_code == 422
        person.refresh_from_db()
        assert person.unit == tree.far_village

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"unit": "village", "elsewhere": "段村"},
            {"elsewhere": "没有的村"},
            {"elsewhere": "140728999999"},
            {"elsewhere": "段"},
            {"elsewhere": "段\0村"},
            {"unit": "999999999999"},
            {"unit": "other_village", "on": "2026-06-02"},
            {"unit": "other_village", "on": "0001-01-01"},
            {"unit": "other_village", "on": "x"},
            {"unit": "other_village", "ending": "999"},
            {"unit": "other_village", "role": "MOBILE_MEMBER"},
            {"unit": "village"},
        ],
    )
    def test_what_cannot_be_is_said_at_the_field(
        self, client: Client, tree: CountyTree, sender: Cadre, person: Cadre, wrong: dict[str, str]
    ) -> None:
        client.force_login(sender)
        unit = getattr(tree, wrong.get("unit", ""), None)
        sent = {"on": "2026-05-01", **wrong} | ({"unit": unit.pk} if unit else {})
        assert client.post(f"/desk/people/{person.pk}/transfer/", sent).status_code == 422
        person.refresh_from_db()
        assert person.unit == tree.village
        assert not TransferOffer.objects.exists()

    def test_a_name_of_several_units_asks_for_the_code(
        self, client: Client, tree: CountyTree, sender: Cadre, person: Cadre
    ) -> None:
        tree.far_village.name = "东城村"
        tree.far_village.save()
        client.force_login(sender)
        page = client.post(
            f"/desk/people/{person.pk}/transfer/", {"on": "2026-05-01", "elsewhere": "东城村"}
        ).content.decode()
        assert tree.far_village.code in page

    def test_sharing_within_the_area_is_done_at_once(
        self, client: Client, tree: CountyTree, sender: Cadre, person: Cadre
    ) -> None:
        client.force_login(sender)
        sent = {"on": "2026-05-01", "unit": tree.other_village.pk, "is_shared": "on"}
        assert client.post(f"/desk/people/{person.pk}/transfer/", sent).status_code == 302
        assert person.posts.get().role == Role.MOBILE_MEMBER
        person.refresh_from_db()
        assert person.unit == tree.village
