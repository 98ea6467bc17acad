"""App configuration."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """The `accounts.transfers` room."""

    name = "accounts.transfers"
    label = "transfers"
