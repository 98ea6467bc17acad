"""Writes to the library of SCORM courseware."""

from urllib.parse import unquote, urlsplit

from django.db import transaction

from courses.packages.actions import Unpacking, forget_files, put_in_place, still_asked, unpacking
from courses.packages.archives import Archive
from courses.packages.refusals import Refused
from courses.packages.shelf import StoredFile, store
from courses.scorm.file_types import kept_names
from courses.scorm.manifest import MOST_BYTES, SCORM_12, Course, read_manifest
from courses.scorm.models import Courseware
from courses.scorm.places import MANIFEST
from lms.jobs.registry import Report, unheard


def unpack(*, courseware: Courseware, report: Report = unheard) -> None:
    """Judge a package and keep its files, or nothing at all of one that is refused; raises Refused."""
    with unpacking(courseware) as made:
        course, files = _unpacked(made, report)
        is_kept = _keep(courseware, course, files, made)
    if is_kept:
        courseware.refresh_from_db()  # for the caller, who may go on with it
    else:
        forget_files(package=courseware, folder=made.folder)


def _unpacked(made: Unpacking, report: Report) -> tuple[Course, dict[str, StoredFile]]:
    """What the package says of itself, and its files as they were kept; everything is judged first."""
    archive = made.archive
    course = read_manifest(_manifest(archive), archive.names)
    names = kept_names(archive.names)
    _must_be_kept(course, set(names))
    files = {}
    for done, name in enumerate(names):
        report(done, len(names))
        files[name] = store(archive=archive, name=name, folder=made.folder)
    report(len(names), len(names))
    return course, files


def _manifest(archive: Archive) -> bytes:
    """The manifest's bytes; Windows writes its name in any case."""
    found = [name for name in archive.names if name.casefold().rpartition("/")[2] == MANIFEST]
    if not found:
        raise Refused("no_manifest")
    folder, _slash, name = min(found, key=lambda name: name.count("/")).rpartition("/")
    if folder:
        raise Refused("folder", folder)
    return archive.read(name, most=MOST_BYTES)


def _must_be_kept(course: Course, names: set[str]) -> None:
    """Refuse an object that starts from a file that is not kept, such as Flash."""
    for sco in course.scos.values():
        name = unquote(urlsplit(sco["href"]).path)
        if name not in names:
            raise Refused("href_type", name)


@transaction.atomic
def _keep(courseware: Courseware, course: Course, files: dict[str, StoredFile], made: Unpacking) -> bool:
    """Write a courseware that is stored; false where another run, another file or its deletion was faster."""
    kept = still_asked(courseware)
    if kept is None:
        return False
    kept.files = files
    put_in_place(kept, made, title=course.title or next(iter(course.scos.values()))["title"])
    kept.standard, kept.edition, kept.identifier = course.standard, course.edition, course.identifier
    kept.menu, kept.scos, kept.unapplied = course.menu, course.scos, course.unapplied
    # An asset reports nothing; having opened it is its part.
    kept.parts = list(course.scos)
    kept.pass_percent = kept.pass_percent or _mastery_percent(course)
    kept.save()
    return True


def _mastery_percent(course: Course) -> int:
    """What the package itself asks for, as its mean score is reckoned; 0 where it asks for nothing."""
    asked = [sco["mastery"] for sco in course.scos.values() if sco["mastery"] is not None]
    if not asked:
        return 0
    mean = sum(asked) / len(asked)
    return max(0, min(100, round(mean if course.standard == SCORM_12 else mean * 100)))
