"""Why a SCORM package is not taken, beside what is wrong with its archive."""

from django.utils.translation import gettext as _

from courses.packages import refusals
from courses.packages.refusals import Refused


def in_words(refused: Refused) -> str:
    """What the person who brought the package is told: which file, what is wrong, and what to do."""
    return refusals.in_words(refused, {**_of_manifests(), **_of_items(), **_of_files()})


def _of_manifests() -> dict[str, str]:
    return {
        "no_manifest": _(
            "There is no imsmanifest.xml at the top of the archive, so this is not a SCORM package. "
            "Export the courseware once more as SCORM 1.2 or SCORM 2004."
        ),
        "folder": _(
            "The package lies in a folder of the archive: “%(name)s”. Pack what is inside that folder, "
            "not the folder itself."
        ),
        "xml": _("“%(name)s” in the archive is not valid XML."),
        "xml_encoding": _("“%(name)s” in the archive is written in an encoding that cannot be read."),
        "dtd": _("“%(name)s” in the archive defines entities or document types, which is not taken."),
        "many_items": _("“%(name)s” in the archive lists more than %(most)s items."),
    }


def _of_items() -> dict[str, str]:
    return {
        "no_items": _("“%(name)s” in the archive names nothing that could be opened."),
        "no_resource": _("An item of the package refers to the resource “%(name)s”, which does not exist."),
        "no_href": _("The resource “%(name)s” of the package does not say which file it opens."),
        "href_missing": _("The package opens “%(name)s”, but that file is not in the archive."),
        "href_outside": _(
            "The package opens “%(name)s”, which lies outside the archive. Put the pages into the package."
        ),
        "href_long": _(
            "The package opens an address of more than %(most)s characters, which begins with “%(name)s”. "
            "Shorten it."
        ),
        "href_type": _("The package opens “%(name)s”, which browsers cannot show."),
    }


def _of_files() -> dict[str, str]:
    return {
        "program": _("“%(name)s” in the archive is a program or a page for servers. Pack it without."),
        "type": _("“%(name)s” in the archive is of a kind (%(ending)s) that is not taken. Pack it without."),
    }
