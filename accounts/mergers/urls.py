"""Addresses of the merger wizard."""

from django.urls import path

from accounts.mergers import views

app_name = "mergers"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/codes/", views.codes, name="codes"),
    path("<int:pk>/codes/sheet/", views.sheet, name="sheet"),
    path("<int:pk>/write/", views.write, name="write"),
    path("<int:pk>/drop/", views.drop, name="drop"),
]
