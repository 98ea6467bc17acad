"""Addresses of the desk's pages about people."""

from django.urls import path

from accounts import import_views, views

app_name = "accounts"
urlpatterns = [
    path("import/", import_views.upload, name="import"),
    path("import/sheet.xlsx", import_views.sheet, name="import_sheet"),
    path("import/<int:pk>/", import_views.preview, name="import_preview"),
    path("import/<int:pk>/write/", import_views.write, name="import_write"),
    path("import/<int:pk>/drop/", import_views.drop, name="import_drop"),
    path("import/<int:pk>/errors.xlsx", import_views.errors, name="import_errors"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/appoint/", views.appoint, name="appoint"),
    path("posts/<int:pk>/end/", views.end_post, name="end_post"),
]
