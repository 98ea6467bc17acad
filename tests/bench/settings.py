"""The site's own settings, with the yardsticks' addresses beside the site's."""

from lms.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
