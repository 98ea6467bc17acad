"""Addresses of background work."""

from django.urls import path

from lms.jobs import views

app_name = "jobs"
urlpatterns = [path("<int:pk>/", views.status, name="status")]
