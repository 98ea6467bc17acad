"""Addresses."""

from django.urls import path

from lms.study import views

app_name = "study"
urlpatterns = [
    path("lessons/<int:lesson_id>/", views.state, name="state"),
    path("courses/<int:course_id>/", views.course, name="course"),
    path("uploads/", views.uploads, name="uploads"),
]
