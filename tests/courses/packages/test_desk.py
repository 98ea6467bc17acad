"""What both libraries of packages do alike in the publishing desk, driven as trainers drive it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Cadre, StaffRole
from courses.h5p.forms import ContentForm
from courses.h5p.models import Content
from courses.models import LessonPage
from courses.scorm.forms import CoursewareForm
from courses.scorm.models import Courseware
from lms.jobs.models import JobStatus
from lms.study.interactive.models import InteractiveAttempt
from tests.courses.conftest import publisher, signed_in
from tests.courses.packages import kept
from tests.factories import CadreFactory, CourseFactory

pytestmark = pytest.mark.django_db


class Shelf(NamedTuple):
    """One of the two libraries."""

    model: type[Any]
    name: str
    chooser: str
    file: str
    field: str
    named: str
    ready: Callable[..., Any]


SHELVES = [
    Shelf(Content, "h5p_contents", "content_chooser", "a.h5p", "h5p", "content", kept.content),
    Shelf(
        Courseware, "scorm_courseware", "courseware_chooser", "a.zip", "scorm", "courseware", kept.courseware
    ),
]


@pytest.fixture(params=SHELVES, ids=lambda shelf: shelf.name)
def shelf(request: pytest.FixtureRequest) -> Shelf:
    return request.param


def asked(**fields: object) -> dict[str, object]:
    return {"title": "防汛演练", "minutes": "10", "gate": "RESULT", "pass_percent": "0", **fields}


def bring(client: Client, shelf: Shelf, **fields: object) -> Any:
    data = asked(**{"upload": kept.archive(shelf.file), **fields})
    return client.post(reverse(f"{shelf.name}:add"), data)


def change(client: Client, shelf: Shelf, package: Any, **fields: object) -> Any:
    data = asked(**{"title": package.title, **fields})
    return client.post(reverse(f"{shelf.name}:edit", args=[package.pk]), data)


def administrator() -> Client:
    return signed_in(CadreFactory(is_staff=True, is_superuser=True))


def attempt(shelf: Shelf, package: Any, lesson: LessonPage) -> None:
    now = timezone.now()
    InteractiveAttempt.objects.create(
        person=CadreFactory(),
        version=lesson.versions.get(),
        registration=uuid4(),
        begun_at=now,
        updated_at=now,
        **{shelf.named: package},
    )


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_trainer_brings_a_package_and_a_job_is_asked_to_unpack_it(trainer: Client, shelf: Shelf) -> None:
    assert bring(trainer, shelf).status_code == 302
    package = shelf.model.objects.get()
    assert (package.title, package.is_ready, package.digest) == ("防汛演练", False, "")
    assert package.job.args["by"] == package.uploaded_by_id
    html = trainer.get(reverse(f"{shelf.name}:index")).content.decode()
    assert f'data-job="{reverse("jobs:status", args=[package.job_id])}"' in html
    assert "js/job.js" in html


def test_only_who_brought_it_watches_the_job(shelf: Shelf, trainer: Client) -> None:
    bring(trainer, shelf)
    html = signed_in(publisher(StaffRole.REVIEWER)).get(reverse(f"{shelf.name}:index")).content.decode()
    assert "防汛演练" in html
    assert "data-job" not in html


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b""),
        ("a.zip", b"no"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18),
        ("a.exe", b"PK\x03\x04"),
        ("a", b"PK\x03\x04"),
    ],
)
def test_what_is_no_archive_is_refused_at_once(
    trainer: Client, shelf: Shelf, name: str, content: bytes
) -> None:
    answer = bring(trainer, shelf, upload=SimpleUploadedFile(name, content))
    assert answer.context["form"].errors["upload"]
    assert not shelf.model.objects.exists()
    assert stored() == []


def test_what_is_too_large_is_refused_at_once(trainer: Client, shelf: Shelf, settings: Any) -> None:
    settings.PACKAGE_MEGABYTES = 0
    assert bring(trainer, shelf).context["form"].errors["upload"]
    assert not shelf.model.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"minutes": "0"}, {"minutes": "241"}, {"gate": "X"}, {"pass_percent": "101"}]
)
def test_a_wrong_field_is_named(trainer: Client, shelf: Shelf, fields: dict[str, str]) -> None:
    assert set(bring(trainer, shelf, **fields).context["form"].errors) == set(fields)
    assert not shelf.model.objects.exists()


def test_a_new_package_needs_no_title_and_is_called_by_its_file_until_it_tells_its_own(
    trainer: Client, shelf: Shelf
) -> None:
    assert bring(trainer, shelf, title="").status_code == 302
    assert f">{shelf.file}<" in "".join(trainer.get(reverse(f"{shelf.name}:index")).text.split())
    package = shelf.model.objects.get()
    assert change(trainer, shelf, package, title="").context["form"].errors["title"]


def test_a_new_package_needs_a_file_a_kept_one_does_not(trainer: Client, shelf: Shelf) -> None:
    answer = trainer.post(reverse(f"{shelf.name}:add"), asked())
    assert answer.context["form"].errors["upload"]
    package = shelf.ready()
    assert change(trainer, shelf, package, title="新名", minutes="25").status_code == 302
    package.refresh_from_db()
    assert (package.title, package.minutes, package.is_ready, package.job) == ("新名", 25, True, None)


def test_changing_the_title_leaves_alone_what_a_job_wrote_meanwhile(shelf: Shelf, trainer: Client) -> None:
    package = shelf.ready(folder="", files={})
    form_class = {"h5p": ContentForm, "scorm": CoursewareForm}[shelf.field]
    form = form_class(asked(title="新名"), {}, instance=package, for_user=None)
    assert form.is_valid()
    shelf.model.objects.filter(pk=package.pk).update(folder="unpacked")
    form.save()
    package.refresh_from_db()
    assert (package.title, package.folder) == ("新名", "unpacked")


def test_what_the_job_refused_says_why_in_the_list_and_on_its_page(trainer: Client, shelf: Shelf) -> None:
    package = shelf.ready(folder="", job=kept.refused("文件坏了，请重新保存"))
    for address in (reverse(f"{shelf.name}:index"), reverse(f"{shelf.name}:edit", args=[package.pk])):
        assert "文件坏了，请重新保存" in trainer.get(address).content.decode()


def test_a_newer_file_that_was_refused_is_told_beside_the_one_that_plays(
    trainer: Client, shelf: Shelf
) -> None:
    shelf.ready(job=kept.refused("文件坏了"))
    html = trainer.get(reverse(f"{shelf.name}:index")).content.decode()
    assert "文件坏了" in html
    assert "data-job" not in html


def test_the_file_of_a_published_lesson_stays(trainer: Client, shelf: Shelf) -> None:
    package = shelf.ready()
    kept.lesson(**{shelf.field: package})
    answer = change(trainer, shelf, package, upload=kept.archive(shelf.file))
    assert answer.context["form"].errors["upload"]
    package.refresh_from_db()
    assert package.job is None
    assert stored() == []


def test_the_file_that_learners_worked_with_stays_when_the_lesson_plays_another(
    trainer: Client, shelf: Shelf
) -> None:
    package, other = shelf.ready(), shelf.ready()
    lesson = kept.lesson(**{shelf.field: package})
    attempt(shelf, package, lesson)
    LessonPage.objects.filter(pk=lesson.pk).update(**{shelf.field: other})
    answer = change(trainer, shelf, package, upload=kept.archive(shelf.file))
    assert answer.context["form"].errors["upload"]


def test_another_file_takes_the_place_of_one_that_waited(
    trainer: Client, shelf: Shelf, django_capture_on_commit_callbacks: Any
) -> None:
    bring(trainer, shelf)
    package = shelf.model.objects.get()
    first = package.job_id
    with django_capture_on_commit_callbacks(execute=True):
        change(trainer, shelf, package, upload=kept.archive(shelf.file, **{"b.txt": b"other"}))
    package.refresh_from_db()
    assert package.job_id != first
    assert [path.name for path in stored()] == [Path(package.upload.name).name]


def test_every_part_cannot_be_asked_of_a_package_without_parts(trainer: Client, shelf: Shelf) -> None:
    assert change(trainer, shelf, shelf.ready(parts=[]), gate="PARTS").context["form"].errors["gate"]
    assert change(trainer, shelf, shelf.ready(), gate="PARTS").status_code == 302


def test_a_threshold_is_told_to_prove_no_knowledge(trainer: Client, shelf: Shelf) -> None:
    notes = []
    for percent in (0, 80):
        edit = reverse(f"{shelf.name}:edit", args=[shelf.ready(pass_percent=percent).pk])
        notes.append(trainer.get(edit).content.decode().count("help-block help-info"))
    assert notes[1] == notes[0] + 1


def test_a_package_of_a_lesson_is_not_deleted_and_the_lesson_is_named(shelf: Shelf) -> None:
    used, free = shelf.ready(), shelf.ready()
    lesson = kept.lesson(**{shelf.field: used})
    client = administrator()
    asked = client.get(reverse(f"{shelf.name}:delete", args=[used.pk])).content.decode()
    assert (lesson.title in asked, "button serious" in asked) == (True, False)
    told = client.post(reverse(f"{shelf.name}:delete", args=[used.pk]), follow=True)
    client.post(reverse(f"{shelf.name}:delete", args=[free.pk]))
    assert list(shelf.model.objects.all()) == [used]
    assert lesson.title in "".join(str(message) for message in told.context["messages"])


def test_a_package_that_attempts_name_is_not_deleted(shelf: Shelf) -> None:
    used, other = shelf.ready(), shelf.ready()
    lesson = kept.lesson(**{shelf.field: used})
    attempt(shelf, used, lesson)
    LessonPage.objects.filter(pk=lesson.pk).update(**{shelf.field: other})
    client = administrator()
    told = client.post(reverse(f"{shelf.name}:delete", args=[used.pk]), follow=True)
    assert shelf.model.objects.filter(pk=used.pk).exists()
    assert "1" in "".join(str(message) for message in told.context["messages"])


def moved_on(shelf: Shelf) -> tuple[Any, LessonPage]:
    """A package that a lesson was published with, and the lesson, which plays another one since."""
    before, now = shelf.ready(), shelf.ready()
    lesson = kept.lesson(**{shelf.field: before})
    setattr(lesson, shelf.field, now)
    lesson.save_revision().publish()
    return before, lesson


def test_a_package_of_an_older_version_is_not_deleted_and_the_lesson_is_named(shelf: Shelf) -> None:
    before, lesson = moved_on(shelf)
    assert [getattr(one, shelf.field) == before for one in lesson.versions.all()] == [False, True]
    client = administrator()
    told = client.post(reverse(f"{shelf.name}:delete", args=[before.pk]), follow=True)
    assert lesson.title in "".join(str(message) for message in told.context["messages"])
    with pytest.raises(ProtectedError):
        before.delete()
    assert shelf.model.objects.filter(pk=before.pk).exists()


def test_the_file_of_an_older_version_stays(trainer: Client, shelf: Shelf) -> None:
    before, _lesson = moved_on(shelf)
    answer = change(trainer, shelf, before, upload=kept.archive(shelf.file))
    assert answer.context["form"].errors["upload"]


def test_the_list_names_the_lessons(trainer: Client, shelf: Shelf) -> None:
    lesson = kept.lesson(**{shelf.field: shelf.ready()})
    html = trainer.get(reverse(f"{shelf.name}:index")).content.decode()
    assert lesson.title in html
    assert reverse("wagtailadmin_pages:edit", args=[lesson.pk]) in html


def test_the_list_asks_as_often_for_many_as_for_one(trainer: Client, shelf: Shelf) -> None:
    kept.lesson(**{shelf.field: shelf.ready(job=kept.job(JobStatus.RUNNING))})
    address = reverse(f"{shelf.name}:index")
    trainer.get(address)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert trainer.get(address).status_code == 200
        return len(asked)

    few = queries()
    for _ in range(4):
        kept.lesson(**{shelf.field: shelf.ready(job=kept.refused("坏了"))})
    assert queries() == few


def test_a_package_is_chosen_or_brought_while_the_lesson_is_written(trainer: Client, shelf: Shelf) -> None:
    ready = shelf.ready()
    form = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", CourseFactory().pk])
    assert reverse(f"{shelf.chooser}:choose") in trainer.get(form).content.decode()
    offered = trainer.get(reverse(f"{shelf.chooser}:choose")).json()["html"]
    assert (ready.title in offered, "做好了" in offered) == (True, True)
    for asked_for, is_found in ((ready.title[1:], True), ("没有的", False)):
        found = trainer.get(reverse(f"{shelf.chooser}:choose_results"), {"q": asked_for}).content.decode()
        assert (ready.title in found) is is_found
    prefix = f"{shelf.chooser}-create-form-"
    data = asked(title="带来的", upload=kept.archive(shelf.file))
    again = {f"{prefix}{name}": value for name, value in asked(title="带来的").items()}
    again[f"{prefix}upload"] = kept.archive(shelf.file)
    answer = trainer.post(reverse(f"{shelf.chooser}:create"), {**data, **again})
    assert json.loads(answer.content)["step"] == "chosen"
    assert shelf.model.objects.get(title="带来的").job is not None


def test_a_lesson_is_published_once_its_package_is_ready(reviewer: Client, shelf: Shelf) -> None:
    package = shelf.ready(folder="", minutes=10, job=kept.job(JobStatus.RUNNING))
    data = {
        "title": "演练",
        "slug": "drill",
        "kind": shelf.field.upper(),
        "summary": "",
        "film": "",
        "paper": "",
        "document": "",
        "h5p": "",
        "scorm": "",
        shelf.field: package.pk,
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", CourseFactory().pk])
    assert reviewer.post(add, data).context["form"].errors[shelf.field]
    shelf.model.objects.filter(pk=package.pk).update(folder="unpacked")
    assert reviewer.post(add, data).status_code == 302
    assert LessonPage.objects.get(slug="drill").versions.get().seconds == 600


def test_a_reviewer_works_here_like_a_trainer(reviewer: Client, shelf: Shelf) -> None:
    assert bring(reviewer, shelf).status_code == 302
    assert change(reviewer, shelf, shelf.model.objects.get(), title="新名").status_code == 302
    # As with documents, deleting is left to administrators.
    assert (
        reviewer.post(reverse(f"{shelf.name}:delete", args=[shelf.model.objects.get().pk])).status_code == 302
    )
    assert shelf.model.objects.get().title == "新名"


def outsiders() -> list[Client]:
    roles = (StaffRole.TOWNSHIP, StaffRole.AUDITOR, StaffRole.STATION)
    people: list[Cadre] = [CadreFactory(), *(publisher(role) for role in roles)]
    return [Client(), *map(signed_in, people)]


def test_others_have_nothing_to_do_here(shelf: Shelf) -> None:
    package = shelf.ready()
    for client in outsiders():
        for name in ("edit", "delete", "preview"):
            assert client.get(reverse(f"{shelf.name}:{name}", args=[package.pk])).status_code == 302
        for name in (f"{shelf.name}:index", f"{shelf.name}:add", f"{shelf.chooser}:choose"):
            assert client.get(reverse(name)).status_code == 302
        assert bring(client, shelf).status_code == 302
        assert client.post(reverse(f"{shelf.name}:delete", args=[package.pk])).status_code == 302
    assert list(shelf.model.objects.all()) == [package]


def test_the_preview_frames_the_content_origin_once_it_is_ready(trainer: Client, shelf: Shelf) -> None:
    html = trainer.get(reverse(f"{shelf.name}:preview", args=[shelf.ready().pk])).content.decode()
    assert 'sandbox="allow-scripts' in html
    assert "data-preview=" in html
    early = shelf.ready(folder="")
    assert trainer.get(reverse(f"{shelf.name}:preview", args=[early.pk])).status_code == 404


def test_the_menu_names_the_library(trainer: Client, shelf: Shelf) -> None:
    assert reverse(f"{shelf.name}:index") in trainer.get(reverse("wagtailadmin_home")).content.decode()
