"""Why a package is not taken, and how that is said: the file inside it, and the reason."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024


class Refused(Exception):
    """A package is not taken; `name` is the path inside it ("" for the whole), `values` fill the words."""

    def __init__(self, code: str, name: str = "", **values: int | str) -> None:
        self.code, self.name, self.values = code, name, values
        super().__init__(f"{code}: {name}" if name else code)


def in_words(refused: Refused, more: Mapping[str, str] | None = None) -> str:
    """What the person who brought the package is told; `more` are the words of its format's own codes."""
    words = {**_of_archives(), **_of_entries(), **(more or {})}
    name = refused.name.encode("unicode_escape").decode() if _is_unprintable(refused.name) else refused.name
    return words[refused.code] % {"name": name, **refused.values}


def _is_unprintable(name: str) -> bool:
    return not name.isprintable()


def _of_archives() -> dict[str, str]:
    return {
        "no_zip": _("This file is not a ZIP archive, so nothing was kept. Bring the package as it was made."),
        "broken": _("The archive is broken, so nothing was kept. Download or save the package once more."),
        "zip64": _("The archive is of the ZIP64 kind, which is not taken. Pack it as an ordinary ZIP."),
        "many": _("There are more than %(most)s files in the archive. Divide it into several packages."),
        "big": _("The package has more than %(megabytes)s MB. Make its films and pictures smaller."),
        "dense": _("The archive would grow to more than %(most)s times its size, so nothing was kept."),
    }


def _of_entries() -> dict[str, str]:
    return {
        "name": _("“%(name)s” in the archive has a name that is not taken: it could lead out of its folder."),
        "letters": _("“%(name)s” in the archive has a name with characters that no file may have."),
        "long_name": _("“%(name)s” in the archive has too long a name."),
        "twice": _("“%(name)s” is in the archive twice, or differs from another name in its case alone."),
        "clash": _("“%(name)s” is a file in the archive and a folder at the same time."),
        "link": _("“%(name)s” in the archive is a link or a device and not a file."),
        "locked": _("“%(name)s” in the archive asks for a password. Pack it without one."),
        "packing": _(
            "“%(name)s” in the archive is packed in a way that is not read. Pack it as an ordinary ZIP."
        ),
        "other_name": _("“%(name)s” has another name in the archive's list than in the archive itself."),
        "overlap": _("“%(name)s” shares its bytes with another file of the archive."),
        "big_file": _("“%(name)s” in the archive has more than %(megabytes)s MB. Make it smaller."),
        "dense_file": _("“%(name)s” in the archive would grow to more than %(most)s times its size."),
        "size": _("“%(name)s” in the archive does not have the size that the archive states."),
        "damaged": _("“%(name)s” in the archive is damaged. Download or save the package once more."),
        "missing": _("“%(name)s” is not in the archive, and a package cannot do without it."),
        "json": _("“%(name)s” in the archive is not valid JSON."),
        "deep": _("“%(name)s” in the archive is nested too deeply."),
    }
