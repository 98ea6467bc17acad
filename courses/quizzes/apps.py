"""App configuration."""

from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    """The `courses.quizzes` room."""

    name = "courses.quizzes"
    label = "quizzes"
