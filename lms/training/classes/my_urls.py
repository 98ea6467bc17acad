"""Addresses of a learner's own classes."""

from django.urls import path

from lms.training.classes.views import mine, roll

app_name = "my_classes"
urlpatterns = [
    path("", mine.index, name="list"),
    path("sign/", roll.sign, name="sign"),
    path("<int:pk>/", mine.detail, name="detail"),
    path("<int:pk>/leave/", mine.leave, name="leave"),
    path("leave/<int:pk>/withdraw/", mine.withdrawn, name="withdraw_leave"),
]
