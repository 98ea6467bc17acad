"""Several phones of one person against a model: what was played is held, once, whatever the network."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from accounts.models import Cadre
from lms.hours.models import HoursEntry
from lms.study.actions import milliseconds
from tests.factories import CadreFactory, RuleFactory, county_tree
from tests.lms.study.conftest import NINE, film
from tests.rules import examples

LENGTH, NEED = 60, 57
LESSONS, PHONES = 2, 3
phones = st.integers(0, PHONES - 1)
lessons = st.integers(0, LESSONS - 1)


@dataclass
class Phone:
    """A phone as the site's scripts use it: tokens, an outbox with a counter, and a clock of its own."""

    name: str
    ahead: timedelta = timedelta()
    tokens: dict[int, str] = field(default_factory=dict)
    outbox: list[dict] = field(default_factory=list)
    counter: int = 0

    def keep(self, lesson: int, segment: tuple[int, int], at: int) -> None:
        """Put what was played into the newest entry if that was never sent, else into one of its own."""
        token = self.tokens[lesson]
        last = self.outbox[-1] if self.outbox else None
        if last and not last["is_sent"] and last["token"] == token:
            last["body"]["segments"].append(list(segment))
            last["body"]["position"], last["at"] = segment[1], at
            return
        self.counter += 1
        body = {"segments": [list(segment)], "position": segment[1]}
        self.outbox.append(
            {
                "n": self.counter,
                "kind": "segments",
                "token": token,
                "at": at,
                "body": body,
                "is_sent": False,
            }
        )

    def request(self, sent: int) -> str:
        """What it would send now; from here on nothing is added to these entries."""
        for entry in self.outbox:
            entry["is_sent"] = True
        told = [{name: entry[name] for name in entry if name != "is_sent"} for entry in self.outbox]
        return json.dumps(
            {"device": self.name, "after": self.outbox[0]["n"] - 1, "sent": sent, "entries": told}
        )

    def hear(self, answer: dict) -> None:
        """Forget what the server has taken."""
        self.outbox = [entry for entry in self.outbox if entry["n"] > answer["ack"]]


class Phones(RuleBasedStateMachine):
    """One person studies on one phone at a time, while their requests go astray."""

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.clock = time_machine.travel(NINE, tick=False)
        self.traveller = self.clock.start()
        self.now = NINE

    @initialize()
    def begin(self) -> None:
        tree = county_tree()
        RuleFactory(unit=tree.province)
        self.person: Cadre = CadreFactory(unit=tree.village)
        self.lessons = [film(LENGTH) for _ in range(LESSONS)]
        self.truth: list[set[int]] = [set() for _ in range(LESSONS)]
        self.phones = [Phone(f"phone {number}") for number in range(PHONES)]
        self.astray: list[str] = []
        self.client = Client()
        self.client.force_login(self.person)
        for phone in self.phones:
            for lesson in range(LESSONS):
                self.open(phone, lesson)

    def open(self, phone: Phone, lesson: int) -> None:
        phone.tokens[lesson] = self.state(lesson)["token"]

    def state(self, lesson: int) -> dict:
        return self.client.get(f"/study/lessons/{self.lessons[lesson].pk}/").json()

    def pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.traveller.move_to(self.now)

    def phone_time(self, phone: Phone) -> int:
        return milliseconds(self.now + phone.ahead)

    def post(self, body: str) -> dict:
        answer = self.client.post("/uploads/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        for each in answer.json()["answers"]:
            assert "error" not in each
            assert each["unpaid"] == 0, "somebody who studied one thing at a time is never left unpaid"
        return answer.json()

    @rule(
        phone=phones,
        lesson=lessons,
        start=st.integers(0, LENGTH - 1),
        length=st.integers(1, LENGTH),
        opens=st.booleans(),
        rests=st.sampled_from([0, 0, 0, 0, 1, 20, 86_400]),
    )
    def play(self, phone: int, lesson: int, start: int, length: int, opens: bool, rests: int) -> None:
        """A second of film takes a second; with a network at hand the lesson is opened anew before."""
        one, end = self.phones[phone], min(LENGTH, start + length)
        self.pass_time(rests)
        if opens:
            self.open(one, lesson)
        self.pass_time(end - start)
        self.truth[lesson] |= set(range(start, end))
        one.keep(lesson, (start, end), self.phone_time(one))

    @rule(phone=phones, days=st.integers(-20_000, 20_000))
    def set_the_clock(self, phone: int, days: int) -> None:
        """Wrong by up to fifty years from now on."""
        one = self.phones[phone]
        ahead = timedelta(days=days)
        # No phone counts from before 1970, where milliseconds would be negative.
        one.ahead = max(ahead, timedelta(milliseconds=1) - (self.now - NINE.fromtimestamp(0, NINE.tzinfo)))

    @rule(phone=phones, fate=st.sampled_from(["arrives", "is lost", "answer is lost", "comes late"]))
    def send(self, phone: int, fate: str) -> None:
        one = self.phones[phone]
        if not one.outbox:
            return
        body = one.request(self.phone_time(one))
        if fate == "arrives":
            one.hear(self.post(body))
            self.nothing_is_held_that_was_not_played()
        elif fate == "answer is lost":
            self.post(body)
        if fate != "is lost":
            self.astray.append(body)  # the network may repeat it, or bring it only later

    @rule(which=st.integers(0, 1000))
    def an_old_request_arrives(self, which: int) -> None:
        if self.astray:
            self.post(self.astray[which % len(self.astray)])

    def nothing_is_held_that_was_not_played(self) -> None:
        for lesson, truth in enumerate(self.truth):
            assert self.held(lesson) <= truth

    def held(self, lesson: int) -> set[int]:
        return {second for start, end in self.state(lesson)["ranges"] for second in range(start, end)}

    def teardown(self) -> None:
        try:
            if hasattr(self, "client"):
                self.all_come_home()
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    def all_come_home(self) -> None:
        """Every phone has a network at last: all that was played is held, and counts once."""
        for phone in self.phones:
            if phone.outbox:
                phone.hear(self.post(phone.request(self.phone_time(phone))))
            assert not phone.outbox
        for body in self.astray:
            self.post(body)
        for lesson, truth in enumerate(self.truth):
            assert self.held(lesson) == truth
            lines = list(HoursEntry.objects.filter(source=f"lesson:{self.lessons[lesson].pk}"))
            assert len(lines) == (len(truth) >= NEED)
            assert all(NINE < line.earned_at <= self.now for line in lines)


@pytest.mark.django_db
def test_phones_and_the_model_agree() -> None:
    run_state_machine_as_test(
        Phones,
        settings=settings(
            max_examples=examples(50),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
