"""Addresses."""

from django.urls import path

from lms.obligations import views

app_name = "obligations"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("requirement/", views.requirement, name="requirement"),
    path("requirement/<int:pk>/end/", views.end_requirement, name="end_requirement"),
    path("exempt/<int:pk>/", views.exempt, name="exempt"),
    path("exemption/<int:pk>/end/", views.end_exemption, name="end_exemption"),
]
