"""Addresses of elections."""

from django.urls import path

from accounts.elections import list_views, views, village_views

app_name = "elections"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/villages/<int:code>/", village_views.village, name="village"),
    path("<int:pk>/list/", list_views.bring, name="bring"),
    path("<int:pk>/present.xlsx", list_views.present, name="present"),
    path("lists/<int:pk>/", list_views.preview, name="preview"),
    path("lists/<int:pk>/write/", list_views.write, name="write"),
    path("lists/<int:pk>/drop/", list_views.drop, name="drop"),
    path("lists/<int:pk>/to-correct.xlsx", list_views.to_correct, name="to_correct"),
]
