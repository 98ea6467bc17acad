"""Documents and lessons that go with a class."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from courses.documents.models import Document
from courses.documents.refusals import Refused as FileRefused
from lms.training.classes.actions import refusals
from lms.training.classes.actions.material import MOST, add_material, drop_material, set_lesson
from lms.training.classes.models import Material, TrainingClass
from tests.factories import film
from tests.lms.training.classes.calling import NOW, PDF, County

pytestmark = pytest.mark.usefixtures("_media")


@pytest.fixture
def _media(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


def attach(county: County, held: TrainingClass, name: str = "手册.pdf", content: bytes = PDF) -> Material:
    file = SimpleUploadedFile(name, content)
    return add_material(training_class=held, title="手册", file=file, by=county.staff, at=NOW)


def test_a_file_is_attached_once_and_taken_away_with_its_document(county: County) -> None:
    held = county.begin()
    material = attach(county, held)
    assert attach(county, held) == material
    assert (material.document.kind, bool(material.document.digest)) == ("PDF", True)
    for _ in range(2):
        drop_material(material=Material(pk=material.pk, training_class=held), by=county.staff, at=NOW)
    assert not Document.objects.exists()


def test_a_document_that_another_class_uses_stays(county: County) -> None:
    held, other = county.begin(), county.begin()
    material = attach(county, held)
    Material.objects.create(training_class=other, document=material.document, added_at=NOW, by=county.staff)
    drop_material(material=material, by=county.staff, at=NOW)
    assert Material.objects.get().training_class == other
    assert Document.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("手册.pdf", b""), ("手册.docm", PDF), ("手册.html", b"<b>"), ("手册.docx", PDF)]
)
def test_what_is_no_document_leaves_nothing(county: County, name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        attach(county, county.begin(), name, content)
    assert not Document.objects.exists()


def test_a_class_takes_only_so_much(county: County) -> None:
    held = county.begin()
    for number in range(MOST):
        attach(county, held, content=PDF + bytes([number]))
    with pytest.raises(refusals.TooMuch):
        attach(county, held, content=PDF + b"more")


def test_only_the_organiser_attaches(county: County) -> None:
    held = county.announced()
    with pytest.raises(refusals.NotOrganiser):
        add_material(
            training_class=held, title="x", file=SimpleUploadedFile("a.pdf", PDF), by=county.township, at=NOW
        )


def test_lessons_come_and_go(county: County) -> None:
    held, lesson = county.begin(), film()
    for is_wanted in (True, True, False, False):
        set_lesson(training_class=held, lesson=lesson, is_wanted=is_wanted, by=county.staff, at=NOW)
        assert held.lessons.filter(pk=lesson.pk).exists() == is_wanted


def test_the_same_document_stands_once_in_a_class(county: County) -> None:
    material = attach(county, county.begin())
    with pytest.raises(IntegrityError), transaction.atomic():
        Material.objects.create(
            training_class=material.training_class, document=material.document, added_at=NOW, by=county.staff
        )
