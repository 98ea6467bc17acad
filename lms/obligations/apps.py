"""App configuration."""

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """The `lms.obligations` room."""

    name = "lms.obligations"
    label = "obligations"

    def ready(self) -> None:
        """Tell the preview of elections what this room knows of people who leave."""
        from lms.obligations import departures  # noqa: F401  # registers itself, once models are there
