"""What a file that cannot be read as a sheet is told, in one sentence with what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.roster.sheets import NoRows, OldFormat, SheetError, TooBig, TooManyRows, WrongHeaders


def sheet_words(
    error: SheetError,
    labels: Mapping[Any, str | Promise],  # each kind of sheet has columns of its own, and keys are invariant
    *,
    too_many: str,
    no_rows: str,
    too_big: str = "",
) -> str:
    """The words for an error; `labels` name the columns, the rest is what a kind of sheet says of itself."""
    if isinstance(error, WrongHeaders):
        names = "、".join(str(labels[column]) for column in error.missing)
        return _("Nothing was written. These columns are missing: %(names)s.") % {"names": names}
    words = {
        TooBig: too_big or _("Nothing was written: the file is too large. Divide it into several."),
        TooManyRows: too_many,
        OldFormat: _("Nothing was written: this is an old .xls file. Save it as .xlsx first."),
        NoRows: no_rows,
    }
    fallback = _("Nothing was written: this file is no table that we can read. Bring it as XLSX or CSV.")
    return words.get(type(error), fallback)
