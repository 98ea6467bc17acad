"""App configuration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The `lms.desk` room."""

    name = "lms.desk"
    label = "desk"
