"""App configuration."""

from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    """The `courses.competencies` room."""

    name = "courses.competencies"
    label = "competencies"
