"""Addresses of classes."""

from django.urls import path

from lms.training.classes import views, views_closing, views_roll

app_name = "classes"
urlpatterns = [
    path("", views.index, name="list"),
    path("record/", views.record, name="record"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/code/", views_roll.code, name="code"),
    path("<int:pk>/marks/", views_roll.marks, name="marks"),
    path("<int:pk>/marks/<int:place>/<int:half_day>/", views_roll.mark, name="mark"),
    path("<int:pk>/close/", views_closing.close, name="close"),
]
