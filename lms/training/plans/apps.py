"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The `lms.training.plans` room."""

    name = "lms.training.plans"
    label = "plans"
