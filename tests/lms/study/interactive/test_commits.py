"""Commits arrive late, twice, by two ways and from two phones, and make one attempt."""

import json
from datetime import UTC, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Cadre
from courses.models import LessonPage
from lms.phones.uploads import Entry, Refused
from lms.study.actions import Outcome, milliseconds
from lms.study.interactive.actions import commits
from lms.study.interactive.answers import answers_in
from lms.study.interactive.entries import take_commit
from lms.study.interactive.launch import PackageLaunch, write_token
from lms.study.interactive.models import InteractiveAttempt, ScoSession
from lms.study.interactive.restoring import restored
from lms.study.models import Progress
from tests.factories import CadreFactory, interactive, scorm
from tests.factories.packages import sco
from tests.lms.study.conftest import NINE, after
from tests.lms.study.interactive.conftest import ENOUGH, opened, stay

FIRST, SECOND = (f"8f0f6f1c-0000-4000-8000-00000000000{letter}" for letter in "ab")


@pytest.fixture
def courseware(person: Cadre) -> LessonPage:
    return scorm()


@pytest.fixture
def launch(person: Cadre, courseware: LessonPage) -> PackageLaunch:
    return opened(person, courseware)


def body(status: str = "incomplete", sequence: int = 1, session: str = FIRST, **more: Any) -> dict[str, Any]:
    cmi = {"cmi.core.lesson_status": status, "cmi.core.session_time": "0000:00:20", **more.pop("cmi", {})}
    return {"sco": "one", "session": session, "sequence": sequence, "cmi": cmi, **more}


def tell(
    launch: PackageLaunch,
    told: dict[str, Any],
    seconds: float = 10,
    at: float | None = None,
    device: str = "p1",
) -> dict[str, Any]:
    """Bring a commit that was written so many seconds after nine; at once unless `at` is later."""
    moment = after(seconds if at is None else at)
    age = milliseconds(moment) - milliseconds(after(seconds))
    return take_commit(Entry(1, "commit", write_token(launch), age, told), device, moment)


def refused(launch: PackageLaunch, told: dict[str, Any], **more: Any) -> str:
    with pytest.raises(Refused) as refusal:
        tell(launch, told, **more)
    return refusal.value.code


def attempt() -> InteractiveAttempt:
    return InteractiveAttempt.objects.get()


def test_a_commit_makes_an_attempt(launch: PackageLaunch) -> None:
    answer = tell(launch, body("passed", cmi={"cmi.core.score.raw": "80"}))
    assert answer["kept"] == "kept"
    assert answer["registration"] == str(launch.registration)
    assert answer["result"]["percent"] == 80
    kept = attempt()
    assert (kept.is_complete, kept.is_success, kept.ended_at) == (True, True, after(10))
    assert (kept.scaled, kept.score_raw, kept.score_max) == (Decimal("0.8"), 80, 100)
    assert (kept.duration_seconds, list(kept.met)) == (20, ["one"])


def test_the_same_again_changes_nothing(launch: PackageLaunch) -> None:
    tell(launch, body("passed"))
    before = InteractiveAttempt.objects.values().get()
    assert tell(launch, body("passed"), 10, at=60, device="p2")["kept"] == "before"
    assert InteractiveAttempt.objects.values().get() == before
    assert ScoSession.objects.count() == 1


COMMITS = [
    (body("incomplete", 1, cmi={"cmi.core.lesson_location": "1"}), 1),
    (body("completed", 2, cmi={"cmi.core.score.raw": "50", "cmi.core.session_time": "0000:00:40"}), 2),
    (body("failed", 3, cmi={"cmi.core.score.raw": "30", "cmi.core.lesson_location": "9"}), 3),
    (body("passed", 1, SECOND, cmi={"cmi.core.score.raw": "70"}), 4),
    (body("incomplete", 2, SECOND, cmi={"cmi.core.lesson_location": "2"}), 5),
]


