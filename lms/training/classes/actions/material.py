"""Documents and online lessons that go with a class."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ProtectedError

from accounts.audit import audit
from accounts.models import Cadre
from courses.documents.actions import drop_document, note
from courses.documents.kinds import kind_of
from courses.documents.models import Document
from courses.models import LessonPage
from lms.training.classes.actions.changes import lock_own
from lms.training.classes.actions.refusals import TooMuch
from lms.training.classes.models import Material, TrainingClass

MOST = 20


@transaction.atomic
def add_material(
    *, training_class: TrainingClass, title: str, file: "UploadedFile[Any]", by: Cadre, at: datetime
) -> Material:
    """Take a file along for the people of a class; raises TooMuch, or the library's own Refused.

    It is handed out as it is: nothing reads it, so that a document too long for a lesson is good here.
    """
    held = lock_own(training_class, by)
    if held.material.count() >= MOST:
        raise TooMuch(MOST)
    kind = kind_of(file, str(file.name), file.size or 0)
    document = Document(title=title.strip()[:120], file=file, uploaded_by=by)
    note(document=document, kind=kind, file=file)
    before = held.material.filter(document__digest=document.digest).first()
    if before:
        return before
    document.save()
    material = Material.objects.create(training_class=held, document=document, added_at=at, by=by)
    audit("class.material", by=by, at=at, unit=held.unit, training_class=held.pk, document=document.pk)
    return material


@transaction.atomic
def drop_material(*, material: Material, by: Cadre, at: datetime) -> None:
    """Take a file away, and out of the library too where nothing else uses it. Twice is once."""
    held = lock_own(material.training_class, by)
    kept = held.material.select_related("document").filter(pk=material.pk).first()
    if kept is None:
        return
    document = kept.document
    kept.delete()
    audit("class.material.drop", by=by, at=at, unit=held.unit, training_class=held.pk, title=document.title)
    try:
        drop_document(document=document)
    except ProtectedError:
        return  # a lesson or another class uses it


@transaction.atomic
def set_lesson(
    *, training_class: TrainingClass, lesson: LessonPage, is_wanted: bool, by: Cadre, at: datetime
) -> None:
    """Attach an online lesson to a class, or take it off; raises TooMuch."""
    held = lock_own(training_class, by)
    has_it = held.lessons.filter(pk=lesson.pk).exists()
    if has_it == is_wanted:
        return
    if is_wanted and held.lessons.count() >= MOST:
        raise TooMuch(MOST)
    (held.lessons.add if is_wanted else held.lessons.remove)(lesson)
    audit(
        "class.lesson", by=by, at=at, unit=held.unit, training_class=held.pk, lesson=lesson.pk, has=is_wanted
    )
