"""App configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The `lms.jobs` room."""

    name = "lms.jobs"
    label = "jobs"
