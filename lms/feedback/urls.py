"""Addresses of 意见建议."""

from django.urls import path

from lms.feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.new, name="new"),
    path("desk/", views.desk, name="desk"),
    path("desk/<int:pk>/reply/", views.reply, name="reply"),
]
