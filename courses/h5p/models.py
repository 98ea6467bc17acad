"""Libraries, shared by name and version, and the contents that they play."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.h5p.films import is_film_elsewhere
from courses.packages.completion import open_percent
from courses.packages.models import Package


class Library(models.Model):
    """A library by name and minor version; `current` is the patch that plays now, and may be set back."""

    machine_name = models.CharField(_("name"), max_length=127)
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=255)
    is_runnable = models.BooleanField(default=False)
    current = models.OneToOneField(
        "LibraryPatch", models.PROTECT, null=True, related_name="current_of", editable=False
    )

    class Meta:
        verbose_name = _("library of interactive content")
        verbose_name_plural = _("libraries of interactive content")
        ordering = ["machine_name", "-major", "-minor"]
        constraints = [
            models.UniqueConstraint(fields=["machine_name", "major", "minor"], name="library_once"),
        ]

    def __str__(self) -> str:
        return f"{self.machine_name} {self.major}.{self.minor}"

    @property
    def directory(self) -> str:
        """How H5P names its folder: `H5P.TrueFalse-1.6`."""
        return f"{self.machine_name}-{self.major}.{self.minor}"


class LibraryPatch(models.Model):
    """One patch of a library as it was installed, never changed afterwards.

    `metadata` is its library.json, `semantics` its semantics.json ([] where it has none), `files` as in a
    `Package`; the bytes lie below `folder` in the storage.
    """

    library = models.ForeignKey(Library, models.CASCADE, related_name="patches")
    patch = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    metadata = models.JSONField()
    semantics = models.JSONField(default=list)
    folder = models.CharField(max_length=200)
    files = models.JSONField(default=dict)
    size_bytes = models.PositiveBigIntegerField(default=0)
    installed_at = models.DateTimeField(_("installed"))
    installed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["library", "-patch"]
        constraints = [
            models.UniqueConstraint(fields=["library", "patch"], name="library_patch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.library} ({self.patch})"


class DependencyKind(models.TextChoices):
    """When a library needs another one."""

    PRELOADED = "PRELOADED", _("always")
    DYNAMIC = "DYNAMIC", _("when asked for")
    EDITOR = "EDITOR", _("for writing")


class Dependency(models.Model):
    """A patch needs a library; what its own library.json says of those that are installed."""

    patch = models.ForeignKey(LibraryPatch, models.CASCADE, related_name="dependencies")
    library = models.ForeignKey(Library, models.PROTECT, related_name="needed_by")
    kind = models.CharField(max_length=10, choices=DependencyKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patch", "library", "kind"], name="dependency_once"),
        ]

    def __str__(self) -> str:
        return f"{self.patch} → {self.library}"


class Content(Package):
    """An H5P content: its parameters as JSON, apart from its files.

    `metadata` is its h5p.json without the dependencies (license, authors, source …); `libraries` is every
    library that playing it needs, the main one among them. `film_seconds` is the length of the film inside an
    interactive video, 0 otherwise. `tells_result`: whether it ever reports one, as far as its scripts show.
    `findings` are absolute addresses: rows of {"where", "address"}.
    """

    unpacking = "h5p.unpack"
    root = "h5p/contents"
    long = ("params", "files", "findings")

    main = models.ForeignKey(
        Library, models.PROTECT, null=True, editable=False, related_name="main_of", verbose_name=_("type")
    )
    libraries = models.ManyToManyField(Library, related_name="contents", editable=False)
    params = models.JSONField(default=dict, editable=False)
    metadata = models.JSONField(default=dict, editable=False)
    film_seconds = models.PositiveIntegerField(default=0, editable=False)
    tells_result = models.BooleanField(default=True, editable=False)
    findings = models.JSONField(default=list, editable=False)

    class Meta(Package.Meta):
        verbose_name = _("interactive content")
        verbose_name_plural = _("interactive contents")
        permissions = [("install_library", "Can install libraries")]
        constraints = [
            models.CheckConstraint(
                condition=Q(folder="") | Q(main__isnull=False), name="content_ready_has_library"
            ),
        ]

    @property
    def is_film_elsewhere(self) -> bool:
        """Whether it is an interactive video whose film is not in the package; its main library is asked."""
        return is_film_elsewhere(self.main.machine_name if self.main else "", self.params)

    @property
    def seconds(self) -> int:
        """How long it asks for: the film inside where there is one, else what its author says."""
        return self.film_seconds or super().seconds

    @property
    def open_percent(self) -> int:
        """How much of its seconds must have been open, or played."""
        return open_percent(self.gate, has_film=bool(self.film_seconds))
