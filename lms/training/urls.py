"""Addresses of rolls: pages for the organiser's phone, which open again without a network."""

app_name = "roll"
urlpatterns: list[object] = []
