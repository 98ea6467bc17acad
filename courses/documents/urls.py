"""Addresses."""

from django.urls import path

from courses.documents import views

app_name = "documents"
urlpatterns = [
    path("<int:pk>/<str:digest>/file", views.file, name="file"),
    path("<int:pk>/<str:digest>/<int:number>.webp", views.picture, name="picture"),
]
