"""Addresses."""

from django.urls import path

from lms.certificates import views

app_name = "certificates"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("verify/", views.search, name="search"),
    path("verify/<str:token>/", views.verify, name="verify"),
    path("contradicted/", views.contradicted, name="contradicted"),
    path("<str:serial>.pdf", views.pdf, name="pdf"),
    path("<str:serial>/replace/", views.replace, name="replace"),
    path("<str:serial>/revoke/", views.revoke, name="revoke"),
]
