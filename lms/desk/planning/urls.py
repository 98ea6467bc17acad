"""Addresses of the yearly plans: those on which they are read, and those of their own room."""

from django.urls import path

from lms.desk.planning import views
from lms.training.plans import views as room

app_name = "plans"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/<str:code>/<int:year>/", room.make, name="make"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/lacking/", views.lacking, name="lacking"),
    path("<int:pk>/focus/", room.focus, name="focus"),
    path("<int:pk>/items/new/", room.add_item, name="add_item"),
    path("<int:pk>/submit/", room.submit, name="submit"),
    path("<int:pk>/decide/", room.decide, name="decide"),
    path("<int:pk>/history/", room.history, name="history"),
    path("<int:pk>/approved/<int:version>/", room.approved, name="approved"),
    path("items/<int:pk>/", room.item, name="item"),
    path("items/<int:pk>/drop/", room.drop_item, name="drop_item"),
]
