"""The library's upload form: every file is read before it is kept."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtailmedia.forms import BaseMediaForm
from wagtailmedia.settings import wagtailmedia_settings as library

from courses.films.actions import note
from courses.films.models import Film
from courses.films.probe import Unreadable
from courses.films.reading import (
    NotAFilm,
    NotAPicture,
    NotPlayable,
    Reading,
    picture,
    poster_file,
    read,
)


class FilmForm(BaseMediaForm):
    """A film or recording: its length, size and fingerprint come from the file itself."""

    instance: Film
    reading: Reading | None = None

    def clean_file(self) -> Any:  # an upload, or the stored file when none was given
        """Read a new file, and say in words why it cannot be used."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if self.instance.pk and self.instance.lessons.filter(versions__isnull=False).exists():
            raise ValidationError(
                _(
                    "A published lesson uses this file, so it stays as it is. "
                    "Upload the new file beside it and choose it in the lesson."
                )
            )
        if Path(str(file.name)).suffix.lower().lstrip(".") not in self._endings():
            raise ValidationError(_("Choose an MP4 film, or a sound recording as M4A or MP3."))
        wants_poster = self.add_prefix("thumbnail") not in self.files
        try:
            self.reading = read(file, kind=self.instance.type, wants_poster=wants_poster)
        except (Unreadable, NotAFilm, NotPlayable, NotAPicture) as error:
            raise ValidationError(self._in_words(error)) from error
        return file

    def clean_thumbnail(self) -> Any:  # an upload, the stored picture, or False to take it away
        """Draw a new picture again, small and clean."""
        file = self.cleaned_data["thumbnail"]
        if not isinstance(file, UploadedFile):
            return file
        try:
            return poster_file(picture(file))
        except NotAPicture as error:
            raise ValidationError(_("This picture cannot be read. Choose a JPG or PNG picture.")) from error

    def save(self, commit: bool = True) -> Film:
        """Keep the film together with what its file turned out to be."""
        if self.reading is not None:
            if self.reading.poster:
                self.instance.thumbnail = None  # a still of the file that was replaced
            note(film=self.instance, reading=self.reading)
        film: Film = super().save(commit)
        return film

    def _endings(self) -> list[str]:
        is_film = self.instance.type == "video"
        endings: list[str] = library.VIDEO_EXTENSIONS if is_film else library.AUDIO_EXTENSIONS
        return endings

    def _in_words(self, error: Exception) -> Any:  # lazy words
        if isinstance(error, NotAFilm) and self.instance.type == "video":
            return _("There is no picture in this file. Add a sound recording as audio.")
        if isinstance(error, NotAFilm):
            return _("This is a film. Add it as video.")
        if isinstance(error, NotPlayable):
            return _(
                "Many phones cannot play this file. Save it as MP4 (H.264 with AAC sound), or as M4A or MP3."
            )
        return _(
            "This file is broken, empty or no film or recording, so nothing was kept. Choose another one."
        )
