"""What names a package: lessons by their field or in their text, and whatever else keeps it from deletion."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import PROTECT, ForeignKey, ManyToOneRel, Model
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from courses.packages.models import Package

P = TypeVar("P", bound=Package)
MOST_NAMED = 3


def pages_using(packages: Iterable[P]) -> dict[int, list[Page]]:
    """The pages that show each package, by its number (two queries beside those of the fields)."""
    kept = list(packages)
    if not kept:
        return {}
    pairs = {*_by_field(kept), *_by_text(kept)}
    pages = Page.objects.in_bulk({page for _package, page in pairs})
    found: dict[int, list[Page]] = {package.pk: [] for package in kept}
    for package, page in sorted(pairs):
        if page in pages:
            found[package].append(pages[page])
    return found


def _by_field(packages: list[P]) -> Iterable[tuple[int, int]]:
    for relation in _protecting(packages[0]):
        if issubclass(relation.related_model, Page):
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": packages})
            yield from rows.values_list(relation.field.attname, "pk")


def _by_text(packages: list[P]) -> Iterable[tuple[int, int]]:
    rows = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(packages[0]),
        to_object_id__in=[str(package.pk) for package in packages],
    )
    for package, page in rows.values_list("to_object_id", "object_id"):
        yield int(package), int(page)


def published_with(package: Package) -> list[Page]:
    """The pages of which some published version is made of it, whatever they show now (two queries)."""
    pages: set[int] = set()
    for relation in _protecting(package):
        if owner := _page_of(relation.related_model):
            rows = relation.related_model._base_manager.filter(**{relation.field.name: package.pk})
            pages |= set(rows.values_list(owner, flat=True))
    return list(Page.objects.filter(pk__in=pages).order_by("pk"))


def records_of(package: Package) -> int:
    """How many rows beside lessons name the package and keep it, attempts of learners (a query a kind)."""
    return sum(
        relation.related_model._base_manager.filter(**{relation.field.name: package.pk}).count()
        for relation in _protecting(package)
        if not (issubclass(relation.related_model, Page) or _page_of(relation.related_model))
    )


def _page_of(kind: type[Model]) -> str:
    """The field of a row beside pages that names its page, as a version's does; "" where there is none."""
    if issubclass(kind, Page):
        return ""
    named = (field for field in kind._meta.concrete_fields if isinstance(field, ForeignKey))
    return next((field.attname for field in named if issubclass(field.related_model, Page)), "")


def _protecting(
    package: Package,
) -> Iterable[Any]:  # Any: Django's relations, whose models are not known here
    for relation in package._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete is PROTECT:
            yield relation


def named(titles: Iterable[object]) -> str:
    """A few names in quotes for a sentence."""
    return _(", ").join(f"“{title}”" for title in list(titles)[:MOST_NAMED])
