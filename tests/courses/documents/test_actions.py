"""The library of documents: pieces are made by a job, and a refused file leaves nothing behind."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import ProtectedError

from accounts.models import Cadre
from courses.documents.actions import add_document, ask_conversion, drop_document, keep_pieces, note
from courses.documents.models import Document
from courses.documents.pieces import Draft
from courses.documents.refusals import Refused
from lms.jobs import runner
from lms.jobs.models import Job, JobStatus
from tests.courses.documents import made
from tests.factories import CadreFactory, document, pdf_document

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


def brought(content: bytes, kind: str = "PDF", by: Cadre | None = None) -> Document:
    """A document just uploaded, its job waiting."""
    kept = Document(title="防汛预案", file=ContentFile(content, f"a.{kind.lower()}"))
    note(document=kept, kind=kind, file=ContentFile(content))
    kept.save()
    ask_conversion(document=kept, by=by or CadreFactory(), at=AT)
    return kept


def run(kept: Document) -> Document:
    assert kept.job_id is not None
    runner.run(kept.job_id, now=lambda: AT)
    return Document.objects.select_related("job").get(pk=kept.pk)


def stored() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_the_job_makes_the_pieces_and_the_length_is_known() -> None:
    kept = run(brought(made.pdf(2)))
    assert kept.is_ready
    assert kept.job is not None
    assert kept.job.status == JobStatus.DONE
    assert (kept.pages, kept.seconds) == (2, 12)
    assert [(piece.starts, piece.ends) for piece in kept.pieces.all()] == [(0, 6), (6, 12)]
    assert len(stored()) == 3
    assert kept.reading_bytes == sum(path.stat().st_size for path in stored() if path.suffix == ".webp")


def test_making_the_pieces_twice_makes_the_same() -> None:
    kept = run(brought(made.pdf(2)))
    before = stored(), list(kept.pieces.values_list("number", "picture", "html"))
    keep_pieces(
        document=kept, drafts=[Draft(1, "<p>一</p>", 1, b"RIFF", 7, 7), Draft(2, "", 0, b"RIFF", 7, 7)]
    )
    assert stored() == before[0]
    assert kept.pieces.count() == 2


@pytest.mark.parametrize("content", [b"%PDF-1.4 broken", made.pdf(password="x")])
def test_a_refused_file_is_gone_and_the_words_stay(content: bytes, settings: object) -> None:
    with pytest.MonkeyPatch.context():
        kept = run(brought(content))
    assert kept.is_refused
    assert not kept.is_ready
    assert (kept.file.name, kept.digest, kept.size_bytes) == ("", "", 0)
    assert kept.job is not None
    assert kept.job.words
    assert not kept.pieces.exists()


def test_a_job_for_a_file_that_was_replaced_changes_nothing() -> None:
    kept = brought(made.pdf(1))
    Document.objects.filter(pk=kept.pk).update(digest="0" * 64)
    keep_pieces(document=kept, drafts=[Draft(1, "<p>一</p>", 1)])
    assert not run(kept).is_ready
    assert not kept.pieces.exists()


def test_asking_twice_is_asking_once() -> None:
    kept, by = brought(made.pdf(1)), CadreFactory()
    ask_conversion(document=kept, by=by, at=AT)
    assert Job.objects.count() == 1


def test_a_stored_file_is_taken_in_at_once(settings: object) -> None:
    from django.core.files.storage import default_storage

    name = default_storage.save("demo/a.docx", ContentFile(made.word()))
    kept = add_document(title="目录", name=name)
    assert kept.is_ready
    assert kept.kind == "DOCX"
    default_storage.save("demo/b.pdf", ContentFile(b"nothing"))
    with pytest.raises(Refused):
        add_document(title="目录", name="demo/b.pdf")


@pytest.mark.django_db(transaction=True)
def test_deleting_takes_the_files_along() -> None:
    kept = run(brought(made.pdf(1)))
    drop_document(document=kept)
    assert stored() == []


def test_a_document_of_a_lesson_cannot_be_deleted() -> None:
    lesson = document()
    with pytest.raises(ProtectedError):
        drop_document(document=lesson.document)
    assert lesson.document.pieces.exists()


def test_pages_share_the_seconds_by_their_text() -> None:
    kept = pdf_document(pages=2, characters=400)
    assert (kept.seconds, [piece.seconds for piece in kept.pieces.all()]) == (120, [60, 60])
