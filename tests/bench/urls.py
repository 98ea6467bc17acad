"""The yardsticks, and the site after them."""

from django.urls import include, path

from tests.bench import yardsticks

urlpatterns = [
    path("bench/bare/", yardsticks.bare),
    path("bench/upsert/<int:person>/", yardsticks.upsert),
    path("", include("lms.urls")),
]
