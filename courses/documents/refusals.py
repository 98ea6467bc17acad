"""Why a file is not taken as a document, and how that is said; nothing of a refused file is kept."""

from typing import Any

# Without Django: the child process that reads a file raises these too.
MOST_BYTES = 100 * 1024 * 1024
MOST_PAGES = 300
MOST_SIDE_CM = 500
MOST_CHARACTERS = 200_000


class Refused(Exception):
    """The file is not taken; `code` says why, `values` fill the words."""

    def __init__(self, code: str, **values: int | str) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def in_words(refused: Refused) -> str:
    """What the person who brought the file is told: what it is, and what to do."""
    from django.utils.translation import gettext as _

    words: dict[str, Any] = {  # read anew for every language
        "kind": _("Choose a PDF, or a file of Word (.docx), PowerPoint (.pptx) or Excel (.xlsx)."),
        "empty": _("This file is empty, so nothing was kept. Choose another one."),
        "big": _(
            "This file has more than %(megabytes)s MB, so nothing was kept. "
            "Divide it, or make its pictures smaller."
        ),
        "name": _(
            "This file does not hold what its name says, so nothing was kept. Save it again as %(kind)s."
        ),
        "old": _(
            "This is a file of before 2007. Open it, save it as .docx, .pptx, .xlsx or PDF, and bring that."
        ),
        "locked": _(
            "This file asks for a password, so nothing was kept. Save it without one and bring it again."
        ),
        "macros": _("There are macros in this file, so nothing was kept. Save it without macros or as PDF."),
        "broken": _(
            "This file is broken, so nothing was kept. Open it, save it again, and bring it once more."
        ),
        "pages": _("This document has %(pages)s pages, at most %(most)s can be shown. Divide it into parts."),
        "side": _(
            "Page %(page)s is larger than %(most)s cm. Print it to PDF on ordinary paper and bring that."
        ),
        "text": _("There is more text than a lesson can hold. Divide the document into parts."),
        "nothing": _("There is nothing to read in this document."),
        "hard": _(
            "This document takes too much work to be shown, so nothing was kept. "
            "Save it anew as PDF, or divide it."
        ),
    }
    return str(words[refused.code] % refused.values)
