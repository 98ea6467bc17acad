"""Addresses of the desk's pages about people."""

from django.urls import include, path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("import/", include("accounts.roster.urls")),
    path("", include("accounts.transfers.urls")),
    path("new/", views.add, name="add"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/code/", views.one_time_code, name="one_time_code"),
    path("<int:pk>/appoint/", views.appoint, name="appoint"),
    path("posts/<int:pk>/end/", views.end_post, name="end_post"),
    path("posts/<int:pk>/correct-end/", views.correct_end, name="correct_end"),
    path("posts/<int:pk>/withdraw/", views.withdraw_post, name="withdraw_post"),
]