def test_any_order_makes_the_same_attempt(person: Cadre, courseware: LessonPage) -> None:
    found = set()
    for number, order in enumerate(permutations(COMMITS)):
        if number % 5:  # every fifth of the 120 orders tells enough
            continue
        launch = opened(person, courseware, fresh=uuid4(), again=True)
        for told, seconds in order:
            tell(launch, told, seconds, at=100)
        kept = InteractiveAttempt.objects.get(registration=launch.registration)
        scos, item = restored(kept, courseware.scorm)
        facts = (kept.ended_at, kept.is_success, kept.scaled, kept.duration_seconds)
        facts += (kept.scored_at, kept.begun_at, kept.met)
        found.add(json.dumps([*map(str, facts), scos, item], sort_keys=True))
    assert len(found) == 1
    ((ended_at, is_success, scaled, duration, scored_at, *_more),) = map(json.loads, found)
    assert (ended_at, is_success, scaled, duration, scored_at) == (
        str(after(2).astimezone(UTC)),
        "True",
        "0.700000",
        "40.00",
        str(after(4).astimezone(UTC)),
    )


def test_older_commits_of_a_session_are_dropped(launch: PackageLaunch) -> None:
    tell(launch, body("incomplete", 5, cmi={"cmi.core.lesson_location": "5"}))
    assert (
        tell(launch, body("incomplete", 4, cmi={"cmi.core.lesson_location": "4"}), 9, at=20)["kept"]
        == "before"
    )
    session = ScoSession.objects.get()
    assert (session.sequence, session.cmi["cmi.core.lesson_location"]) == (5, "5")


def test_two_phones_add_up_their_time(person: Cadre, courseware: LessonPage, launch: PackageLaunch) -> None:
    tell(launch, body("incomplete", cmi={"cmi.core.lesson_location": "1"}), 10)
    other = opened(person, courseware, at=after(60), fresh=uuid4())
    assert other.registration == launch.registration
    tell(other, body("incomplete", 1, SECOND, cmi={"cmi.core.lesson_location": "2"}), 70, device="p2")
    scos, item = restored(attempt(), courseware.scorm)
    assert (scos["one"]["total_seconds"], scos["one"]["status"], item) == ("40.00", "begun", "one")
    assert scos["one"]["cmi"]["cmi.core.lesson_location"] == "2"
    assert scos["one"]["cmi"]["cmi.core.total_time"] == "0000:00:40.00"


def test_what_is_completed_goes_on_too_until_it_is_begun_anew(
    person: Cadre, courseware: LessonPage, launch: PackageLaunch
) -> None:
    tell(launch, body("completed"))
    assert opened(person, courseware, fresh=uuid4()).registration == launch.registration
    fresh = uuid4()
    again = opened(person, courseware, fresh=fresh, again=True)
    assert again.registration == fresh
    tell(again, body("incomplete", 1, SECOND))
    assert opened(person, courseware, fresh=uuid4()).registration == fresh
    assert InteractiveAttempt.objects.count() == 2


def test_a_commit_and_then_the_time_finish_the_lesson(person: Cadre) -> None:
    launch = opened(person, scorm(percent=60))
    good = body("passed", cmi={"cmi.core.score.raw": "80"})
    assert tell(launch, good)["lesson"]["finished"] is False
    assert stay(launch).finished_at == after(ENOUGH)


def test_the_time_and_then_a_commit_finish_the_lesson(person: Cadre) -> None:
    launch = opened(person, scorm(percent=60))
    assert stay(launch).outcome == Outcome.NO_RESULT
    assert tell(launch, body("passed", cmi={"cmi.core.score.raw": "80"}), 40)["lesson"]["finished"] is True
    assert Progress.objects.get().finished_at == after(40)


def test_too_few_points_do_not_finish_the_lesson(person: Cadre) -> None:
    launch = opened(person, scorm(percent=60))
    tell(launch, body("passed", cmi={"cmi.core.score.raw": "59"}))
    assert stay(launch).finished_at is None
    tell(launch, body("passed", 2, cmi={"cmi.core.score.raw": "60"}), 40)
    assert Progress.objects.get().finished_at is not None


