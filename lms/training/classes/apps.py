"""App configuration."""

from django.apps import AppConfig


class ClassesConfig(AppConfig):
    """Face-to-face classes."""

    name = "lms.training.classes"
    label = "classes"
