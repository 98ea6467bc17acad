"""App configuration."""

from django.apps import AppConfig


class InteractiveConfig(AppConfig):
    """The `lms.study.interactive` room."""

    name = "lms.study.interactive"
    label = "interactive"
