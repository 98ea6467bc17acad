"""App configuration."""

from django.apps import AppConfig


class FilmsConfig(AppConfig):
    """The `courses.films` room."""

    name = "courses.films"
    label = "films"
