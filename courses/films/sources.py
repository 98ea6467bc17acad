"""What a player fetches when somebody taps a film: signed addresses of everything that can be played now."""

from django.urls import reverse

from courses.films.models import Caption, Film, Rendition
from courses.films.rungs import LADDER, THUMB_HEIGHT, THUMB_WIDTH, Rung, main_file, strip_of
from courses.signing import expiry, sign

# What the signatures of films are made for.
PURPOSE = b"films.address"
# The one file to keep of each size that has one.
KEPT = {"240": Rung.MP4_240}
Told = dict[str, object]


def sources(*, film: Film, person_id: int, now_ms: int) -> Told:
    """Everything that a player needs, as JSON; moments in milliseconds since 1970."""
    expires = expiry(now_ms / 1000)
    signature = sign(purpose=PURPOSE, thing_id=film.pk, person_id=person_id, expires=expires)
    made = film.made
    ladder = {row.rung: row for rung in LADDER if (row := made.get(rung))}
    whole = {size: _file(signature, made[rung]) for size, rung in KEPT.items() if rung in made}
    ending = film.file_extension.lower() or "mp4"
    original = reverse("films:original", args=[signature, film.pk, film.digest, ending])
    return {
        "expires": expires * 1000,
        "now": now_ms,
        "hls": _opening(signature, film, ladder),
        "rungs": {rung[3:]: _address(signature, row) for rung, row in ladder.items()},
        "audio_hls": _address(signature, made[Rung.HLS_AUDIO]) if Rung.HLS_AUDIO in made else None,
        "mp4": {**whole, "original": {"url": original, "bytes": film.size_bytes}},
        "m4a": _file(signature, made[Rung.M4A]) if Rung.M4A in made else None,
        "captions": [_caption(signature, caption) for caption in film.captions],
        "thumbnails": _strip(signature, film),
    }


def _opening(signature: str, film: Film, ladder: dict[str, Rendition]) -> str | None:
    """The playlist to begin with: the one above several rungs, or the only rung's own, a request less."""
    if len(ladder) == 1:
        return _address(signature, next(iter(ladder.values())))
    return reverse("films:master", args=[signature, film.pk]) if ladder else None


def _address(signature: str, row: Rendition) -> str:
    name = main_file(row.rung)
    return reverse("films:piece", args=[signature, row.film_id, row.rung, row.run, name])


def _file(signature: str, row: Rendition) -> Told:
    return {"url": _address(signature, row), "bytes": row.size_bytes}


def _caption(signature: str, caption: Caption) -> Told:
    url = reverse("films:caption", args=[signature, caption.film_id, caption.language, caption.digest])
    return {"language": caption.language, "label": caption.label, "url": url}


def _strip(signature: str, film: Film) -> Told | None:
    row = film.made.get(Rung.STRIP)
    if row is None:
        return None
    strip = strip_of(film.seconds)
    return {
        "url": _address(signature, row),
        "width": THUMB_WIDTH,
        "height": THUMB_HEIGHT,
        "columns": strip.columns,
        "every_seconds": strip.every_seconds,
        "count": strip.count,
    }
