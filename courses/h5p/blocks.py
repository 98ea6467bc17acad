"""Interactive content in the text of a lesson."""

from collections.abc import Iterable
from copy import copy

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ChooserBlock

from courses.h5p.choosing import ContentChooser
from courses.h5p.models import Content


class H5PBlock(ChooserBlock):
    """A content between the paragraphs; its value is the content, or None where it was deleted."""

    target_model = Content

    @cached_property
    def widget(self) -> ContentChooser:
        """The same choosing as in the form of a lesson."""
        return ContentChooser()

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Content | None]:
        """The contents of a whole text, each a row of its own, without what is long in them."""
        wanted = list(values)
        found = Content.objects.defer(*Content.long).in_bulk(wanted)
        return [copy(found.get(key)) for key in wanted]

    class Meta:
        icon = "pick"
        label = _("Interactive content")
        template = "h5p/block.html"
