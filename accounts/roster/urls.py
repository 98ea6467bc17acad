"""Addresses of the road from a spreadsheet to people."""

from django.urls import path

from accounts.roster import views

urlpatterns = [
    path("", views.upload, name="import"),
    path("sheet.xlsx", views.sheet, name="import_sheet"),
    path("<int:pk>/", views.preview, name="import_preview"),
    path("<int:pk>/write/", views.write, name="import_write"),
    path("<int:pk>/drop/", views.drop, name="import_drop"),
    path("<int:pk>/errors.xlsx", views.errors, name="import_errors"),
]
