"""The demo, loaded once for the whole file: it obeys the rules and shows every case."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as project
from django.contrib.auth.hashers import check_password
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Cadre, CadreChange, Level, Post, StaffRole, StaffScope, Unit
from courses.films.models import Film
from courses.forms import CatalogueForm
from courses.models import CoursePage, LessonPage
from lms.certificates.actions import issue
from lms.certificates.models import Certificate, CertificateStatus
from lms.demo.accounts import PASSWORD, account, accounts
from lms.demo.courses import COURSES, Article, Document, Quiz
from lms.demo.courses.shapes import Interactive, Scorm
from lms.demo.load import load
from lms.demo.staff import STAFF
from lms.demo.studying import LAST_FILM
from lms.feedback.models import Suggestion
from lms.hours.models import EntryKind, HoursEntry, Ledger, Withheld
from lms.obligations.actions import refresh_changed
from lms.obligations.models import Exemption, Obligation
from lms.obligations.standing import Status, status_of
from lms.study.actions import open_lesson, record_segments
from lms.study.models import Progress
from lms.training.classes.models import ClassKind, TrainingClass

# The mark also makes the test database, before the demo is loaded into it.
pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = timezone.localdate(AT)
FILES = Path(project.BASE_DIR) / "media" / "demo"


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Load once, and take everything back after the last test of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert load(at=AT)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _in_the_demo(demo, settings) -> None:
    """Every test sees the demo, with the files that it shows."""
    settings.MEDIA_ROOT = project.BASE_DIR / "media"
    settings.DEMO = True


def person(key: str) -> Cadre:
    return Cadre.objects.get(number=account(key).number)


def named(name: str) -> Cadre:
    """Somebody with a part to play; those come first."""
    return Cadre.objects.filter(name=name).order_by("pk").first()


def online(who: Cadre) -> Obligation:
    return Obligation.objects.get(person=who, slug="online", period_key=str(TODAY.year))


def counts() -> list[int]:
    models = (Unit, Cadre, Post, HoursEntry, Obligation, Certificate, TrainingClass, LessonPage, Film)
    return [model.objects.count() for model in models]


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_load_twice_is_loading_once():
    before = counts()
    assert load(at=AT + timedelta(days=40)) is False
    assert counts() == before


def test_load_demo_says_that_the_demo_is_there():
    before = counts()
    assert said("load_demo").strip()
    assert counts() == before


def test_load_demo_refuses_outside_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        said("load_demo")


def test_demo_accounts_prints_every_account():
    table = said("demo_accounts")
    for item in accounts():
        row = next(line for line in table.splitlines() if item.number in line)
        assert all(cell in row for cell in (item.name, str(item.role), item.phone, PASSWORD))


def test_accounts_are_people_who_can_sign_in():
    people = [person(item.key) for item in accounts()]
    assert [(who.name, who.phone) for who in people] == [(item.name, item.phone) for item in accounts()]
    assert all(who.is_active and who.is_phone_verified for who in people)
    assert len({who.password for who in people}) == 1
    assert check_password(PASSWORD, people[0].password)


def test_nobody_else_has_a_password():
    known = [item.number for item in accounts()]
    assert not any(who.has_usable_password() for who in Cadre.objects.exclude(number__in=known))


def test_units_are_the_county_with_what_lies_above_it():
    brought = Unit.objects.exclude(code__in=Unit.objects.exclude(successor=None).values("successor__code"))
    assert Counter(brought.values_list("level", flat=True)) == {
        Level.PROVINCE: 1,
        Level.CITY: 1,
        Level.COUNTY: 1,
        Level.TOWNSHIP: 16,
        Level.VILLAGE: 227,
    }
    assert Unit.objects.filter(parent=None).count() == 1


def test_staff_of_every_role_are_there_and_hold_no_posts():
    scopes = StaffScope.objects.select_related("person")
    assert {scope.role for scope in scopes} == set(StaffRole)
    assert scopes.filter(role=StaffRole.TOWNSHIP).values("unit").distinct().count() == 2
    assert not Post.objects.filter(person__number__in=[plan.number for plan in STAFF]).exists()
    assert Cadre.objects.filter(is_superuser=True).count() == 1


@pytest.mark.parametrize("key", ["trainer", "reviewer"])
def test_publishing_staff_may_open_the_publishing_desk(key):
    assert person(key).has_perm("wagtailadmin.access_admin")


def test_courses_are_published_with_the_lessons_that_were_written():
    assert CoursePage.objects.live().count() == len(COURSES) == 12
    lessons = {page.slug: page for page in LessonPage.objects.live()}
    written = {lesson.slug: lesson for course in COURSES for lesson in course.lessons}
    assert lessons.keys() == written.keys()
    for slug, lesson in written.items():
        version = lessons[slug].versions.get()
        if isinstance(lesson, Quiz):
            assert (version.seconds, version.lesson.paper.size > 4) == (0, True)
        elif isinstance(lesson, Interactive | Scorm):
            assert version.seconds == lesson.minutes * 60
        elif isinstance(lesson, Article | Document):
            assert version.seconds >= 10
        else:
            assert version.seconds == lesson.seconds


def test_every_example_of_the_search_field_finds_a_course():
    with override("zh-hans"):
        placeholder = str(CatalogueForm.base_fields["q"].widget.attrs["placeholder"])
    words = placeholder.removeprefix("例如：").split("、")
    assert len(words) == 3
    assert all(CoursePage.objects.live().matching(word).exists() for word in words), words


def test_films_lie_where_they_were_shipped():
    for film in Film.objects.all():
        assert film.file.name.startswith("demo/")
        assert Path(film.file.path).is_relative_to(FILES)
        assert default_storage.size(film.file.name) == film.size_bytes
        assert not film.thumbnail or default_storage.exists(film.thumbnail.name)


def test_every_status_but_upcoming_occurs():
    found = {status_of(row, TODAY) for row in Obligation.objects.all()}
    assert found == set(Status) - {Status.UPCOMING}


def test_every_ledger_line_has_its_source_and_rule():
    for line in HoursEntry.objects.select_related("rule__unit", "unit"):
        assert line.source.split(":")[0] in {"lesson", "quiz", "class", "viewing", "claim"}
        assert line.rule.unit.contains(line.unit.code)
        assert line.rule.valid_from <= line.earned_on


def test_no_day_holds_more_online_lessons_than_its_rule_admits():
    days: dict[tuple[int, object], Decimal] = defaultdict(Decimal)
    caps = {}
    for line in HoursEntry.objects.filter(kind=EntryKind.LESSON).select_related("rule"):
        key = (line.person_id, line.earned_on)
        days[key] += line.hours
        caps[key] = line.rule.online_daily_cap
    assert days
    assert all(hours <= caps[key] for key, hours in days.items())


def test_ledger_shows_a_capped_day_an_absence_and_a_correction():
    lines = HoursEntry.objects.all()
    assert lines.filter(withheld_why=Withheld.DAILY_CAP, person=named("程海涛")).exists()
    assert lines.filter(withheld_why=Withheld.ABSENT, person=named("张旻"), hours=0).exists()
    correction = lines.get(corrects__isnull=False)
    assert (correction.person, correction.hours) == (named("李昇"), -3)


def test_nothing_lies_in_the_future():
    assert not HoursEntry.objects.filter(recorded_at__gt=AT).exists()
    assert not HoursEntry.objects.filter(earned_at__gt=AT).exists()
    assert not Certificate.objects.filter(issued_at__gt=AT).exists()
    assert not Progress.objects.filter(updated_at__gt=AT).exists()


def test_classes_are_of_every_kind_and_ledger():
    assert set(TrainingClass.objects.values_list("kind", flat=True)) == set(ClassKind)
    assert set(TrainingClass.objects.values_list("ledger", flat=True)) == set(Ledger)
    rotations = TrainingClass.objects.filter(kind=ClassKind.ROTATION)
    assert set(rotations.values_list("unit__level", flat=True)) == {Level.COUNTY}


def test_lessons_rest_half_way():
    resting = Progress.objects.filter(person=named("欧阳洁"), finished_at=None)
    assert resting.count() == 3
    assert all(0 < progress.position == progress.covered for progress in resting)


def test_newly_elected_are_in_time_late_and_made_up():
    rows = Obligation.objects.filter(slug="newly-elected")
    status = {name: status_of(rows.get(person=named(name)), TODAY) for name in ("裴慧敏", "温俊杰", "令狐瑞")}
    assert status == {"裴慧敏": Status.SHORT, "温俊杰": Status.OVERDUE, "令狐瑞": Status.MET}
    made_up = rows.get(person=named("令狐瑞"))
    assert made_up.met_on > made_up.due_on


def test_oldest_is_exempt_and_has_a_helper():
    oldest = named("武保田")
    assert TODAY.year - oldest.birth_year == 78
    assert Exemption.objects.get(person=oldest, to_on=None).helper == named("霍志敏")
    assert {status_of(row, TODAY) for row in Obligation.objects.filter(person=oldest)} == {Status.EXEMPT}


def test_who_left_is_released_and_who_moved_keeps_the_old_lines():
    left = [status_of(row, TODAY) for row in Obligation.objects.filter(person=named("曹贵生"))]
    assert Status.RELEASED in left
    mover = named("侯永刚")
    assert mover.unit.code == "140728100205"
    earned_in = set(HoursEntry.objects.of(mover.pk).values_list("unit__code", flat=True))
    assert "140728100204" in earned_in


def test_certificates_are_valid_replaced_and_revoked():
    by_status = Counter(Certificate.objects.values_list("status", flat=True))
    assert by_status[CertificateStatus.VALID] > 100
    assert by_status[CertificateStatus.REPLACED] == by_status[CertificateStatus.REVOKED] == 1
    assert Certificate.objects.filter(person=named("刘䶮"), replaces__isnull=False).exists()
    assert Certificate.objects.filter(person=named("王喆"), status=CertificateStatus.REVOKED).exists()


def test_suggestions_are_open_answered_and_nameless():
    letters = Suggestion.objects.all()
    assert letters.filter(closed_at=None, replies=None).exists()
    assert letters.filter(closed_at=None, replies__isnull=False).exists()
    assert letters.filter(closed_at__isnull=False).exists()
    assert letters.filter(person=None).exists()


def test_fresh_learner_has_nothing():
    fresh = person("fresh")
    assert not HoursEntry.objects.of(fresh.pk).exists()
    assert not Progress.objects.of(fresh.pk).exists()
    assert status_of(online(fresh), TODAY) == Status.SHORT


def test_learner_lacks_a_quarter_of_an_hour_and_has_not_seen_the_last_film():
    learner = person("learner")
    row = online(learner)
    assert (row.required, row.earned, row.is_met) == (50, Decimal("49.75"), False)
    assert not Progress.objects.of(learner.pk).filter(version__lesson__slug=LAST_FILM).exists()
    assert Progress.objects.of(learner.pk).unfinished().exists()


def test_learner_finishing_the_last_film_meets_the_year_and_gets_a_certificate():
    learner = person("learner")
    film = LessonPage.objects.get(slug=LAST_FILM, film__length_ms=20_000)
    later = AT + timedelta(seconds=21)
    launch, _ = open_lesson(person=learner, lesson=film, at=AT)
    record_segments(launch=launch, segments=[(0, 20)], position=20, at=later)
    refresh_changed(at=later)
    row = online(learner)
    assert (row.earned, row.is_met) == (50, True)
    assert issue(obligation=row, at=later).person == learner


def test_standings_are_what_the_ledger_says():
    assert not CadreChange.objects.exists()
    with time_machine.travel(AT, tick=False):
        said("rebuild_standings", "--check")
