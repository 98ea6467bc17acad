"""Competencies: what the holders of a post need to be able to do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Competency(models.Model):
    """Something that a post asks of its holder, such as settling a quarrel or reading the accounts."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    roles = models.JSONField(
        _("posts"), default=list, blank=True, help_text=_("Nobody ticked means everybody.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")

    def __str__(self) -> str:
        return self.name
