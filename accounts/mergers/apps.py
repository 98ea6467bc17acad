"""App configuration."""

from django.apps import AppConfig


class MergersConfig(AppConfig):
    """The `accounts.mergers` room."""

    name = "accounts.mergers"
    label = "mergers"