def test_several_objects_all_have_to_be_completed(person: Cadre) -> None:
    lesson = scorm(scos={"one": sco(), "two": sco(), "page": sco(is_sco=False)})
    launch = opened(person, lesson)
    tell(launch, body("completed"))
    tell(launch, body("completed", session=SECOND, sco="two"), 11)
    assert (attempt().is_complete, list(attempt().met)) == (False, ["one", "two"])
    tell(launch, {"sco": "page", "session": str(uuid4()), "sequence": 1, "cmi": {}}, 12)
    assert (attempt().is_complete, attempt().ended_at) == (True, after(12))


def test_what_is_not_of_this_courseware_is_refused(launch: PackageLaunch, person: Cadre) -> None:
    assert refused(launch, body(sco="other")) == "sco"
    tell(launch, body())
    content = opened(person, interactive(), fresh=UUID(SECOND))
    assert refused(content, body()) == "token"
    assert ScoSession.objects.count() == 1


def test_a_session_stays_with_its_object(person: Cadre) -> None:
    launch = opened(person, scorm(scos={"one": sco(), "two": sco()}))
    tell(launch, body())
    assert refused(launch, body("completed", 2, sco="two")) == "session"
    assert attempt().met == {}


def test_forged_and_old_tokens_are_refused(launch: PackageLaunch, settings: Any) -> None:
    token = write_token(launch)
    entry = Entry(1, "commit", token[:-2] + "xx", 0, body())
    with pytest.raises(Refused) as refusal:
        take_commit(entry, "p1", after(10))
    assert refusal.value.code == "token"
    late = NINE + timedelta(seconds=settings.STUDY_TOKEN_SECONDS + 1)
    with pytest.raises(Refused) as refusal:
        take_commit(Entry(1, "commit", token, 0, body()), "p1", late)
    assert refusal.value.code == "expired"
    assert not InteractiveAttempt.objects.exists()


def test_a_session_of_somebody_else_is_a_session_of_ones_own(launch: PackageLaunch) -> None:
    """The same name from another person makes a row of that person's, and touches nobody's."""
    tell(launch, body("completed"))
    other = opened(CadreFactory(), LessonPage.objects.get(pk=launch.study.lesson_id), fresh=uuid4())
    tell(other, body("incomplete", 9))
    assert InteractiveAttempt.objects.get(person_id=launch.study.person_id).is_complete
    assert not InteractiveAttempt.objects.get(person_id=other.study.person_id).is_complete


def test_the_registration_of_the_entry_counts(launch: PackageLaunch) -> None:
    other = uuid4()
    assert tell(launch, body(registration=str(other)))["registration"] == str(other)
    assert refused(launch, body(registration="x")) == "registration"


def test_nobody_opens_it_without_end_but_every_object_can_be_opened(
    person: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "MOST_SESSIONS", 2)
    monkeypatch.setattr(commits, "SESSIONS_OF_EACH", 1)
    launch = opened(person, scorm(scos={"one": sco(), "two": sco()}))
    for session in (FIRST, SECOND):
        tell(launch, body(session=session))
    assert refused(launch, body(session=str(uuid4()))) == "too_many"
    assert tell(launch, body(session=str(uuid4()), sco="two"))["kept"] == "kept"
    assert refused(launch, body(session=str(uuid4()), sco="two")) == "too_many"


def test_a_beacon_is_taken_at_the_one_address(launch: PackageLaunch, client: Client) -> None:
    """As the host page sends it while it closes: plain text, without a cookie, with counter 0."""
    fresh = launch._replace(study=launch.study._replace(opened=milliseconds(timezone.now())))
    entry = {"n": 0, "kind": "commit", "token": write_token(fresh), "at": 1000, "body": body("completed")}
    upload = {"device": "closing", "after": 0, "sent": 1000, "entries": [entry]}
    for _time in range(2):
        answer = client.post(reverse("uploads"), json.dumps(upload), content_type="text/plain;charset=UTF-8")
        assert answer.status_code == 200
        assert "error" not in answer.json()["answers"][0]
    assert attempt().is_complete
    assert ScoSession.objects.count() == 1


