"""Sessions that know whose they are, and end when they lie idle: SESSION_ENGINE and its middleware."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import Cadre, Session

AGENT, BEGAN, IDLE = "agent", "began", "idle"
# A session in use is written again at most once in this time, sooner where it ends sooner.
WRITTEN_AGAIN = timedelta(hours=1)
PARTS = 12


class SessionStore(db.SessionStore):
    """Django's sessions in the database, in our own rows."""

    last_used_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The rows."""
        return Session

    def begin(self, person: Cadre, agent: str, *, at: datetime) -> None:
        """Somebody has just come in: remember on what, and whether an idle session must end."""
        self[AGENT], self[BEGAN] = agent, at.isoformat()
        if person.is_superuser or person.scopes:
            self[IDLE] = settings.STAFF_IDLE_SECONDS

    @property
    def began_at(self) -> datetime | None:
        """When its owner came in."""
        return parse_datetime(self[BEGAN]) if BEGAN in self else None

    def create_model_instance(self, data: dict[str, Any]) -> Session:  # Any: what a session holds
        """The row that is saved."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]  # of get_model_class
        row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.agent = data.get(AGENT, "")[:300]
        row.began_at = self.began_at
        row.last_used_at = self.last_used_at = timezone.now()
        return row

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # unknown to the stubs
        self.last_used_at = row.last_used_at if row else None
        return row

    def get_expiry_age(self, **given: Any) -> int:  # Any: what Django passes
        """How long the cookie holds; for staff no longer than an idle session."""
        age = super().get_expiry_age(**given)
        return min(age, int(self.get(IDLE, age)))

    def get_expiry_date(self, **given: Any) -> datetime:  # Any: what Django passes
        """When the row ends, counted from its last use."""
        return timezone.now() + timedelta(seconds=self.get_expiry_age(**given))

    def is_due(self, at: datetime) -> bool:
        """Whether a signed-in session has been in use for so long that its end must be moved."""
        if self.last_used_at is None or SESSION_KEY not in self:
            return False
        return at - self.last_used_at >= min(WRITTEN_AGAIN, timedelta(seconds=self.get_expiry_age() / PARTS))


def keep_in_use(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a session in use is saved again now and then, and no request writes for it otherwise."""

    def keep(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        session = request.session
        # What hides that it read the session, as a film does, may be kept by caches and sets no cookie.
        if session.accessed and not session.is_empty() and session.is_due(timezone.now()):  # type: ignore[attr-defined]  # our store
            session.modified = True
        return response

    return keep
