"""Addresses."""

from django.urls import path

from lms.hours import views

app_name = "hours"
urlpatterns = [
    path("<int:pk>/", views.correction, name="correct"),
    path("rule/", views.rule, name="rule"),
]
