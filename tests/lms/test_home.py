"""The learner's own pages: one answer to «what do I still need?», the same number everywhere."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cadre, Role
from courses.models import LessonPage
from lms.hours.actions import Worth, correct, grant
from lms.hours.models import EntryKind, HoursEntry, Ledger
from lms.obligations.actions import install_default_requirements, refresh
from lms.obligations.models import Obligation
from lms.study.actions import open_lesson, record_segments
from lms.study.models import Progress
from tests.factories import (
    CadreFactory,
    FilmFactory,
    PostFactory,
    RuleFactory,
    TermFactory,
    county_tree,
    film,
)
from tests.lms.desk.conftest import NOW, _clock, study_online  # noqa: F401  # the clock of the same day


@pytest.fixture
def cadre(db: None) -> Cadre:
    places = county_tree()
    RuleFactory(unit=places.province)
    TermFactory(county=places.county)
    install_default_requirements(unit=places.province, valid_from=date(2026, 1, 1))
    person: Cadre = CadreFactory(unit=places.village, is_party_member=True)
    PostFactory(person=person, role=Role.SECRETARY)
    refresh([person.pk], at=NOW)
    return person


def learn_in_classes(person: Cadre) -> None:
    for number in range(30):
        grant(
            person=person,
            source=f"class:{number}",
            kind=EntryKind.CLASS,
            title="班",
            ledger=Ledger.CONCENTRATED,
            worth=Worth(Decimal(1), days=Decimal("0.5"), times=1),
            earned_at=NOW,
            at=NOW,
        )
    refresh([person.pk], at=NOW)


def shown(client: Client) -> list[Obligation]:
    """The obligations on a person's home, as they follow each other."""
    context = client.get("/").context
    return [obligation for obligation, _lines in [*context["needed"], *context["settled"]]]


def test_home_of_a_stranger_is_the_front_door(client: Client, db: None) -> None:
    film()
    response = client.get("/")
    assert response.status_code == 200
    assert "obligations" not in (response.context or {})


def test_home_shows_one_row_per_obligation_with_its_three_figures(client: Client, cadre: Cadre) -> None:
    study_online(cadre, "12.5")
    refresh([cadre.pk], at=NOW)
    client.force_login(cadre)
    rows = {obligation.slug: obligation for obligation in shown(client)}
    online = next(row for row in rows.values() if row.requirement.ledgers == [Ledger.ONLINE])
    assert (online.required, online.earned, online.short) == (50, Decimal("12.5"), Decimal("37.5"))
    assert client.get("/").content.decode().count("<article") == len(rows) == 5


def test_home_begins_with_what_is_open_and_ends_with_what_is_settled(client: Client, cadre: Cadre) -> None:
    study_online(cadre, "50")
    refresh([cadre.pk], at=NOW)
    client.force_login(cadre)
    answer = client.get("/")
    assert [obligation.slug for obligation, _lines in answer.context["settled"]] == ["online"]
    assert len(answer.context["needed"]) == 4
    html = answer.content.decode()
    assert html.index('id="need"') < html.index('id="continue"') < html.index('id="settled"')


def test_home_number_is_the_number_of_the_lines_behind_it(client: Client, cadre: Cadre) -> None:
    study_online(cadre, "12.5")
    entry = HoursEntry.objects.get()
    correct(entry=entry, worth=Worth(Decimal(10)), reason="重复登记", by=cadre, at=NOW)
    refresh([cadre.pk], at=NOW)
    client.force_login(cadre)
    online = next(o for o in Obligation.objects.of(cadre.pk) if o.earned)
    record = client.get("/me/record/", {"obligation": online.pk})
    assert sum(line.hours for line in record.context["page"]) == online.earned == 10
    assert "重复登记" in client.get("/").content.decode()


def test_record_says_by_which_rule_where_and_how_late(client: Client, cadre: Cadre) -> None:
    study_online(cadre, "12.5")
    entry = HoursEntry.objects.get()
    client.force_login(cadre)
    page = client.get("/me/record/").content.decode()
    assert f"{cadre.unit.short_name}，规则{entry.rule.version}" in page
    assert "补记" not in page
    entry.pk, entry.source, entry.recorded_at = None, "lesson:late", entry.recorded_at + timedelta(days=400)
    entry.is_after_year = True
    entry.save()
    for address in ("/", "/me/record/"):
        assert f"{date_format(entry.recorded_at, 'DATE_FORMAT')}补记" in client.get(address).content.decode()


