"""Addresses on the content origin, below `h5p/`; what a signature opens, and what everybody may have."""

from django.urls import re_path

from courses.h5p import views

SIGNED = r"^(?P<signature>[\w-]{40})/(?P<pk>[0-9]{1,18})/"

app_name = "h5p_content"
urlpatterns = [
    re_path(r"^bundles/(?P<name>[0-9a-f]{64})\.(?P<ending>js|css)$", views.bundle, name="bundle"),
    re_path(r"^libraries/(?P<folder>[\w.-]{1,200})/(?P<path>.{1,300})$", views.asset, name="asset"),
    re_path(r"^player/(?P<digest>[0-9a-f]{20})/(?P<name>[\w./-]{1,80})$", views.player, name="player"),
    re_path(SIGNED + "$", views.frame, name="frame"),
    re_path(SIGNED + r"files/(?P<path>.{1,300})$", views.file, name="file"),
]
