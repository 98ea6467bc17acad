"""Addresses of the keeper's own pages: what is shown today, and one evening from start to end."""

from django.urls import path, re_path

from lms.training.viewings.views import keeper, schedule

app_name = "station"
urlpatterns = [
    path("", keeper.home, name="home"),
    path("schedule/", schedule.schedule_own, name="schedule"),
    path("<int:pk>/", keeper.viewing, name="viewing"),
    path("<int:pk>/play/", keeper.play, name="play"),
    re_path(r"^(?P<pk>[0-9]{1,18})/(?P<step>start|end|discussion|close|cancel)/$", keeper.step, name="step"),
]
