"""The manifest of a SCORM package (1.2 and 2004): its organisation, and what is launched from it.

Read as people write it: namespaces of every version or none, `xml:base` on three levels, no organisation at
all. What cannot be launched is refused by name. Pure: no database, no files.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypedDict
from xml.etree.ElementTree import Element  # a type only: defusedxml does the reading

from courses.packages.refusals import Refused
from courses.scorm.manifest_xml import BASE, attribute, child, children, read_xml, said
from courses.scorm.places import MANIFEST, Places, with_parameters
from courses.scorm.sequencing import Limits, limits_of_12, limits_of_2004, rules_by_id
from courses.scorm.unapplied import Unapplied, unapplied_in

MOST_BYTES = 2 * 1024 * 1024
MOST_ITEMS = 1_000
MOST_LEVELS = 20
MOST_TITLE = 255
MOST_NAME = 200
SCORM_12, SCORM_2004 = "1.2", "2004"


class Row(TypedDict):
    """A line of the menu."""

    item: str
    title: str
    is_visible: bool
    children: list["Row"]


class Sco(TypedDict):
    """What an item launches.

    `mastery`: points out of 100 in 1.2, from -1 to 1 in 2004. `threshold`: the share of progress that
    completes it, 2004 alone. `time_limit`: in the standard's own writing. `tells_completion`: nothing is to
    be made of its silence, 2004 alone.
    """

    href: str
    title: str
    is_sco: bool
    mastery: float | None
    threshold: float | None
    launch_data: str
    time_limit: str
    time_limit_action: str
    tells_completion: bool


@dataclass(frozen=True)
class Course:
    """A manifest, read; `title` is "" where it says none."""

    standard: str
    edition: str
    identifier: str
    title: str
    menu: list[Row]
    scos: dict[str, Sco]
    unapplied: list[Unapplied]


@dataclass(frozen=True)
class Resource:
    """A resource by its identifier: `bases` are the addresses against which `href` is read."""

    identifier: str
    href: str
    bases: tuple[str, ...]
    is_sco: bool


def read_manifest(data: bytes, names: Iterable[str]) -> Course:
    """The course in a manifest, of an archive with these files; raises Refused."""
    root = read_xml(data, MANIFEST)
    edition = said(child(root, "metadata", "schemaversion"))[:40]
    standard = _standard(root, edition)
    reading = _Reading(_resources(root), _manifests(root), Places(names), rules_by_id(root), standard)
    organisation = _organisation(root)
    menu = reading.rows(organisation) if organisation is not None else []
    if not reading.scos and (organisation is None or child(organisation, "item") is None):
        menu = reading.rows_of_resources()
    if not reading.scos:
        raise Refused("no_items", MANIFEST)
    return Course(
        standard=standard,
        edition=edition,
        identifier=attribute(root, "identifier")[:MOST_TITLE],
        title=_title(root, organisation),
        menu=menu,
        scos=reading.scos,
        unapplied=unapplied_in(root),
    )


def _standard(root: Element, edition: str) -> str:
    """Which run-time is meant: by the stated version, else by the namespaces that are used."""
    told = edition.casefold()
    if told.startswith("1.2"):
        return SCORM_12
    if "2004" in told or "1.3" in told:
        return SCORM_2004
    names = (name for element in root.iter() for name in (element.tag, *element.keys()))
    return SCORM_2004 if any("adlcp_v1p3" in name for name in names if isinstance(name, str)) else SCORM_12


def _organisation(root: Element) -> Element | None:
    organisations = child(root, "organizations")
    if organisations is None:
        return None
    listed = list(children(organisations, "organization"))
    default = attribute(organisations, "default")
    named = [one for one in listed if default and attribute(one, "identifier") == default]
    return next(iter(named or listed), None)


def _title(root: Element, organisation: Element | None) -> str:
    title = said(child(organisation, "title"))
    lom = child(root, "metadata", "lom", "general", "title")
    # A title of the metadata may stand there in several languages: the first one.
    title = title or said(child(lom, "langstring")) or said(child(lom, "string")) or said(lom)
    return title[:MOST_TITLE]


def _resources(root: Element, bases: tuple[str, ...] = (), level: int = 1) -> dict[str, Resource]:
    """The resources of a manifest and of those inside it; the outer one of a name counts."""
    if level > MOST_LEVELS:
        raise Refused("deep", MANIFEST)
    outer = (*bases, root.get(BASE, ""))
    found: dict[str, Resource] = {}
    for inner in children(root, "manifest"):
        found |= _resources(inner, outer, level + 1)
    listed = child(root, "resources")
    if listed is None:
        return found
    for one in children(listed, "resource"):
        name = attribute(one, "identifier")
        found[name] = Resource(
            identifier=name,
            href=attribute(one, "href"),
            bases=(*outer, listed.get(BASE, ""), one.get(BASE, "")),
            is_sco=attribute(one, "scormtype").casefold() == "sco",
        )
    return found


def _manifests(root: Element) -> dict[str, Element]:
    """The organisations of the manifests inside a manifest, by what items call them."""
    inner = (one for one in root.iter() if one is not root and one.tag == root.tag)
    found = ((attribute(one, "identifier"), _organisation(one)) for one in inner)
    return {name: organisation for name, organisation in found if name and organisation is not None}


@dataclass
class _Reading:
    """The items read so far, in the order of the menu."""

    resources: dict[str, Resource]
    manifests: dict[str, Element]
    places: Places
    rules: dict[str, Element]
    standard: str
    scos: dict[str, Sco] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def rows(self, parent: Element, level: int = 1) -> list[Row]:
        """The items below an organisation or item, and everything below them; raises Refused."""
        return list(self._rows(parent, level))

    def _rows(self, parent: Element, level: int) -> Iterator[Row]:
        for item in children(parent, "item"):
            if level > MOST_LEVELS:
                raise Refused("deep", MANIFEST)
            name = self._name(attribute(item, "identifier"))
            title = said(child(item, "title"))[:MOST_TITLE]
            resource = self._resource(item)
            title = title or (resource.href if resource else "") or name
            if resource is not None:
                self._launch(name, title, resource, attribute(item, "parameters"), self._limits(item))
            is_visible = attribute(item, "isvisible").casefold() not in ("false", "0")
            below = self.rows(item, level + 1)
            if (
                resource is None
                and (inner := self.manifests.get(attribute(item, "identifierref"))) is not None
            ):
                below += self.rows(inner, level + 1)
            yield Row(item=name, title=title, is_visible=is_visible, children=below)

    def rows_of_resources(self) -> list[Row]:
        """Without an organisation every object is an item, in the order of the resources."""
        rows = []
        for resource in self.resources.values():
            if resource.is_sco:
                name = self._name(resource.identifier)
                self._launch(name, resource.href or name, resource, "", Limits())
                rows.append(Row(item=name, title=resource.href, is_visible=True, children=[]))
        return rows

    def _name(self, told: str) -> str:
        """A name for an item that no other has, as near to its identifier as possible."""
        if len(self.taken) >= MOST_ITEMS:
            raise Refused("many_items", MANIFEST, most=MOST_ITEMS)
        name = base = told[:MOST_NAME] or "item"
        number = 1
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self.taken.add(name)
        return name

    def _resource(self, item: Element) -> Resource | None:
        wanted = attribute(item, "identifierref")
        if not wanted or (wanted in self.manifests and wanted not in self.resources):
            return None
        if wanted not in self.resources:
            raise Refused("no_resource", wanted[:MOST_TITLE])
        return self.resources[wanted]

    def _limits(self, item: Element) -> Limits:
        return limits_of_2004(item, self.rules) if self.standard == SCORM_2004 else limits_of_12(item)

    def _launch(self, name: str, title: str, resource: Resource, parameters: str, limits: Limits) -> None:
        if not resource.href:
            raise Refused("no_href", resource.identifier[:MOST_TITLE])
        self.scos[name] = Sco(
            href=self.places.address(resource.bases, with_parameters(resource.href, parameters)),
            title=title,
            is_sco=resource.is_sco,
            mastery=limits.mastery,
            threshold=limits.threshold,
            launch_data=limits.launch_data,
            time_limit=limits.time_limit,
            time_limit_action=limits.time_limit_action,
            tells_completion=limits.tells_completion,
        )
