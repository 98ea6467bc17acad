"""The libraries of interactive content: who sees them, who changes them, what keeps them."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditLine, Cadre, StaffRole
from courses.h5p.models import Library
from courses.h5p.rights import policy
from lms.jobs import runner
from lms.jobs.models import Job
from tests.courses.conftest import publisher, signed_in
from tests.courses.h5p import made
from tests.courses.packages import kept
from tests.factories import CadreFactory

pytestmark = pytest.mark.django_db

INDEX = "h5p_libraries:index"


def installer() -> Client:
    """A trainer whose group was given the right."""
    person = publisher(StaffRole.TRAINER)
    group = Group.objects.create(name="组件库管理员")
    group.permissions.add(Permission.objects.get(codename="install_library"))
    person.groups.add(group)
    return signed_in(Cadre.objects.get(pk=person.pk))


def administrator() -> Client:
    return signed_in(CadreFactory(is_staff=True, is_superuser=True))


def detail(library: Library) -> str:
    return reverse("h5p_libraries:detail", args=[library.pk])


def put(library: Library, patch: int) -> str:
    return reverse("h5p_libraries:put_patch", args=[library.pk, library.patches.get(patch=patch).pk])


def test_a_trainer_looks_at_libraries_and_is_offered_nothing_to_change(trainer: Client) -> None:
    library = kept.library(patches=(1, 3))
    html = trainer.get(reverse(INDEX)).content.decode()
    assert "H5P.TrueFalse 1.6" in html
    assert detail(library) in html
    assert reverse("h5p_libraries:add") not in html
    html = trainer.get(detail(library)).content.decode()
    assert "1.6.1" in html
    assert "/patches/" not in html
    assert reverse("h5p_libraries:delete", args=[library.pk]) not in html


def test_a_trainer_changes_nothing(trainer: Client, reviewer: Client) -> None:
    library = kept.library(patches=(1, 3))
    for client in (trainer, reviewer):
        for address in (put(library, 1), reverse("h5p_libraries:delete", args=[library.pk])):
            assert client.get(address).status_code == 302
            assert client.post(address).status_code == 302
        upload = {"upload": kept.archive()}
        assert client.post(reverse("h5p_libraries:add"), upload).status_code == 302
    library.refresh_from_db()
    assert library.current.patch == 3
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", [None, StaffRole.TOWNSHIP, StaffRole.AUDITOR, StaffRole.STATION])
def test_others_do_not_even_look(role: str | None) -> None:
    library = kept.library()
    client = signed_in(publisher(role) if role else CadreFactory())
    for address in (reverse(INDEX), detail(library), reverse("h5p_libraries:add"), put(library, 3)):
        assert client.get(address).status_code == 302
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize("who", [installer, administrator])
def test_whoever_has_the_right_rolls_back_and_forward_after_a_question(who: Any) -> None:
    library, client = kept.library(patches=(1, 3)), who()
    assert put(library, 1) in client.get(detail(library)).content.decode()
    assert client.get(put(library, 1)).status_code == 200
    library.refresh_from_db()
    assert library.current.patch == 3
    for patch in (1, 1, 3):
        assert client.post(put(library, patch)).status_code == 302
        library.refresh_from_db()
        assert library.current.patch == patch
    lines = AuditLine.objects.filter(action="h5p.patch_set").order_by("pk")
    assert [line.detail["after"] for line in lines] == [1, 3]


def test_a_patch_of_another_library_is_not_put() -> None:
    one, other = kept.library(), kept.library("H5P.DragText")
    address = reverse("h5p_libraries:put_patch", args=[one.pk, other.current_id])
    assert administrator().post(address).status_code == 404


def test_the_detail_names_what_it_needs_and_what_needs_it(trainer: Client) -> None:
    button, question = kept.library("H5P.JoubelUI", is_runnable=False), kept.library("H5P.Question")
    icons = kept.library("FontAwesome", is_runnable=False)
    kept.needs(question, button)
    kept.needs(button, icons)
    content = kept.content(main=button)
    html = trainer.get(detail(button)).content.decode()
    for words in ("H5P.Question 1.6", "FontAwesome 1.6", content.title):
        assert words in html


def test_a_needed_library_stays_and_what_needs_it_is_named() -> None:
    button, question = kept.library("H5P.JoubelUI"), kept.library("H5P.Question")
    kept.needs(question, button)
    content = kept.content(main=question)
    client = administrator()
    for library, name in ((button, "H5P.Question 1.6"), (question, content.title)):
        told = client.post(reverse("h5p_libraries:delete", args=[library.pk]), follow=True)
        assert name in "".join(str(message) for message in told.context["messages"])
    assert Library.objects.count() == 2


def test_a_library_that_nothing_needs_is_removed() -> None:
    library, client = kept.library(), installer()
    assert client.get(reverse("h5p_libraries:delete", args=[library.pk])).status_code == 200
    assert client.post(reverse("h5p_libraries:delete", args=[library.pk])).status_code == 302
    assert not Library.objects.exists()


def test_the_list_asks_as_often_for_many_as_for_few(trainer: Client) -> None:
    base = kept.library("H5P.Question")
    kept.needs(kept.library("H5P.A"), base)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert trainer.get(reverse(INDEX)).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for letter in "BCDE":
        more = kept.library(f"H5P.{letter}", patches=(1, 2))
        kept.needs(more, base)
        kept.content(main=more)
    assert queries() == few


def ask(client: Client, **files: bytes) -> Job:
    answer = client.post(reverse("h5p_libraries:add"), {"upload": kept.archive(**files)})
    job = Job.objects.latest("pk")
    assert answer.url == reverse("h5p_libraries:installed", args=[job.pk])  # type: ignore[attr-defined]
    return job


def test_installing_is_a_job_whose_refusal_is_told_to_who_asked() -> None:
    client = installer()
    job = ask(client)
    page = reverse("h5p_libraries:installed", args=[job.pk])
    assert reverse("jobs:status", args=[job.pk]) in client.get(page).content.decode()
    assert administrator().get(page).status_code == 404
    runner.run(job.pk, now=timezone.now)
    job.refresh_from_db()
    assert job.words
    assert job.words in client.get(page).content.decode()


def test_what_was_installed_is_named_and_the_upload_is_gone() -> None:
    client, data = installer(), made.small()
    for names in (["H5P.Small 1.0"], []):
        client.post(reverse("h5p_libraries:add"), {"upload": SimpleUploadedFile("a.h5p", data)})
        job = Job.objects.latest("pk")
        runner.run(job.pk, now=timezone.now)
        job.refresh_from_db()
        assert job.status == "DONE"
        assert [patch.rpartition(" (")[0] for patch in job.result["patches"]] == names
        html = client.get(reverse("h5p_libraries:installed", args=[job.pk])).content.decode()
        assert ("H5P.Small 1.0" in html) == bool(names)
    assert not list(Path(settings.MEDIA_ROOT).rglob("packages/libraries/*"))
    assert AuditLine.objects.filter(action="h5p.libraries_installed").count() == 1


def test_asking_twice_is_asking_once(django_capture_on_commit_callbacks: Any) -> None:
    client = installer()
    assert ask(client).pk == ask(client).pk


def test_who_lost_the_right_meanwhile_installs_nothing() -> None:
    client = installer()
    job = ask(client)
    Group.objects.get(name="组件库管理员").permissions.clear()
    runner.run(job.pk, now=timezone.now)
    job.refresh_from_db()
    assert (job.status, bool(job.words)) == ("FAILED", True)


def test_what_is_no_archive_is_refused_at_once() -> None:
    answer = installer().post(reverse("h5p_libraries:add"), {"upload": kept.archive("a.exe")})
    assert answer.context["form"].errors["upload"]
    assert not Job.objects.exists()


def test_an_administrator_gives_the_right_on_the_page_of_groups() -> None:
    publisher(StaffRole.TRAINER)
    right = Permission.objects.get(codename="install_library")
    address = reverse("wagtailusers_groups:add")
    html = administrator().get(address).content.decode()
    assert f'value="{right.pk}"' in html
    assert not Group.objects.filter(permissions=right).exists()


def test_the_policy_finds_everybody_who_may() -> None:
    trainer, boss = publisher(StaffRole.TRAINER), CadreFactory(is_superuser=True)
    CadreFactory()
    assert list(policy.users_with_any_permission(["change"])) == [boss]
    assert set(policy.users_with_any_permission(["view"])) == {boss, trainer}


def test_the_menu_names_the_libraries_to_whoever_may_install(trainer: Client) -> None:
    # Wagtail writes its menu as data; the contents' own page leads here for everybody else.
    home = reverse("wagtailadmin_home")
    assert reverse(INDEX) not in trainer.get(home).content.decode()
    assert reverse(INDEX) in installer().get(home).content.decode()
    assert reverse(INDEX) in trainer.get(reverse("h5p_contents:index")).content.decode()
