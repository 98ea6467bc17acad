"""Notices: one for each thing that happened, seen once opened, sent once when asked."""

import pytest

from accounts.signin.sms import NotSent
from lms.jobs import runner
from lms.jobs.models import Job, JobStatus
from lms.training.classes.actions import refusals
from lms.training.classes.actions.calling import edit_class
from lms.training.classes.actions.names import reject
from lms.training.classes.actions.notices import ask_sending, mark_seen, send_notices, tell
from lms.training.classes.models import Notice, NoticeKind
from lms.training.classes.words import message
from tests.lms.training.classes.calling import NOW, County, facts


class Provider:
    """Takes messages, except to the phones that it does not know."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.unknown: set[str] = set()

    def send(self, phone: str, text: str, *, code: str = "") -> None:
        if phone in self.unknown:
            raise NotSent
        self.sent.append((phone, text))


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    made = Provider()
    monkeypatch.setattr("accounts.signin.sms.sender", lambda: made)
    return made


def run_all() -> None:
    for job in Job.objects.filter(status=JobStatus.QUEUED):
        runner.run(job.pk, now=lambda: NOW)


def test_the_organiser_sends_each_notice_once(county: County, provider: Provider) -> None:
    held = county.announced()
    county.accepted(held, *county.people[:2])
    for _ in range(2):
        ask_sending(training_class=held, by=county.staff, at=NOW)
    assert Job.objects.count() == 1
    run_all()
    assert sorted(phone for phone, _text in provider.sent) == sorted(p.phone for p in county.people[:2])
    assert all(held.title in text and "6月15日" in text for _phone, text in provider.sent)
    ask_sending(training_class=held, by=county.staff, at=NOW)
    run_all()
    assert len(provider.sent) == 2
    edit_class(training_class=held, facts=facts(county.tree.county, venue="镇政府"), by=county.staff, at=NOW)
    ask_sending(training_class=held, by=county.staff, at=NOW)
    run_all()
    assert ["镇政府" in text for _phone, text in provider.sent] == [False, False, True, True]


def test_what_the_provider_did_not_take_waits_for_the_next_time(county: County, provider: Provider) -> None:
    held = county.announced()
    county.accepted(held, *county.people[:2])
    provider.unknown = {county.people[0].phone}
    assert send_notices(training_class_id=held.pk, at=NOW, report=lambda done, total: None) == 1
    provider.unknown = set()
    assert send_notices(training_class_id=held.pk, at=NOW, report=lambda done, total: None) == 0
    assert len(provider.sent) == 2


def test_who_opened_it_or_has_no_phone_is_sent_nothing(county: County, provider: Provider) -> None:
    held = county.announced()
    one, two = county.people[:2]
    county.accepted(held, one, two)
    mark_seen(person=one, training_class=held, at=NOW)
    two.phone = None
    two.save()
    send_notices(training_class_id=held.pk, at=NOW, report=lambda done, total: None)
    assert provider.sent == []


def test_only_the_organiser_sends(county: County) -> None:
    with pytest.raises(refusals.NotOrganiser):
        ask_sending(training_class=county.announced(), by=county.township, at=NOW)


def test_news_takes_the_place_of_what_nobody_heard(county: County) -> None:
    held = county.announced()
    (place,) = county.accepted(held, county.people[0])
    for venue in ("一楼", "二楼"):
        edit_class(training_class=held, facts=facts(county.tree.county, venue=venue), by=county.staff, at=NOW)
    assert sorted(Notice.objects.values_list("what", flat=True)) == [NoticeKind.CALLED, NoticeKind.CHANGED]
    reject(place=place, reason="名额调整", by=county.staff, at=NOW)
    assert Notice.objects.get().what == NoticeKind.LOST


def test_what_was_heard_stays(county: County) -> None:
    held = county.announced()
    county.accepted(held, county.people[0])
    assert mark_seen(person=county.people[0], training_class=held, at=NOW) == 1
    assert mark_seen(person=county.people[0], training_class=held, at=NOW) == 0
    tell([county.people[0].pk] * 2, training_class=held, what=NoticeKind.LOST, at=NOW)
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("what", list(NoticeKind))
def test_every_notice_can_be_read_out(county: County, what: NoticeKind) -> None:
    held = county.announced()
    tell([county.people[0].pk], training_class=held, what=what, at=NOW, note="因为防汛。")
    words = message(Notice.objects.get(), today=NOW.date())
    assert county.people[0].name in words
    assert held.title in words
    assert held.unit.short_name in words
    assert "%" not in words
