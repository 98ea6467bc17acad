"""What `manage.py check` insists on beyond Django: a production site that is really set up as one."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

KEY_CHARACTERS = 32
ANOTHER_HOST = "For example https://content.example.org.cn"
MAKE_A_KEY = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def weak_keys() -> list[str]:
    """The names of keys that anybody can read in the settings, or that are too short to be keys."""
    return [
        name
        for name, public in settings.DEMO_KEYS.items()
        if getattr(settings, name) == public or len(getattr(settings, name)) < KEY_CHARACTERS
    ]


@register(Tags.security)
def production_keys(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Production has keys of its own."""
    weak = [] if settings.DEMO else weak_keys()
    return [Error(f"{name} is the demo's or too short.", hint=MAKE_A_KEY, id=f"lms.{name}") for name in weak]


@register(Tags.security, deploy=True)
def production_services(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """What works for one process on one box and silently does not for several."""
    wrong: list[CheckMessage] = []
    if not settings.REDIS_URL:
        wrong.append(
            Warning(
                "REDIS_URL is not set: every process counts wrong passwords for itself.", id="lms.REDIS_URL"
            )
        )
    if settings.SMS_BACKEND == "accounts.signin.sms.ConsoleSms":
        wrong.append(
            Warning("SMS_BACKEND prints sign-in codes instead of sending them.", id="lms.SMS_BACKEND")
        )
    if not settings.SECOND_FACTOR_REQUIRED:
        wrong.append(
            Warning(
                "SECOND_FACTOR_REQUIRED is off: a password alone opens everything to an administrator.",
                id="lms.SECOND_FACTOR_REQUIRED",
            )
        )
    return wrong


@register(Tags.security, deploy=True)
def production_address(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """The address in the QR code of every certificate is one that a stranger's phone can open."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme == "https" and address.hostname not in {None, "127.0.0.1", "::1", "localhost"}:
        return []
    words = f"SITE_URL is {settings.SITE_URL}: certificates print it, and nobody else can open it by https."
    return [Warning(words, hint="For example https://study.example.gov.cn", id="lms.SITE_URL")]


@register(Tags.security)
def content_origin(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Scripts of packages never run on the site's own origin."""
    if urlsplit(settings.CONTENT_ORIGIN)[:2] != urlsplit(settings.SITE_URL)[:2]:
        return []
    words = "CONTENT_ORIGIN is SITE_URL itself: what trainers upload would run as the site."
    return [Error(words, hint=ANOTHER_HOST, id="lms.CONTENT_ORIGIN")]


@register(Tags.security, deploy=True)
def production_content_origin(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """In production packages play on another host, by https: cookies know no ports."""
    content, site = urlsplit(settings.CONTENT_ORIGIN), urlsplit(settings.SITE_URL)
    is_bare = not (content.path or content.query or content.fragment or content.username)
    if content.scheme == "https" and is_bare and content.hostname not in {None, site.hostname}:
        return []
    words = f"CONTENT_ORIGIN is {settings.CONTENT_ORIGIN}: it must be https, on a host of its own."
    return [Error(words, hint=ANOTHER_HOST, id="lms.CONTENT_ORIGIN")]


def refuse_weak_keys() -> None:
    """For processes that run no checks at their start, such as a web server's."""
    weak = weak_keys()
    if weak and not settings.DEMO:
        raise ImproperlyConfigured(f"{' and '.join(weak)}: the demo's or too short. {MAKE_A_KEY}")
