"""SCORM packages and the objects that are launched from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.packages.completion import open_percent
from courses.packages.models import Package
from courses.scorm.unapplied import Unapplied


class Standard(models.TextChoices):
    """Which run-time its objects call."""

    SCORM_12 = "1.2", "SCORM 1.2"
    SCORM_2004 = "2004", "SCORM 2004"


class Courseware(Package):
    """A SCORM package; `menu` is its organisation, nested, `scos` the launchable objects by item.

    `menu`: rows of {"item": identifier, "title", "is_visible", "children": rows}; what launches nothing
    has no entry in `scos`. `scos`: {identifier: {"href": path with parameters, "title", "is_sco": bool,
    "mastery": number or null, "threshold": number or null, "launch_data": text, "time_limit": text,
    "time_limit_action": text, "tells_completion": bool}}, in the order of the menu. An asset (`is_sco` false)
    makes no calls: it counts as completed once opened. `unapplied`: what of the manifest is not applied.
    """

    unpacking = "scorm.unpack"
    root = "scorm"
    long = ("menu", "scos", "files")

    standard = models.CharField(_("standard"), max_length=4, choices=Standard, editable=False)
    edition = models.CharField(_("version of the standard"), max_length=40, blank=True, editable=False)
    identifier = models.CharField(max_length=255, blank=True, editable=False)
    menu = models.JSONField(default=list, editable=False)
    scos = models.JSONField(default=dict, editable=False)
    unapplied = models.JSONField(default=list, editable=False)

    class Meta(Package.Meta):
        verbose_name = _("SCORM courseware")
        verbose_name_plural = _("SCORM coursewares")

    @property
    def unapplied_words(self) -> list[str]:
        """What of its manifest is not applied here, in words."""
        return [str(Unapplied(code).label) for code in self.unapplied]

    @property
    def open_percent(self) -> int:
        """How much of its seconds must have been open."""
        return open_percent(self.gate, has_film=False)
