"""App configuration."""

from django.apps import AppConfig

from lms import checks  # noqa: F401  # registered by being read


class RootConfig(AppConfig):
    """The root that composes the site: templates, static files, home pages, the demo."""

    name = "lms"
    label = "lms"
