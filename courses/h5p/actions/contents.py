"""Making contents of the packages that are brought."""

import hashlib
import io
import math
import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction

from accounts.models import Cadre
from courses.films.probe import TooMuch, Unreadable, probe
from courses.h5p.actions.libraries import keep_libraries, store_libraries
from courses.h5p.bundles import joined_scripts
from courses.h5p.file_types import PICTURES
from courses.h5p.films import film_paths
from courses.h5p.judging import ContentDraft, judge_content
from courses.h5p.models import Content, Library
from courses.h5p.needs import installed, needed_by
from courses.h5p.pictures import smaller
from courses.h5p.reading import CONTENT
from courses.h5p.rights import may_install
from courses.h5p.telling import tells_result
from courses.packages.actions import Unpacking, forget_files, put_in_place, still_asked, unpacking
from courses.packages.archives import Archive
from courses.packages.completion import Gate
from courses.packages.shelf import StoredFile, ending_of, put, store, type_of
from lms.jobs.registry import Report, unheard


def unpack(*, content: Content, by: Cadre, at: datetime, report: Report = unheard) -> None:
    """Make a content of its upload, which is deleted in any case; raises Refused, and then keeps nothing.

    Libraries are installed only for somebody with the right; for others they have to be there already.
    """
    if not content.upload:
        return
    with unpacking(content) as made:
        draft = judge_content(made.archive, may_install=may_install(by), report=report)
        files = _store_files(made, draft, report)
        film_seconds = _film_seconds(made.archive, draft)
        stored = store_libraries(
            archive=made.archive, drafts=draft.libraries, mark=made.folder, report=report
        )
        with transaction.atomic():
            # From here on no patch moves until it is noted what the content needs.
            keep_libraries(stored=stored, by=by, at=at)
            is_kept = _keep(content, draft, files, film_seconds, made)
    if not is_kept:
        forget_files(package=content, folder=made.folder)


def _store_files(made: Unpacking, draft: ContentDraft, report: Report) -> dict[str, StoredFile]:
    """Write the content's files, over what a run that was killed left; raises Refused."""
    archive, folder = made.archive, made.folder
    files = {}
    for done, file in enumerate(draft.files):
        report(done, len(draft.files))
        is_picture = ending_of(file) in PICTURES
        picture = smaller(archive.read(CONTENT + file), CONTENT + file) if is_picture else None
        if picture is None:
            files[file] = store(archive=archive, name=CONTENT + file, folder=folder, path=file)
        else:
            put(f"{folder}/{file}", io.BytesIO(picture))
            digest = hashlib.sha256(picture).hexdigest()
            files[file] = StoredFile(bytes=len(picture), type=type_of(file), sha256=digest)
    return files


def _film_seconds(archive: Archive, draft: ContentDraft) -> int:
    """The length of the film inside an interactive video; 0 where it is elsewhere, or cannot be read.

    Of one film in several formats the first that is read tells it for all.
    """
    paths = film_paths(draft.main.machine_name, draft.params)
    lengths = (_length_of(archive, path) for path in paths if path in draft.files)
    return next(filter(None, lengths), 0)


def _length_of(archive: Archive, path: str) -> int:
    with tempfile.NamedTemporaryFile(suffix=f".{ending_of(path)}") as copy:
        archive.copy(CONTENT + path, copy)  # type: ignore[arg-type]  # a wrapper around a binary file
        copy.flush()
        try:
            return math.ceil(probe(Path(copy.name)).length_ms / 1000)
        except (Unreadable, TooMuch):
            return 0


def _keep(
    content: Content, draft: ContentDraft, files: dict[str, StoredFile], film_seconds: int, made: Unpacking
) -> bool:
    """Write a content that is stored; false where another run, another file or its deletion was faster."""
    kept = still_asked(content)
    if kept is None:
        return False
    kept.files = files
    put_in_place(kept, made, title=draft.metadata["title"])
    used = installed(draft.used)
    kept.main, kept.params, kept.metadata = used[draft.main], draft.params, draft.metadata
    kept.parts, kept.film_seconds, kept.findings = draft.parts, film_seconds, draft.findings
    _judge_telling(kept, used[draft.main])
    kept.save()
    kept.libraries.set(needed_by(used.values()))
    return True


def _judge_telling(content: Content, main: Library) -> None:
    """What tells no result is finished by its time, unless points were asked for."""
    assert main.current is not None  # `installed` gives no others
    scripts = joined_scripts([main.current])
    content.tells_result = tells_result(main.machine_name, scripts, content.params)
    if not content.tells_result and content.gate == Gate.RESULT and not content.pass_percent:
        content.gate = Gate.OPENED
