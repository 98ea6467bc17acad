"""App configuration."""

from django.apps import AppConfig


class H5PConfig(AppConfig):
    """The `courses.h5p` room."""

    name = "courses.h5p"
    label = "h5p"
