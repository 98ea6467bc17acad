"""What Django itself costs: a view that does nothing, and one that writes one row under its lock."""

import json

from django.db import connection
from django.http import HttpRequest, HttpResponse

TABLE = """
CREATE TABLE bench_tally (person_id bigint PRIMARY KEY, seconds bigint NOT NULL, at bigint NOT NULL)
"""

UPSERT = """
INSERT INTO bench_tally (person_id, seconds, at) VALUES (%s, %s, %s)
ON CONFLICT (person_id) DO UPDATE SET seconds = bench_tally.seconds + excluded.seconds, at = excluded.at
"""


def bare(request: HttpRequest) -> HttpResponse:
    """Nothing but an answer."""
    return _answer()


def upsert(request: HttpRequest, person: int) -> HttpResponse:
    """The same body as a report, one row-locked UPSERT, no session, nothing checked."""
    entry = json.loads(request.body)["entries"][0]
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [person, entry["body"]["position"], entry["at"]])
    return _answer()


def _answer() -> HttpResponse:
    # Without its middleware Django does not say how long an answer is.
    return HttpResponse(b"{}", headers={"Content-Type": "application/json", "Content-Length": "2"})
