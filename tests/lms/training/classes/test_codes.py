"""The code on the organiser's screen, signing with it, and guessing at it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lms.training.classes import codes
from lms.training.classes.models import Edge, HalfDay, Mark, MarkChange, MarkHow, TrainingClass
from tests.factories import CadreFactory, Held, class_with

SIGN = "/classes/sign/"
MINUTE = timedelta(minutes=1)
HALF = HalfDay(pk=3, training_class_id=7)


@given(st.integers(0, 2**33), st.sampled_from(Edge))
def test_a_code_is_six_digits_of_its_own_half_minute_and_end(step: int, edge: Edge) -> None:
    code = codes.code_of(HALF, edge, step)
    assert len(code) == 6
    assert code.isdecimal()
    others = {
        codes.code_of(HalfDay(pk=4, training_class_id=7), edge, step),
        codes.code_of(HALF, edge, step + 1),
    }
    assert code == codes.code_of(HALF, edge, step)
    assert others != {code}


def test_a_code_holds_for_its_half_minute_and_the_next(settings: object) -> None:
    at = datetime.fromisoformat("2026-05-11T08:30:00+08:00")
    code = codes.code_of(HALF, Edge.IN, codes.step_at(at))
    held = [codes.is_right(code, HALF, Edge.IN, at + timedelta(seconds=s)) for s in (0, 29, 30, 59, 60, -1)]
    assert held == [True, True, True, True, False, False]
    assert not codes.is_right(code, HALF, Edge.OUT, at)
    settings.SECRET_KEY = "another"
    assert not codes.is_right(code, HALF, Edge.IN, at)


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "²²²²²²", "-12345"])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert not codes.is_right(typed, HALF, Edge.IN, datetime.fromisoformat("2026-05-11T08:30:00+08:00"))


@pytest.fixture
def held(db: None) -> Held:
    return class_with(days=1, people=2)


@pytest.fixture
def learner(client: Client, held: Held) -> Client:
    client.force_login(held.people[0])
    return client


def on_screen(held: Held, at: datetime, edge: Edge = Edge.IN) -> str:
    return codes.code_of(held.half_days[0], edge, codes.step_at(at))


def test_whoever_has_a_place_signs_by_scanning(learner: Client, held: Held) -> None:
    at = held.half_days[0].starts_at
    code = on_screen(held, at)
    with time_machine.travel(at, tick=False):
        page = learner.get(f"{SIGN}?code={code}")
        assert f'value="{code}"' in page.content.decode()
        assert not Mark.objects.exists()
        typed = f"{code[:3]} {code[3:]}".translate({ord("0") + n: ord("０") + n for n in range(10)})
        assert learner.post(SIGN, {"code": typed}).status_code == 302
        assert len(learner.get(SIGN).context["marked"]) == 1
    change = MarkChange.objects.get()
    assert (change.how, change.by, change.marked_at) == (MarkHow.CODE, held.people[0], at)
    held.tick(held.people[0], 0, is_present=False, marked_at=at + MINUTE)
    assert Mark.objects.get().in_at is None


def test_leaving_is_signed_with_its_own_code(client: Client, db: None) -> None:
    held = class_with(days=1, people=1, has_sign_out=True)
    client.force_login(held.people[0])
    at = held.half_days[0].ends_at
    with time_machine.travel(at, tick=False):
        client.post(SIGN, {"code": on_screen(held, at, Edge.OUT)})
    assert Mark.objects.get().out_at == at


@pytest.mark.parametrize(("minutes", "opens"), [(-31, False), (-30, True), (210, True), (211, False)])
def test_one_signs_around_the_half_day_only(learner: Client, held: Held, minutes: int, opens: bool) -> None:
    at = held.half_days[0].starts_at + minutes * MINUTE
    with time_machine.travel(at, tick=False):
        learner.post(SIGN, {"code": on_screen(held, at)})
    assert Mark.objects.exists() == opens


def test_without_a_place_the_right_code_opens_nothing(client: Client, held: Held) -> None:
    client.force_login(CadreFactory(unit=held.tree.village))
    at = held.half_days[0].starts_at
    with time_machine.travel(at, tick=False):
        response = client.post(SIGN, {"code": on_screen(held, at)})
    assert (response.status_code, Mark.objects.exists()) == (422, False)


def test_five_wrong_codes_close_the_door_for_five_minutes(
    learner: Client, held: Held, cache_by_our_clock: None
) -> None:
    at = held.half_days[0].starts_at
    with time_machine.travel(at, tick=False) as clock:
        right = on_screen(held, at)
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        for _time in range(5):
            assert learner.post(SIGN, {"code": wrong}).status_code == 422
        assert learner.post(SIGN, {"code": right}).status_code == 422
        clock.shift(301)
        assert learner.post(SIGN, {"code": on_screen(held, at + timedelta(seconds=301))}).status_code == 302
    assert Mark.objects.count() == 1


def test_second_place_at_once_is_told_to_whoever_signs(learner: Client, held: Held) -> None:
    at = held.half_days[0].starts_at
    rival = class_with(
        people=[held.people[0]], days=1, tree=held.tree, organiser=held.organiser, title="专题班"
    )
    rival.tick(held.people[0], 0, marked_at=at)
    with time_machine.travel(at + MINUTE, tick=False):
        page = learner.post(SIGN, {"code": on_screen(held, at + MINUTE)}, follow=True)
    assert "专题班" in page.content.decode()


def test_the_screen_shows_code_and_drawing_and_says_when_it_has_none(client: Client, held: Held) -> None:
    client.force_login(held.organiser)
    screen = f"/desk/classes/{held.training_class.pk}/code/"
    at = held.half_days[0].starts_at
    with time_machine.travel(at, tick=False):
        page = client.get(screen)
        text = page.content.decode()
        assert (page.context["digits"], page.context["seconds"]) == (on_screen(held, at), 30)
        assert 'http-equiv="refresh" content="30"' in text
        assert "<svg" in text.split("code-drawing")[1]
        assert "style=" not in text
        assert "no-store" in page["Cache-Control"]
    with time_machine.travel(at - timedelta(days=1), tick=False):
        assert client.get(screen).context["shown"] is None
    TrainingClass.objects.update(state="CANCELLED", cancelled_why="暴雨")
    with time_machine.travel(at, tick=False):
        assert client.get(screen).context["shown"] is None


def test_the_screen_turns_to_leaving_and_can_be_told_otherwise(client: Client, db: None) -> None:
    held = class_with(days=1, people=1, has_sign_out=True)
    client.force_login(held.organiser)
    screen = f"/desk/classes/{held.training_class.pk}/code/"
    with time_machine.travel(held.half_days[0].ends_at, tick=False):
        shown = [client.get(screen + query).context["shown"].edge for query in ("", "?edge=in", "?edge=x")]
    assert shown == [Edge.OUT, Edge.IN, Edge.OUT]
