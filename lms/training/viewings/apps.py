"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class ViewingsConfig(AppConfig):
    """Viewing stations and what they show."""

    name = "lms.training.viewings"
    label = "viewings"

    def ready(self) -> None:
        """Register what makes the hours of a viewing follow when a presence at it is lost or stands again."""
        import_module("lms.training.viewings.actions.settling")
