"""The product's settings as the demo has them, whatever database, cache and broker the environment names."""

import os

os.environ.setdefault("DEMO", "true")

from lms.settings import *  # noqa: F403
from lms.settings import CELERY_BROKER_URL as GIVEN_BROKER_URL

# Tests marked `broker` take the broker; all others must send nothing.
BROKER_URL = GIVEN_BROKER_URL
CELERY_BROKER_URL = ""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
