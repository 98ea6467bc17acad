"""Interactive content in the publishing desk: what it has of its own."""

import io
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail import blocks

from accounts.models import StaffRole
from courses.h5p.blocks import H5PBlock
from courses.h5p.credits import credits_of, license_of
from courses.h5p.models import Content
from lms.jobs import runner
from tests.courses.conftest import publisher, signed_in
from tests.courses.packages import kept
from tests.factories import CadreFactory, article

pytestmark = pytest.mark.django_db

METADATA = {
    "title": "t",
    "license": "CC BY-SA",
    "licenseVersion": "4.0",
    "licenseExtras": "署名即可",
    "authors": [{"name": "王一", "role": "Author"}, {"name": "李二"}, {"role": "Editor"}, "x"],
    "source": "https://example.org/a",
    "yearFrom": 2019,
    "yearTo": "2021",
    "changes": [{"date": "1-2-21", "author": "王一", "log": "改了图"}],
    "authorComments": "仅供学习",
}


def test_the_list_shows_type_and_license(trainer: Client) -> None:
    kept.content(main=kept.library("H5P.DragText", title="Drag the Words"))
    html = trainer.get(reverse("h5p_contents:index")).content.decode()
    assert "Drag the Words" in html
    assert "CC BY 4.0" in html


def test_its_page_shows_whose_it_is_and_what_lies_elsewhere(trainer: Client) -> None:
    content = kept.content(
        metadata=METADATA,
        findings=[{"where": "question/0", "address": "https://example.net/<b>.png"}],
        film_seconds=95,
    )
    html = trainer.get(reverse("h5p_contents:edit", args=[content.pk])).content.decode()
    for words in ("CC BY-SA 4.0", "署名即可", "王一、李二", "https://example.org/a", "2019–2021"):
        assert words in html
    assert "1-2-21 · 王一 · 改了图" in html
    assert "question/0" in html
    assert "https://example.net/&lt;b&gt;.png" in html
    assert reverse("h5p_contents:preview", args=[content.pk]) in html
    assert reverse("h5p_contents:download", args=[content.pk]) in html


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"authors": "x", "changes": {"a": 1}, "license": None, "source": ["a"]},
        {"authors": [None, [], {"name": {}}], "yearFrom": {}, "license": {"x": 1}, "changes": [{}, 1]},
    ],
)
def test_credits_of_any_shape_are_read(said: dict[str, Any]) -> None:
    content = Content(metadata=said)
    assert license_of(content) == ""
    assert credits_of(content) == []


def test_it_is_downloaded_as_one_file(trainer: Client) -> None:
    content = kept.content(files={}, title="防汛/演练")
    answer = trainer.get(reverse("h5p_contents:download", args=[content.pk]))
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as made:  # type: ignore[attr-defined]
        assert {"h5p.json", "content/content.json"} <= set(made.namelist())
    assert answer["Content-Disposition"].startswith("attachment")
    early = kept.content(folder="")
    assert trainer.get(reverse("h5p_contents:download", args=[early.pk])).status_code == 404


@pytest.mark.parametrize("role", [None, StaffRole.TOWNSHIP, StaffRole.STATION])
def test_others_download_nothing(role: str | None) -> None:
    client = signed_in(publisher(role) if role else CadreFactory())
    assert client.get(reverse("h5p_contents:download", args=[kept.content().pk])).status_code == 302


def test_what_asks_for_unknown_libraries_is_refused_to_a_trainer_in_words(trainer: Client) -> None:
    h5p = (
        b'{"title":"t","language":"und","mainLibrary":"H5P.New","embedTypes":["div"],'
        b'"preloadedDependencies":[{"machineName":"H5P.New","majorVersion":1,"minorVersion":0}]}'
    )
    files = {"h5p.json": h5p, "content/content.json": b"{}"}
    data = {"title": "t", "minutes": "5", "gate": "RESULT", "pass_percent": "0"}
    trainer.post(reverse("h5p_contents:add"), {**data, "upload": kept.archive(**files)})
    content = Content.objects.get()
    runner.run(content.job_id, now=timezone.now)
    content.refresh_from_db()
    assert content.is_refused
    assert "H5P.New" in content.job.words
    assert content.job.words in trainer.get(reverse("h5p_contents:index")).content.decode().replace(
        "&quot;", '"'
    )


def test_a_block_holds_a_content_and_says_where_it_plays() -> None:
    content = kept.content(title="<演练>")
    block = blocks.StreamBlock([("h5p", H5PBlock())])
    stream = block.to_python([{"type": "h5p", "value": content.pk}])
    assert stream[0].value == content
    assert "&lt;演练&gt;" in stream[0].render()
    assert block.get_prep_value(stream)[0]["value"] == content.pk
    gone = block.to_python([{"type": "h5p", "value": 999_999}])
    assert gone[0].value is None
    assert gone[0].render().strip() == ""


def test_a_content_in_a_text_is_used_by_its_lesson_and_stays(trainer: Client) -> None:
    content = kept.content()
    lesson = article(title="汛期怎么办")
    lesson.body = [("paragraph", "<p>一</p>"), ("h5p", content)]
    lesson.save_revision().publish()
    assert lesson.title in trainer.get(reverse("h5p_contents:index")).content.decode()
    data = {"title": "t", "minutes": "5", "gate": "RESULT", "pass_percent": "0", "upload": kept.archive()}
    answer = trainer.post(reverse("h5p_contents:edit", args=[content.pk]), data)
    assert lesson.title in str(answer.context["form"].errors["upload"])
    administrator = signed_in(CadreFactory(is_staff=True, is_superuser=True))
    told = administrator.post(reverse("h5p_contents:delete", args=[content.pk]), follow=True)
    assert lesson.title in "".join(str(message) for message in told.context["messages"])
    assert Content.objects.get() == content


def test_a_block_is_chosen_with_the_same_chooser() -> None:
    assert reverse("content_chooser:choose") in H5PBlock().field.widget.render("h5p", None, {"id": "h5p"})
