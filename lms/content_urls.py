"""Every address of the content origin."""

from django.urls import include, path

urlpatterns = [
    path("h5p/", include("courses.h5p.content_urls")),
    path("scorm/", include("courses.scorm.content_urls")),
]
