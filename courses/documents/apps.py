"""App configuration."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The `courses.documents` room."""

    name = "courses.documents"
    label = "documents"
