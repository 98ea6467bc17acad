"""Addresses."""

from django.urls import path

from lms.hours import views, years

app_name = "hours"
urlpatterns = [
    path("<int:pk>/", views.correction, name="correct"),
    path("rule/", views.rule, name="rule"),
    path("late/", years.late, name="late"),
    path("years/", years.index, name="years"),
    path("years/<int:pk>/", years.reopen, name="reopen"),
]
