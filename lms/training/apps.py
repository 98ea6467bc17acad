"""App configuration."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The `lms.training` room."""

    name = "lms.training"
    label = "training"
