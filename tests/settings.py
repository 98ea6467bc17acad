"""The product's settings as the demo has them, whatever database, cache and broker the environment names."""

import os

os.environ.setdefault("DEMO", "true")

from lms.settings import *  # noqa: F403
from lms.settings import CELERY_BROKER_URL as GIVEN_BROKER_URL
from lms.settings import DATABASES

# Tests marked `broker` take the broker; all others must send nothing.
BROKER_URL = GIVEN_BROKER_URL
CELERY_BROKER_URL = ""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A test's client builds the middleware anew; looking up every static file then took half of each visit.
WHITENOISE_AUTOREFRESH = True
# Nobody pulls the plug on a test: what a killed process leaves is safe without waiting for the disk.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
