"""App configuration."""

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """The `lms.obligations` room."""

    name = "lms.obligations"
    label = "obligations"
