"""Addresses of rolls: pages for the organiser's phone, which open again without a network."""

from django.urls import path

from lms.training.classes.views import roll as classes

app_name = "roll"
urlpatterns = [
    path("class/<int:pk>/", classes.roll, name="class"),
]
