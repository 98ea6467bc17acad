"""Addresses of classes."""

from django.urls import path

from lms.training import views

app_name = "training"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
]
