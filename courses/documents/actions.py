"""Writes to the library of documents."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Cadre
from courses.documents.conversion import convert
from courses.documents.kinds import kind_of
from courses.documents.layout import places
from courses.documents.models import Document, DocumentKind, Piece
from courses.documents.pieces import Draft
from courses.documents.refusals import Refused
from lms.jobs.actions import enqueue
from lms.jobs.registry import Report, unheard

CHUNK = 1 << 20


@transaction.atomic
def ask_conversion(*, document: Document, by: Cadre, at: datetime, replaced: str = "") -> None:
    """Have the pieces of a new file made in the background; `replaced` is the file there was before."""
    args = {"document": document.pk, "digest": document.digest, "by": by.pk}
    document.job = enqueue("documents.convert", args, at=at, key=f"document:{document.pk}:{document.digest}")
    document.pages = document.seconds = document.reading_bytes = 0
    document.save(update_fields=["job", "pages", "seconds", "reading_bytes"])
    names = [*_forget_pieces(document), *([replaced] if replaced else [])]
    transaction.on_commit(partial(_delete_files, names))


def make_readable(*, document: Document, report: Report = unheard) -> None:
    """Make the pieces of a document, or keep nothing of a file that is refused; raises Refused."""
    with _on_disk(document) as path, tempfile.TemporaryDirectory() as folder:
        try:
            drafts = convert(path, document.kind, Path(folder), report)
        except Refused:
            _forget_file(document)
            raise
    keep_pieces(document=document, drafts=drafts)


def add_document(*, title: str, name: str, drafts: Sequence[Draft] = (), stored: str = "") -> Document:
    """Take a stored file into the library by its name in the storage, pieces and all; raises Refused.

    `drafts` are its pieces where somebody made them already, `stored` the folder of their pictures.
    """
    document = Document(title=title, file=name)
    with default_storage.open(name) as file:
        note(document=document, kind=kind_of(file, name, file.size), file=file)
    document.save()
    if drafts:
        keep_pieces(document=document, drafts=drafts, stored=stored)
    else:
        make_readable(document=document)
    document.refresh_from_db()
    return document


def note(*, document: Document, kind: str, file: "File[bytes]") -> None:
    """Write onto a document, which the caller saves, what its file turned out to be."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    file.seek(0)
    document.kind, document.size_bytes, document.digest = kind, file.size, digest.hexdigest()


def drop_document(*, document: Document) -> None:
    """Delete a document with its files; raises ProtectedError while a lesson uses it."""
    with transaction.atomic():
        names = [document.file.name, *document.pieces.exclude(picture="").values_list("picture", flat=True)]
        document.delete()
        transaction.on_commit(partial(_delete_files, names))


def keep_pieces(*, document: Document, drafts: Sequence[Draft], stored: str = "") -> None:
    """Keep the pieces of a document's present file in place of any it had; of an earlier file, nothing.

    `stored` is the folder of the storage that has the pictures already, by their numbers.
    """
    folder = stored or _write_pictures(document, drafts)
    rows = [
        Piece(
            document=document,
            number=number,
            page=draft.page,
            html=draft.html,
            picture=f"{folder}/{number}.webp" if draft.picture else "",
            width=draft.width,
            height=draft.height,
            starts=place.starts,
            seconds=place.seconds,
            part=place.part,
            text_part=place.text_part,
            # The sheets of a workbook say their names themselves.
            is_new_page=0 < draft.page != previous.page and document.kind != DocumentKind.XLSX,
        )
        for number, (previous, draft, place) in enumerate(
            zip([Draft(0), *drafts], drafts, places(drafts, has_pages=document.has_pages), strict=False),
            start=1,
        )
    ]
    with transaction.atomic():
        kept = Document.objects.select_for_update().get(pk=document.pk)
        if kept.digest != document.digest:  # another file came meanwhile, and has a job of its own
            transaction.on_commit(partial(_delete_files, [row.picture for row in rows if row.picture]))
            return
        kept.pieces.all().delete()
        Piece.objects.bulk_create(rows, batch_size=100)
        kept.pages = max(draft.page for draft in drafts)
        kept.seconds = rows[-1].ends
        kept.reading_bytes = sum(len(draft.picture) for draft in drafts)
        kept.save(update_fields=["pages", "seconds", "reading_bytes"])


def _write_pictures(document: Document, drafts: Sequence[Draft]) -> str:
    """The folder of the pictures, named by the content, so that a second run writes the same files."""
    folder = f"documents/{document.pk}/{document.digest[:16]}"
    for number, draft in enumerate(drafts, start=1):
        if draft.picture:
            default_storage.delete(f"{folder}/{number}.webp")
            default_storage.save(f"{folder}/{number}.webp", ContentFile(draft.picture))
    return folder


def _forget_file(document: Document) -> None:
    """Nothing of a refused file stays but its title and the words that say why."""
    with transaction.atomic():
        kept = Document.objects.select_for_update().get(pk=document.pk)
        if kept.digest != document.digest:
            return
        names = [kept.file.name, *_forget_pieces(kept)]
        kept.file, kept.digest, kept.size_bytes = "", "", 0
        kept.save(update_fields=["file", "digest", "size_bytes"])
        transaction.on_commit(partial(_delete_files, names))


def _forget_pieces(document: Document) -> list[str]:
    names = list(document.pieces.exclude(picture="").values_list("picture", flat=True))
    document.pieces.all().delete()
    return names


def _delete_files(names: Sequence[str | None]) -> None:
    for name in filter(None, names):
        default_storage.delete(name)


@contextmanager
def _on_disk(document: Document) -> Iterator[Path]:
    """The file as a path of its own, wherever the storage keeps it."""
    with tempfile.NamedTemporaryFile(suffix=f".{document.kind.lower()}") as copy:
        with document.file.open("rb") as file:
            for chunk in file.chunks(CHUNK):
                copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
