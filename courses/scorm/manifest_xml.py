"""XML of a package as plain text without traps: encodings of every age, no DTD, no entities."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError  # types only: defusedxml does the reading

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from courses.packages.refusals import Refused
from courses.packages.storable import is_storable

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
ENCODING = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# What programs of Chinese systems wrote, whatever they said that they wrote; it contains GB 2312 and GBK.
CHINESE = "gb18030"
BASE = "{http://www.w3.org/XML/1998/namespace}base"


def read_xml(data: bytes, name: str) -> Element:
    """The root of a document; raises Refused."""
    text = DECLARATION.sub("", _decoded(data, name), count=1)
    try:
        root: Element = fromstring(text.encode(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Refused("dtd", name) from error
    # RecursionError and ValueError: what the parser makes of bytes that no editor wrote.
    except (ParseError, ValueError, RecursionError) as error:
        raise Refused("xml", name) from error
    return root


def _decoded(data: bytes, name: str) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _in_one_of(data[len(bom) :], [encoding], name)
    declared = ENCODING.match(data)
    told = declared.group(1).decode().lower() if declared else "utf-8"
    if told.startswith("gb"):
        return _in_one_of(data, [CHINESE], name)
    if told.startswith("utf-8") or told == "utf8":
        return _in_one_of(data, ["utf-8", CHINESE], name)
    return _in_one_of(data, [told, "utf-8"], name)


def _in_one_of(data: bytes, encodings: list[str], name: str) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        # LookupError: no such encoding, or one that does not make text of bytes.
        except (UnicodeError, LookupError, ValueError):
            continue
        # Python lets half characters through in some encodings, XML knows none.
        if is_storable(text):
            return text
    raise Refused("xml_encoding", name)


def local(name: str) -> str:
    """A name without its namespace, which differs from version to version and is often left out."""
    return name.rpartition("}")[2].casefold()


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of that name, whatever their namespace."""
    # Comments have a function for a name.
    return (child for child in element if isinstance(child.tag, str) and local(child.tag) == name)


def child(element: Element | None, *path: str) -> Element | None:
    """The first child along a path of names, if all are there."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def said(element: Element | None) -> str:
    """The text of an element with its spaces put in order; "" if there is none."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without namespace, case-folded: `scormtype` and `scormType` are one."""
    return next((value.strip() for key, value in element.items() if local(key) == name), "")
