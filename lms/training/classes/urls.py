"""Addresses of classes."""

from django.urls import path

from lms.training.classes import views

app_name = "classes"
urlpatterns = [
    path("", views.index, name="list"),
    path("record/", views.record, name="record"),
    path("<int:pk>/", views.detail, name="detail"),
]
