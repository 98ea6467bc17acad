"""Topics: the shelves of the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet


@register_snippet
class Topic(models.Model):
    """A subject under which courses are found."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Small numbers stand first.")
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    @property
    def glyph(self) -> str:
        """The character that stands for the topic beside its courses."""
        return self.name[:1]
