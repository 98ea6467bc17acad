"""Makes the sizes and the captions of one film of a demo at once, which its job runner would come to later.

Run in the environment of the site: `manage.py shell -c "from tests.browser.sizes import make; make('slug')"`.
"""

from courses.films.actions import keep_captions, make_rendition
from courses.films.captions import read_captions
from courses.films.models import Film, RenditionStatus

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:18.000\n听到通知马上走\n"


def make(slug: str) -> None:
    """Everything that the player can offer of a lesson's film; what is there already stays."""
    film = Film.objects.get(lessons__slug=slug)
    for row in film.renditions.exclude(status=RenditionStatus.DONE):
        make_rendition(rendition_id=row.pk, report=_quietly)
    subtitles = read_captions(CAPTIONS.encode(), length_ms=film.length_ms)
    keep_captions(film=film, language="zh-Hans", subtitles=subtitles)


def _quietly(_done: int, _total: int) -> None:
    """Nobody waits for the progress."""
