"""Addresses of rolls: pages for the organiser's phone, which open again without a network."""

from django.urls import path

from lms.training.classes.views.roll import roll as class_roll
from lms.training.viewings.views.roll import roll as viewing_roll

app_name = "roll"
urlpatterns = [
    path("class/<int:pk>/", class_roll, name="class"),
    path("viewing/<int:pk>/", viewing_roll, name="viewing"),
]
