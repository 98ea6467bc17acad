"""Addresses."""

from django.urls import path

from courses.films import views

app_name = "films"
urlpatterns = [
    path("<int:pk>/<str:digest>", views.play, name="play"),
    path("<int:pk>/poster/<str:name>", views.poster, name="poster"),
]
