"""The addresses of the library's edit page: rungs and subtitles of a film."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks

from courses.films import library

urls = [
    path("<int:film_id>/rungs/", library.rungs, name="rungs"),
    path("<int:film_id>/rungs/<int:rendition_id>/again/", library.again, name="again"),
    path("<int:film_id>/captions/", library.add_captions, name="add_captions"),
    path("<int:film_id>/captions/<int:caption_id>/remove/", library.remove_captions, name="remove_captions"),
]


@hooks.register("register_admin_urls")
def library_addresses() -> list[URLPattern | URLResolver]:
    """Below the publishing desk, where whoever has no business there is turned away."""
    return [path("films/", include((urls, "film_library")))]
