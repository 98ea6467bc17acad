"""App configuration."""

from django.apps import AppConfig


class QuestionImportsConfig(AppConfig):
    """The `courses.quizzes.imports` room."""

    name = "courses.quizzes.imports"
    label = "question_imports"
