"""Sending the files of a rung; in an object store, its playlist names the store's own signed addresses."""

from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from courses.delivery import STORE_CACHING, Sent, send
from courses.disk import on_this_disk
from courses.films.playlists import readdressed

MOST_PLAYLIST_BYTES = 4 << 20
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
TYPES = {
    ".m3u8": PLAYLIST_TYPE,
    ".ts": "video/mp2t",
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".jpg": "image/jpeg",
}


def send_piece(request: HttpRequest, *, name: str, tag: str, seconds: int) -> HttpResponseBase:
    """The answer to a request that may have a file of a rung; raises Http404."""
    kind = TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    if kind == PLAYLIST_TYPE and on_this_disk("") is None:
        return _playlist_of_the_store(name)
    return send(request, Sent(name, tag, seconds, kind))


def _playlist_of_the_store(name: str) -> HttpResponse:
    try:
        with default_storage.open(name) as file:
            playlist = file.read(MOST_PLAYLIST_BYTES).decode()
    except OSError as error:
        raise Http404 from error
    beside = PurePosixPath(name).parent
    text = readdressed(playlist, lambda piece: default_storage.url(str(beside / piece)))
    return HttpResponse(text, content_type=PLAYLIST_TYPE, headers={"Cache-Control": STORE_CACHING})
