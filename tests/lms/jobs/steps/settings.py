"""The product's settings with the test's job beside the rooms."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as ROOMS

INSTALLED_APPS = [*ROOMS, "tests.lms.jobs.steps"]
CELERY_BROKER_URL = BROKER_URL  # noqa: F405
JOB_LEASE_SECONDS = 2