def test_nothing_is_given_back_where_nothing_was(courseware: LessonPage) -> None:
    assert restored(None, courseware.scorm) == ({}, None)


def test_a_commit_asks_so_much_of_the_database(
    launch: PackageLaunch, django_assert_max_num_queries: Any
) -> None:
    tell(launch, body())
    with django_assert_max_num_queries(12):
        tell(launch, body("incomplete", 2))


def test_the_answers_in_a_courseware_are_listed(
    client: Client, person: Cadre, courseware: LessonPage, launch: PackageLaunch
) -> None:
    first = {"id": "Q-1", "student_response": "b", "result": "wrong"}
    again = {"id": "Q-1", "learner_response": "a[,]c", "result": "correct", "description": "哪两样要公开？"}
    for session, told, seconds in ((FIRST, first, 10), (SECOND, again, 20)):
        cmi = {f"cmi.interactions.0.{name}": value for name, value in told.items()}
        tell(launch, body(session=session, cmi=cmi), seconds=seconds)
    client.force_login(person)
    page = client.get(reverse("study:package_attempts", args=[courseware.pk])).content.decode()
    assert "哪两样要公开？" in page
    assert "a, c" in page
    assert "Q-1" not in page


def test_the_answers_come_in_the_order_of_the_questions() -> None:
    told = {f"cmi.interactions.{number}.id": f"Q{number}" for number in range(12)}
    told["cmi.interactions.0.learner_response"] = "{lang=zh}{case_matters=false}水库"
    first, *others = answers_in([told])
    assert [answer.question for answer in (first, *others)] == [f"Q{number}" for number in range(12)]
    assert first.answer == "水库"


def test_what_failed_is_not_called_unfinished(launch: PackageLaunch) -> None:
    told = {"cmi.core.score.raw": "40"}
    answer = tell(launch, body("failed", cmi=told))
    assert "40" in answer["result"]["words"]
    assert answer["may_again"]


@pytest.mark.parametrize("score", ["1e9999999", "-1e9999999", "NaN", "Infinity", "1" * 5000])
def test_a_number_that_is_none_is_no_score_and_no_stop(launch: PackageLaunch, score: str) -> None:
    answer = tell(launch, body("passed", cmi={"cmi.core.score.raw": score}))
    assert answer["kept"] == "kept"
    assert attempt().scaled is None


def test_a_courseware_that_is_gone_is_told_once(launch: PackageLaunch) -> None:
    gone = launch._replace(courseware_id=launch.courseware_id + 1_000)
    assert refused(gone, body()) == "sco"


def test_the_moment_of_the_points_is_not_before_they_were_told(person: Cadre) -> None:
    go = opened(person, scorm(percent=80))
    tell(go, body("completed", cmi={"cmi.core.score.raw": "50"}), seconds=10)
    stay(go)
    tell(go, body("completed", sequence=2, cmi={"cmi.core.score.raw": "90"}), seconds=50)
    assert Progress.objects.get().finished_at == after(50)


def test_the_moment_of_the_points_is_not_when_it_was_left(person: Cadre) -> None:
    """What is told after the best score moves nothing, also where all of it comes in late."""
    go = opened(person, scorm(percent=80))
    good = {"cmi.core.score.raw": "90"}
    tell(go, body("completed", cmi=good), seconds=40, at=300)
    tell(go, body("completed", sequence=2, cmi=good), seconds=250, at=300)
    tell(go, body("completed", session=SECOND, cmi={"cmi.core.score.raw": "10"}), seconds=260, at=300)
    assert stay(go, at=300).finished_at == after(40)
    assert InteractiveAttempt.objects.get().updated_at == after(260)
