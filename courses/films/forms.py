"""The library's upload form: every file is read before it is kept."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtailmedia.forms import BaseMediaForm
from wagtailmedia.settings import wagtailmedia_settings as library

from courses.films.actions import note, start_renditions
from courses.films.captions import (
    MOST_BYTES,
    BadCaptions,
    BadTiming,
    BehindTheEnd,
    NotText,
    Subtitles,
    TooLong,
    read_captions,
)
from courses.films.models import LANGUAGES, Film
from courses.films.probe import TooMuch, Unreadable
from courses.films.reading import (
    NotAFilm,
    NotAPicture,
    NotPlayable,
    Reading,
    picture,
    poster_file,
    read,
)
from courses.uploads import refuse_replacing


class FilmForm(BaseMediaForm):
    """A film or recording: its length, size and fingerprint come from the file itself."""

    instance: Film
    reading: Reading | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # as Django's forms take them
        super().__init__(*args, **kwargs)
        if not self.instance.is_film:
            self.fields.pop("wants_720", None)

    def clean_file(self) -> Any:  # an upload, or the stored file when none was given
        """Read a new file, and say in words why it cannot be used."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        refuse_replacing(self.instance)
        if Path(str(file.name)).suffix.lower().lstrip(".") not in self._endings():
            raise ValidationError(_("Choose an MP4 film, or a sound recording as M4A or MP3."))
        if (file.size or 0) > settings.FILM_MEGABYTES << 20:
            raise ValidationError(
                _("This file is larger than %(most)s MB, so nothing was kept. Save it smaller, or in parts.")
                % {"most": settings.FILM_MEGABYTES}
            )
        wants_poster = self.add_prefix("thumbnail") not in self.files
        try:
            self.reading = read(file, kind=self.instance.type, wants_poster=wants_poster)
        except (Unreadable, TooMuch, NotAFilm, NotPlayable, NotAPicture) as error:
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
        """Keep the film together with what its file turned out to be, and have its rungs made."""
        if self.reading is not None:
            if self.reading.poster:
                self.instance.thumbnail = None  # a still of the file that was replaced
            note(film=self.instance, reading=self.reading)
        with transaction.atomic():
            film: Film = super().save(commit)
            if commit:
                start_renditions(film=film, at=timezone.now())
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
        if isinstance(error, TooMuch):
            return _("Films may be as large as 4K and as long as 24 hours. This file goes beyond that.")
        return _(
            "This file is broken, empty or no film or recording, so nothing was kept. Choose another one."
        )


class CaptionForm(forms.Form):
    """Subtitles of a film in one language, read before they are kept."""

    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()))
    file = forms.FileField(label=_("Subtitle file"), help_text=_("WebVTT or SRT, up to 1 MB."))

    def __init__(self, *args: Any, film: Film, **kwargs: Any) -> None:  # as Django's forms take them
        super().__init__(*args, **kwargs)
        self.film = film

    def clean_file(self) -> Subtitles:
        """What the file says, or why it cannot be used."""
        file = self.cleaned_data["file"]
        try:
            # One byte more than may be, so that what is too long is noticed and not read to its end.
            return read_captions(file.read(MOST_BYTES + 1), length_ms=self.film.length_ms)
        except BadCaptions as error:
            raise ValidationError(self._in_words(error)) from error

    def _in_words(self, error: BadCaptions) -> Any:  # lazy words
        line = {"line": error.line}
        if isinstance(error, BadTiming):
            return _("Line %(line)s: the time cannot be read, or ends before it begins.") % line
        if isinstance(error, BehindTheEnd):
            return _("Line %(line)s comes after the end of this film. Is it the file of another film?") % line
        if isinstance(error, TooLong):
            return _("This file is too long for subtitles, so nothing was kept.")
        if isinstance(error, NotText):
            return _("This is no text file. Save the subtitles as WebVTT or SRT in UTF-8.")
        return _("Nothing is said in this file. Choose a WebVTT or SRT file.")
