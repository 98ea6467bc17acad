"""Addresses."""

from django.urls import path

from lms.obligations import exemptions, views

app_name = "obligations"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("requirement/", views.requirement, name="requirement"),
    path("requirement/<int:pk>/end/", views.end_requirement, name="end_requirement"),
    path("exemptions/", exemptions.index, name="exemptions"),
    path("exempt/<int:pk>/", exemptions.exempt, name="exempt"),
    path("exemption/<int:pk>/end/", exemptions.end, name="end_exemption"),
    path("exemption/<int:pk>/helper/", exemptions.set_helper, name="set_helper"),
]
