"""App configuration."""

from django.apps import AppConfig


class HoursConfig(AppConfig):
    """The `lms.hours` room."""

    name = "lms.hours"
    label = "hours"
