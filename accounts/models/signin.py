"""What stands at the door: who is signed in where, and codes that the township made."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.crypto import salted_hmac

from .people import Cadre

if TYPE_CHECKING:
    from accounts.signin.sessions import SessionStore


class SessionQuerySet(models.QuerySet["Session"]):
    """Reads of sessions."""

    def of(self, person_id: int) -> Self:
        """The sessions of one person, the one used last first."""
        return self.filter(person_id=person_id).order_by("-last_used_at", "pk")

    def running(self, at: datetime) -> Self:
        """Sessions that still open the door."""
        return self.filter(expire_date__gt=at)


class Session(AbstractBaseSession):
    """A browser that is signed in, or waits for its code: Django's row, and whose it is.

    Whose, on what and since when is copied from the session's data each time that it is saved.
    """

    person = models.ForeignKey(Cadre, models.CASCADE, null=True, related_name="sessions")
    agent = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField()

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]  # Django's has methods for nobody

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        """The store that reads and writes these rows."""
        from accounts.signin.sessions import SessionStore

        return SessionStore

    @property
    def mark(self) -> str:
        """A name for pages: the key itself would open the door."""
        return salted_hmac("accounts.session", self.session_key).hexdigest()[:20]


class OneTimeCode(models.Model):
    """A code that the township made for somebody without a phone: kept as a hash, opens once."""

    TRIES = 5

    person = models.OneToOneField(Cadre, models.CASCADE, related_name="one_time_code")
    code_hash = models.CharField(max_length=128)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(tries__lte=5), name="one_time_code_few_tries"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="one_time_code_runs_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at:%Y-%m-%d %H:%M}"
