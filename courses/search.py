"""Search that understands Chinese: words are found as overlapping pairs of characters.

Databases cut text at spaces, and Chinese has none. Here a run of Chinese characters is indexed as its
overlapping pairs and its single characters; it is asked for as its pairs, one character alone as itself.
"""

import copy
import re
import unicodedata
from typing import Any

from modelsearch.backends import database
from modelsearch.backends.base import BaseSearchBackend, BaseSearchResults, EmptySearchResults
from modelsearch.index import BaseField, RelatedFields
from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText, SearchQuery

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUNS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
HAN_RUN = re.compile(rf"[{HAN}]")


def asked(text: str) -> str:
    """The words to look for: pairs of Chinese characters, a lone character, and other words as they are."""
    return " ".join(word for run in _runs(text) for word in (_pairs(run) or [run]))


def indexed(value: Any) -> Any:  # whatever a model's field holds
    """The words to be found under: those that can be asked for, of a text or of a list or dict of texts."""
    if isinstance(value, str):
        return " ".join(word for run in _runs(value) for word in [*_pairs(run), *_singles(run)])
    if isinstance(value, list):
        return [indexed(item) for item in value]
    if isinstance(value, dict):
        return {key: indexed(item) for key, item in value.items()}
    return value


def _runs(text: str) -> list[str]:
    return RUNS.findall(unicodedata.normalize("NFKC", text))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] if HAN_RUN.match(run) else []


def _singles(run: str) -> list[str]:
    return list(run) if HAN_RUN.match(run) else [run]


def _rewritten(query: Any) -> Any:  # a text, or any of the library's query classes
    """The query with every text in it cut into words; None when no word is left."""
    if isinstance(query, str):
        return asked(query) or None
    if isinstance(query, PlainText | Phrase | Fuzzy):
        words = asked(query.query_string)
        return _changed(query, query_string=words) if words else None
    if isinstance(query, And | Or):
        parts = [part for part in map(_rewritten, query.subqueries) if part]
        return _changed(query, subqueries=parts) if parts else None
    if isinstance(query, Not | Boost):
        inner = _rewritten(query.subquery)
        return _changed(query, subquery=inner) if inner else None
    return query


def _changed(query: SearchQuery, **attributes: object) -> SearchQuery:
    changed = copy.copy(query)
    vars(changed).update(attributes)
    return changed


def _cut(field: Any) -> Any:  # the library's field classes share no useful type
    """A field of the index that gives its words already cut."""
    changed = copy.copy(field)
    if isinstance(field, RelatedFields):
        changed.fields = [_cut(inner) for inner in field.fields]
    elif isinstance(field, BaseField):
        changed.get_value = lambda obj: indexed(field.get_value(obj))
    return changed


def _stand_in(obj: Any) -> Any:  # any model that is indexed
    """A copy of an object whose fields of the index are cut."""
    stand_in = copy.copy(obj)
    stand_in.get_search_fields = lambda: [_cut(field) for field in type(obj).get_search_fields()]
    return stand_in


def _understanding_chinese(base: type[Any]) -> type[Any]:  # the library's backends have no types
    class Index(base.index_class):  # type: ignore[name-defined]  # chosen when the database is known
        def add_items(self, model: type[Any], items: list[Any]) -> None:
            super().add_items(model, [_stand_in(item) for item in items])

    class Backend(base):
        index_class = Index

        def _search(self, compiler: type[Any], query: Any, model: Any, **options: Any) -> BaseSearchResults:
            rewritten = _rewritten(query)
            if rewritten is None:
                return EmptySearchResults()
            found: BaseSearchResults = super()._search(compiler, rewritten, model, **options)
            return found

    return Backend


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802  # the name that Wagtail looks for
    """The library's backend for the present database, taught to cut Chinese."""
    # Without stemming and stop words, whatever language the database server speaks.
    stock = database.SearchBackend({"SEARCH_CONFIG": "simple", **params})
    backend: BaseSearchBackend = _understanding_chinese(type(stock))({"SEARCH_CONFIG": "simple", **params})
    return backend
