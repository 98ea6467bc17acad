"""App configuration."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """The `lms.training.claims` room."""

    name = "lms.training.claims"
    label = "claims"
