"""App configuration."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """The `lms.feedback` room."""

    name = "lms.feedback"
    label = "feedback"
