"""The addresses of bringing in questions, below the publishing desk."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks

from courses.quizzes.imports import views

urls = [
    path("", views.upload, name="upload"),
    path("sheet/", views.sheet, name="sheet"),
    path("<int:pk>/", views.preview, name="preview"),
    path("<int:pk>/write/", views.write, name="write"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<int:pk>/errors/", views.errors, name="errors"),
]


@hooks.register("register_admin_urls")
def import_addresses() -> list[URLPattern | URLResolver]:
    """Where whoever has no business at the publishing desk is turned away."""
    return [path("question-sheets/", include((urls, "question_imports")))]
