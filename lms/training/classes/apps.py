"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class ClassesConfig(AppConfig):
    """Face-to-face classes."""

    name = "lms.training.classes"
    label = "classes"

    def ready(self) -> None:
        """Let the hours of closed classes follow when seats stand or stand no more."""
        import_module("lms.training.classes.actions.closing")
