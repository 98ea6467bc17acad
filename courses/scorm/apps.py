"""App configuration."""

from django.apps import AppConfig


class ScormConfig(AppConfig):
    """The `courses.scorm` room."""

    name = "courses.scorm"
    label = "scorm"