def test_home_offers_to_go_on_where_the_learner_stopped(client: Client, cadre: Cadre) -> None:
    lesson = film(seconds=60, title="防汛转移")
    launch, _progress = open_lesson(person=cadre, lesson=lesson, at=NOW - timedelta(minutes=5))
    record_segments(launch=launch, segments=[(0, 25)], position=25, at=NOW)
    client.force_login(cadre)
    page = client.get("/").content.decode()
    assert "防汛转移" in page
    assert "0:25" in page


def withdraw(lesson: LessonPage) -> None:
    lesson.unpublish()


def withdraw_course(lesson: LessonPage) -> None:
    lesson.get_parent().specific.unpublish()


def change(lesson: LessonPage) -> None:
    lesson.film = FilmFactory(length_ms=90_000)
    lesson.save_revision().publish()


def study_last_year(lesson: LessonPage) -> None:
    Progress.objects.update(cycle=2025)


@pytest.mark.parametrize("happens", [withdraw, withdraw_course, change, study_last_year])
def test_home_offers_no_lesson_that_cannot_be_gone_on_with(
    client: Client, cadre: Cadre, happens: Callable[[LessonPage], None]
) -> None:
    older = film(seconds=60, title="防汛转移")
    for lesson, minutes in ((older, 9), (film(seconds=60, title="村务公开"), 5)):
        launch, _progress = open_lesson(person=cadre, lesson=lesson, at=NOW - timedelta(minutes=minutes))
        record_segments(
            launch=launch, segments=[(0, 25)], position=25, at=NOW - timedelta(minutes=minutes - 3)
        )
    client.force_login(cadre)
    assert client.get("/").context["begun"].version.title == "村务公开"
    happens(lesson)
    begun = client.get("/").context["begun"]
    assert begun is None if happens is study_last_year else begun.version.lesson == older


def test_home_costs_the_same_few_queries_for_one_obligation_and_for_nine(
    client: Client, cadre: Cadre, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    learn_in_classes(cadre)
    client.force_login(cadre)
    running = Obligation.objects.of(cadre.pk)
    running.exclude(pk=running.first().pk).delete()
    with django_assert_max_num_queries(12) as alone:
        assert len(shown(client)) == 1
    refresh([cadre.pk], at=NOW)
    for number in range(4):
        like = Obligation.objects.of(cadre.pk).last()
        like.pk, like.period_key = None, f"again-{number}"
        like.save()
    with django_assert_max_num_queries(12) as nine:
        assert len(shown(client)) == 9
    assert len(nine) == len(alone)


def test_home_costs_at_most_twelve_queries_whatever_was_learned(
    client: Client, cadre: Cadre, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    learn_in_classes(cadre)
    client.force_login(cadre)
    for address in ("/", "/me/", "/me/record/"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_record_of_somebody_else_does_not_exist(client: Client, cadre: Cadre) -> None:
    other = CadreFactory(unit=cadre.unit)
    client.force_login(other)
    theirs = Obligation.objects.of(cadre.pk).first()
    assert theirs is not None
    assert client.get("/me/record/", {"obligation": theirs.pk}).status_code == 404
    assert client.get("/me/record/").context["page"].paginator.count == 0


@pytest.mark.parametrize("query", [{"year": "20261"}, {"year": "x"}, {"obligation": "-1"}, {"page": "99"}])
def test_record_answers_odd_questions_calmly(client: Client, cadre: Cadre, query: dict[str, str]) -> None:
    client.force_login(cadre)
    assert client.get("/me/record/", query).status_code == 200


def test_elder_switch_turns_the_version_on_and_off_and_comes_back(client: Client, db: None) -> None:
    response = client.post("/elder/", {"next": "/privacy/"})
    assert response.headers["Location"] == "/privacy/"
    assert "data-elder" in client.get("/privacy/").content.decode()
    client.post("/elder/", {"next": "/privacy/"})
    assert "data-elder" not in client.get("/privacy/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_elder_switch_never_leads_elsewhere(client: Client, db: None, target: str) -> None:
    assert client.post("/elder/", {"next": target}).headers["Location"] == "/"
