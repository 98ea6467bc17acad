"""The parameters of a content, cleaned field by field as the semantics of its libraries say.

Nothing is thrown away but what could run: values that no field describes are kept, their texts as plain ones.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from courses.h5p.markup import clean_plain, clean_text, is_rich, runs
from courses.h5p.names import LibraryName
from courses.h5p.reading import CONTENT, CONTENT_JSON
from courses.h5p.where import inside, place_in
from courses.packages.refusals import Refused

Value = Any  # any JSON
Field = Mapping[str, Any]  # Any: a field of semantics.json
FILES = {"file", "image", "audio", "video"}
ABSOLUTE = ("http://", "https://", "//")
# What H5P's editor puts behind a file that was not saved yet.
UNSAVED = "#tmp"


@dataclass
class Cleaner:
    """Cleans the parameters of one content; `used` is every library that they name."""

    semantics: Mapping[LibraryName, list[Any]]  # Any: JSON
    files: Collection[str]
    used: set[LibraryName] = field(default_factory=set)

    def clean(self, main: LibraryName, params: Mapping[str, Value]) -> dict[str, Value]:
        """The parameters of the main library; raises Refused."""
        self.used.add(main)
        return self._fields(params, self.semantics[main], "")

    def _fields(self, values: Mapping[str, Value], fields: list[Any], where: str) -> dict[str, Value]:
        known = {one.get("name"): one for one in fields}
        return {
            clean_plain(name): self._value(value, known.get(name, {}), inside(where, name))
            for name, value in values.items()
        }

    def _value(self, value: Value, said: Field, where: str) -> Value:
        kinds: dict[str, Callable[[Value, Field, str], Value]] = {
            "text": self._text,
            "group": self._group,
            "list": self._list,
            "library": self._library,
            "select": self._select,
        }
        kind = said.get("type", "")
        clean = self._file if kind in FILES else kinds.get(kind, self._unknown)
        return clean(value, said, where)

    def _text(self, value: Value, said: Field, where: str) -> Value:
        if isinstance(value, str) and is_rich(said):
            return clean_text(value, said)
        return self._unknown(value, said, where)

    def _select(self, value: Value, said: Field, where: str) -> Value:
        options = said.get("options")
        rows = options if isinstance(options, list) else []
        offered = [row.get("value") for row in rows if isinstance(row, dict)]
        is_offered = isinstance(value, str) and value in offered and not runs(value)
        return value if is_offered else self._unknown(value, said, where)

    def _group(self, value: Value, said: Field, where: str) -> Value:
        fields = said.get("fields") or []
        is_flat = len(fields) == 1 and not said.get("isSubContent")
        # H5P leaves out a group around a single field; some writers do not.
        if is_flat and not (isinstance(value, dict) and set(value) == {fields[0].get("name")}):
            return self._value(value, fields[0], where)
        if not isinstance(value, dict):
            return self._unknown(value, said, where)
        return self._fields(value, fields, where)

    def _list(self, value: Value, said: Field, where: str) -> Value:
        if not isinstance(value, list):
            return self._unknown(value, said, where)
        inner = said.get("field") or {}
        return [self._value(one, inner, place_in(where, place)) for place, one in enumerate(value)]

    def _library(self, value: Value, said: Field, where: str) -> Value:
        if not isinstance(value, dict) or not value.get("library"):
            return self._unknown(value, said, where)
        name = self._named(value["library"], said, where)
        params = value.get("params")
        kept = self._fields(value | {"params": None}, [], where)
        if isinstance(params, dict):
            kept["params"] = self._fields(params, self.semantics[name], inside(where, "params"))
        return {name: kept[name] for name in map(clean_plain, value)}

    def _named(self, text: Value, said: Field, where: str) -> LibraryName:
        """The library of a nested content, which has to be at hand and among what its field offers."""
        name = LibraryName.from_params(text)
        options = said.get("options")
        rows = options if isinstance(options, list) else []
        offered = {named.machine_name for row in rows if (named := LibraryName.from_params(row))}
        if name is None or name not in self.semantics or (offered and name.machine_name not in offered):
            raise Refused("sub_library", CONTENT_JSON, library=str(text)[:200], where=where)
        self.used.add(name)
        return name

    def _file(self, value: Value, said: Field, where: str) -> Value:
        """A file or a list of them; each lies in the package, or elsewhere under an absolute address."""
        if isinstance(value, list):
            return [self._file(one, said, place_in(where, place)) for place, one in enumerate(value)]
        if not isinstance(value, dict):
            return self._unknown(value, said, where)
        kept = self._fields(value, [], where)
        path = value.get("path")
        if isinstance(path, str) and path:
            kept["path"] = self._path(path, where)
        return kept

    def _path(self, path: str, where: str) -> str:
        if path.lower().startswith(ABSOLUTE):
            return clean_plain(path)
        file = path.removesuffix(UNSAVED)
        if file not in self.files:
            raise Refused("no_file", f"{CONTENT}{file}", where=where)
        return file

    def _unknown(self, value: Value, said: Field, where: str) -> Value:
        """What no field describes: kept, its texts as plain ones, contents inside it by their own fields."""
        if isinstance(value, str):
            return clean_plain(value)
        if isinstance(value, list):
            return [self._unknown(one, {}, place_in(where, place)) for place, one in enumerate(value)]
        if isinstance(value, dict):
            is_content = isinstance(value.get("params"), dict) and isinstance(value.get("library"), str)
            if is_content and value["library"]:
                return self._library(value, {}, where)
            return self._fields(value, [], where)
        return value


def clean_metadata(metadata: Mapping[str, Value]) -> dict[str, Value]:
    """What h5p.json says of its content, for people to read: without what could begin a tag."""
    return {_bare(key): _bare_value(value) for key, value in metadata.items()}


def _bare_value(value: Value) -> Value:
    if isinstance(value, dict):
        return clean_metadata(value)
    if isinstance(value, list):
        return [_bare_value(one) for one in value]
    return _bare(value) if isinstance(value, str) else value


def _bare(text: str) -> str:
    return "" if runs(text) else text.replace("<", "&lt;").replace(">", "&gt;")
