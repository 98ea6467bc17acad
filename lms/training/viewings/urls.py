"""Addresses of stations and viewings at the desk."""

from django.urls import path, re_path

from lms.training.viewings.views import desk, registers, samples, schedule, stations

KIND = r"(?P<kind>viewings|feedback|equipment|people)"

app_name = "viewings"
urlpatterns = [
    path("", stations.index, name="stations"),
    path("add/", stations.add, name="add"),
    path("schedule/", schedule.schedule_many, name="schedule"),
    path("held/", desk.index, name="list"),
    path("held/<int:pk>/", desk.detail, name="detail"),
    path("held/<int:pk>/close/", desk.close, name="close"),
    path("held/<int:pk>/reopen/", desk.reopen, name="reopen"),
    path("held/<int:pk>/strike/", desk.strike, name="strike"),
    path("samples/", samples.index, name="samples"),
    path("samples/<int:pk>/", samples.check, name="sample"),
    path("months/", registers.months, name="months"),
    re_path(rf"^registers/{KIND}/$", registers.register, name="register"),
    re_path(rf"^registers/{KIND}/book/$", registers.book, name="book"),
    path("<int:pk>/", stations.station, name="station"),
    path("<int:pk>/equipment/", stations.equipment, name="equipment"),
    path("<int:pk>/keepers/", stations.keeper, name="keeper"),
    path("<int:pk>/keepers/<int:scope_id>/", stations.dismiss, name="dismiss"),
    path("<int:pk>/end/", stations.end, name="end"),
]
