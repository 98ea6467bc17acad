"""Where an item of a manifest leads: bases, parameters, and the file of the archive that is meant."""

from collections.abc import Iterable
from posixpath import normpath
from urllib.parse import quote, unquote, urljoin, urlsplit

from courses.packages.refusals import Refused

MANIFEST = "imsmanifest.xml"
MOST_SHOWN = 100
# A long address counts once for every item that names it.
MOST_ADDRESS = 2_000
# What may stand in a query or fragment as it is, percent signs included.
SAFE = "/?:@-._~!$&'()*+,;=%"


def with_parameters(href: str, parameters: str) -> str:
    """An address with an item's parameters, joined as SCORM says (CAM, "parameters").

    Leading `?` and `&` are dropped; a fragment never replaces another; an address with a fragment takes its
    parameters before it, where a page looks for them.
    """
    path, mark, fragment = href.partition("#")
    query, own_mark, own_fragment = parameters.lstrip("?&").partition("#")
    if query:
        path += ("&" if "?" in path else "?") + query
    return path + (mark + fragment if mark else own_mark + own_fragment)


class Places:
    """The files of an archive as a manifest may mean them: percent signs, backslashes, other cases."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        self._folded = {name.casefold(): name for name in self._names}

    def address(self, bases: Iterable[str], href: str) -> str:
        """The address below the package's folder, quoted, with query and fragment; raises Refused."""
        if sum(map(len, (*bases, href))) > MOST_ADDRESS:
            raise Refused("href_long", href[:MOST_SHOWN], most=MOST_ADDRESS)
        told = ""
        try:
            for base in (*bases, href):
                told = urljoin(told, base.replace("\\", "/").strip())
            parts = urlsplit(told)
        except ValueError as error:  # brackets as of a host that is none
            raise Refused("href_outside", href) from error
        if parts.scheme or parts.netloc:
            raise Refused("href_outside", told)
        address = quote(self._file(parts.path), safe="/")
        if parts.query:
            address += "?" + quote(parts.query, safe=SAFE)
        return address + ("#" + quote(parts.fragment, safe=SAFE) if parts.fragment else "")

    def _file(self, path: str) -> str:
        for told in (path, unquote(path)):
            name = normpath(told.lstrip("/")) if told else ""
            if name in self._names:
                return name
            if name.casefold() in self._folded:
                return self._folded[name.casefold()]
        raise Refused("href_missing", path)
