"""Addresses of classes at the desk."""

from django.urls import path

from lms.training.classes.views import (
    calling,
    classes,
    closing,
    leave,
    material,
    names,
    notices,
    quotas,
    record,
    roll,
    timetable,
)

app_name = "classes"
urlpatterns = [
    path("", classes.index, name="list"),
    path("record/", record.record, name="record"),
    path("new/", calling.new, name="new"),
    path("<int:pk>/", classes.detail, name="detail"),
    path("<int:pk>/edit/", calling.edit, name="edit"),
    path("<int:pk>/announce/", calling.announced, name="announce"),
    path("<int:pk>/cancel/", calling.cancelled, name="cancel"),
    path("<int:pk>/timetable/", timetable.timetable, name="timetable"),
    path("half-days/<int:pk>/", timetable.half_day, name="half_day"),
    path("half-days/<int:pk>/drop/", timetable.dropped, name="drop_half_day"),
    path("<int:pk>/quotas/", quotas.quotas, name="quotas"),
    path("<int:pk>/names/", names.names, name="names"),
    path("places/<int:pk>/withdraw/", names.withdrawn, name="withdraw"),
    path("<int:pk>/review/", names.review, name="review"),
    path("<int:pk>/decide/", names.decided, name="decide"),
    path("<int:pk>/leaves/", leave.leaves, name="leaves"),
    path("leaves/<int:pk>/decide/", leave.decided, name="decide_leave"),
    path("<int:pk>/material/", material.material, name="material"),
    path("<int:pk>/lesson/", material.lesson, name="lesson"),
    path("material/<int:pk>/drop/", material.dropped, name="drop_material"),
    path("<int:pk>/notices/", notices.notices, name="notices"),
    path("<int:pk>/code/", roll.code, name="code"),
    path("<int:pk>/marks/", roll.marks, name="marks"),
    path("<int:pk>/marks/<int:place>/<int:half_day>/", roll.mark, name="mark"),
    path("<int:pk>/close/", closing.close, name="close"),
]
