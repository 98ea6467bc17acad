"""Addresses on the content origin, below `scorm/`."""

from django.urls import path

from courses.scorm import views

app_name = "scorm_content"
urlpatterns = [
    path("player/<str:digest>/<path:name>", views.player_file, name="player"),
    path("<str:signature>/<int:pk>/", views.host, name="host"),
    path("<str:signature>/<int:pk>/files/<path:name>", views.package_file, name="file"),
]
