"""App configuration."""

from django.apps import AppConfig


class StudyConfig(AppConfig):
    """The `lms.study` room."""

    name = "lms.study"
    label = "study"
