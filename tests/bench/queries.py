"""Counts the queries of pages in the environment of a demo: `python -m tests.bench.queries JSON`."""

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
django.setup()

from django.conf import settings  # noqa: E402  # models exist only after setup()
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402


def count(asked: str) -> None:
    """Print one line of JSON: how many queries each named page ran."""
    counted = {}
    for name, path, session in json.loads(asked):
        client = Client(HTTP_HOST="127.0.0.1")
        if session:
            client.cookies[settings.SESSION_COOKIE_NAME] = session
        client.get(path)  # what a process remembers after its first answer
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        counted[name] = sum(not query["sql"].startswith(marks) for query in captured)
    sys.stdout.write("\n" + json.dumps(counted) + "\n")


if __name__ == "__main__":
    count(sys.argv[1])
