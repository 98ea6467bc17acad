"""Addresses."""

from django.urls import path

from lms.study import views
from lms.study.attempts import views as attempts
from lms.study.interactive import views as interactive

app_name = "study"
urlpatterns = [
    path("lessons/<int:lesson_id>/", views.state, name="state"),
    path("courses/<int:course_id>/", views.course, name="course"),
    path("interactive/<int:lesson_id>/", interactive.interactive, name="interactive"),
    path("interactive/<int:lesson_id>/attempts/", interactive.attempts, name="package_attempts"),
    path("quizzes/<int:lesson_id>/", attempts.quiz, name="quiz"),
    path("quizzes/<int:lesson_id>/begin/", attempts.begin, name="quiz_begin"),
    path("attempts/<int:attempt_id>/", attempts.attempt, name="attempt"),
]
