"""Addresses of the township desk."""

from django.urls import path

from lms.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("requirements/", views.requirements, name="requirements"),
    path("calls/", views.calls, name="calls"),
    path("people/", views.people, name="people"),
    path("people/<int:pk>/", views.person, name="person"),
    path("exports/", views.exports, name="exports"),
    path("exports/<int:pk>/", views.download, name="download"),
]
