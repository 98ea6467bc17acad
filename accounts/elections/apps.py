"""App configuration."""

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """The `accounts.elections` room."""

    name = "accounts.elections"
    label = "elections"
