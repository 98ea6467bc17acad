"""Addresses; below `s/` the signature is the authority, and relative addresses in a playlist inherit it."""

from django.urls import path, re_path

from courses.films import views

SIGNED = r"^s/(?P<signature>[\w-]{1,64})/(?P<pk>[0-9]{1,18})/"

app_name = "films"
urlpatterns = [
    path("<int:pk>/sources/", views.sources, name="sources"),
    path("<int:pk>/<str:digest>", views.play, name="play"),
    path("<int:pk>/poster/<str:name>", views.poster, name="poster"),
    re_path(SIGNED + r"master\.m3u8$", views.master, name="master"),
    re_path(
        # Some players go by the ending of an address.
        SIGNED + r"original/(?P<digest>[0-9a-f]{64})\.(?P<ending>[a-z0-9]{1,5})$",
        views.original,
        name="original",
    ),
    re_path(
        SIGNED + r"captions/(?P<language>[\w-]{1,10})/(?P<digest>[0-9a-f]{64})\.vtt$",
        views.caption,
        name="caption",
    ),
    re_path(
        SIGNED + r"(?P<rung>[a-z0-9]{1,10})-(?P<run>[0-9]{1,9})/"
        r"(?P<name>index\.m3u8|[0-9]{5}\.ts|film\.mp4|sound\.m4a|strip\.jpg)$",
        views.piece,
        name="piece",
    ),
]
