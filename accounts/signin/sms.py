"""Short messages to phones: one small protocol, one console backend for the demo."""

import sys
from typing import Protocol, cast

from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

REMEMBER_SECONDS = 600


class NotSent(Exception):
    """The provider did not take the message; whoever waits for it is told in words."""


class Sms(Protocol):
    """What a provider's backend has to offer; `SMS_BACKEND` names its class."""

    def send(self, phone: str, text: str, *, code: str = "") -> None:
        """Send one message; `code` is the one-time code inside it, for providers with templates.

        Raises NotSent, within a few seconds: somebody is waiting for the page.
        """


class ConsoleSms:
    """Prints messages; in the demo the last code of a phone can be looked up by the sign-in page."""

    def send(self, phone: str, text: str, *, code: str = "") -> None:
        """Print, and in the demo remember the code for ten minutes."""
        sys.stdout.write(f"SMS {phone}: {text}\n")
        sys.stdout.flush()
        if settings.DEMO and code:
            cache.set(_key(phone), code, REMEMBER_SECONDS)


def _key(phone: str) -> str:
    return f"accounts.signin.sms.last:{phone}"


def demo_code(phone: str) -> str:
    """The last code sent to a phone in the demo; empty everywhere else."""
    return cast(str, cache.get(_key(phone), "")) if settings.DEMO else ""  # the cache holds what send() put


def sender() -> Sms:
    """The backend that the settings name."""
    backend: Sms = import_string(settings.SMS_BACKEND)()
    return backend
