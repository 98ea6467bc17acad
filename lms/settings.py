"""Settings from the environment only (`.env.example` lists every name); unset means the demo."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parents[1]
env = environ.FileAwareEnv()
environ.Env.read_env(str(BASE_DIR / ".env"))

# --- where it runs -----------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", "DATABASE_URL" not in env.ENVIRON)
# The demo's keys are public on purpose; production refuses to start with them (lms.checks).
DEMO_KEYS = {
    "SECRET_KEY": "demo-only-secret-key-that-production-refuses-0123456789",
    "IDENTITY_KEY": "ZGVtby1vbmx5LWtleS1wcm9kdWN0aW9uLXJlZnVzZXM=",
}
SECRET_KEY = env.str("SECRET_KEY", DEMO_KEYS["SECRET_KEY"])
IDENTITY_KEY = env.str("IDENTITY_KEY", DEMO_KEYS["IDENTITY_KEY"])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")
# Where packages of others are played: another host than the site's, for cookies know no ports. The demo's is
# the same machine by its other name, one port up.
_site = urlsplit(SITE_URL)
_other_name = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}.get(_site.hostname or "", _site.hostname)
_content_port = env.int("CONTENT_PORT", (_site.port or {"https": 443}.get(_site.scheme, 80)) + 1)
CONTENT_ORIGIN = env.str("CONTENT_ORIGIN", f"{_site.scheme}://{_other_name}:{_content_port}")
if ALLOWED_HOSTS != ["*"]:
    ALLOWED_HOSTS.append(urlsplit(CONTENT_ORIGIN).hostname or "")
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "lms",
    "lms.feedback",
    "lms.desk",
    "lms.certificates",
    "lms.obligations",
    "lms.training.claims",
    "lms.training.classes",
    "lms.training.plans",
    "lms.training.viewings",
    "lms.training",
    "lms.study.interactive",
    "lms.study",
    "lms.hours",
    "courses",
    "courses.films",
    "courses.documents",
    "courses.h5p",
    "courses.scorm",
    "courses.quizzes",
    "courses.quizzes.imports",
    "courses.competencies",
    "accounts.elections",
    "accounts.mergers",
    "accounts.transfers",
    "accounts",
    "lms.jobs",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",  # the admin asks for its addresses; courses.apps closes them
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "django_filters",  # of Wagtail's own lists
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # The content origin and what phones bring need nothing that follows: no session, cookies, messages.
    "lms.content_origin.content_door",
    "lms.uploads.upload_door",
    "accounts.addresses.refuse_nul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.signin.second.DoorMiddleware",
    "accounts.signin.sessions.keep_in_use",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "lms.urls"
CONTENT_URLCONF = "lms.content_urls"
WSGI_APPLICATION = "lms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # lms comes first, so its templates may extend a package's of the same name
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.context.page",
            ],
        },
    }
]

# --- data --------------------------------------------------------------------------------------
SQLITE_OPTIONS: dict[str, Any] = {
    # The default BEGIN fails under writers in parallel; IMMEDIATE waits its turn instead.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", f"sqlite:///{VAR_DIR / 'xiangxue.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file, not memory: threads and the job runner of the tests share it.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Behind a PgBouncer older than 1.21, which does not know prepared statements: off.
    if env.bool("PREPARED_STATEMENTS", True):
        DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 1
    DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE", "test_xiangxue")}

REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- background work ---------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "")
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "xiangxue")
# Films are converted for minutes: in a queue of their own they keep nobody else waiting.
CELERY_LONG_QUEUE = f"{CELERY_TASK_DEFAULT_QUEUE}-long"
CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
CELERY_TASK_DEFAULT_EXCHANGE_TYPE = "topic"
# Whoever asks for work never waits for a broker that is away: the job's row is there, and is sent again.
CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True, "max_retries": 0}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DETECT_QUORUM_QUEUES = True
CELERY_TASK_IGNORE_RESULT = True
# A job that has not reported for this long is taken for dead and given to another worker.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)

# --- people and sign-in ------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Cadre"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.signin.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "number"
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "username*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_RATE_LIMITS = {
    # By address only, and wide: a class of sixty signs in through one router. Wrong passwords of one
    # account are counted by accounts.signin.lockout.
    "login": "120/m/ip",
    "login_failed": "100/5m/ip",
    # Messages cost money and wake people: each of these may be sent again twice.
    "request_login_code": "100/10m/ip,5/10m/key,20/d/key",
    "suggest": "10/h/ip",
}
MFA_ADAPTER = "accounts.signin.second.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # phones whose clock is half a minute off
# Whether administrators must have a second factor; everybody may.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", not DEMO)
SMS_BACKEND = env.str("SMS_BACKEND", "accounts.signin.sms.ConsoleSms")
SESSION_ENGINE = "accounts.signin.sessions"
# Counted from the last use: a learner who comes back within a month is still in, a desk left alone is not.
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", 30 * 24 * 3600)
STAFF_IDLE_SECONDS = env.int("STAFF_IDLE_SECONDS", 2 * 3600)
# How long the township's code for somebody without a phone holds.
ONE_TIME_CODE_SECONDS = env.int("ONE_TIME_CODE_SECONDS", 24 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
# A package's script on a neighbouring host can plant cookies for both; under such names browsers take none.
_HOST_ONLY = "" if DEMO else "__Host-"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST_ONLY}sessionid", f"{_HOST_ONLY}csrftoken"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", not DEMO)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 0 if DEMO else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
BEHIND_PROXY = env.bool("BEHIND_PROXY", not DEMO)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all the world has the proxy's address, and one limit
else:
    MIDDLEWARE.insert(0, "lms.compression.TextCompression")  # a proxy would do it
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview frames its own pages
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which asks for DENY

STRICT_CSP = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "media-src": [SELF, "blob:"],
    "connect-src": [SELF],
    "frame-src": [CONTENT_ORIGIN],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
CONTENT_SECURITY_POLICY = {"EXCLUDE_URL_PREFIXES": ["/cms/"], "DIRECTIVES": STRICT_CSP}

# --- language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# Our own texts, then the framework's words for the publishing desk, whose scripts look for theirs only here.
LOCALE_PATHS = [BASE_DIR / "lms" / "locale", BASE_DIR / "courses" / "locale"]
# Year edges, term edges and "today" are Shanghai's, whatever the server's clock zone.
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "lms" / "static"]
WHITENOISE_USE_FINDERS = DEMO
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))
# nginx sends protected files itself when this names its internal location.
ACCEL_PREFIX = env.str("ACCEL_PREFIX", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- content -----------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "乡学 Xiangxue"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILMEDIA = {
    "MEDIA_MODEL": "films.Film",
    "MEDIA_FORM_BASE": "courses.films.forms.FilmForm",
    # What phones of ten years ago play without conversion.
    "VIDEO_EXTENSIONS": ["mp4", "m4v"],
    "AUDIO_EXTENSIONS": ["m4a", "mp3"],
}
# The ffmpeg that reads uploads; empty: the one on PATH, else the one that came with the packages.
FFMPEG = env.str("FFMPEG", "")
FFMPEG_THREADS = env.int("FFMPEG_THREADS", 2)
# What an upload may weigh, in MB; the proxy in front has a limit of its own.
FILM_MEGABYTES = env.int("FILM_MEGABYTES", 500)
# The same for packages of interactive content and SCORM courseware.
PACKAGE_MEGABYTES = env.int("PACKAGE_MEGABYTES", 512)
# How long a signed address of a film or a package lives; what plays has to ask for a new one then.
ADDRESS_SECONDS = env.int("ADDRESS_SECONDS", 6 * 3600)
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "courses.search"}}

# What PDF pages are drawn with that do not bring their Chinese letters along; packed with xz.
DOCUMENT_FONT = BASE_DIR / "lms" / "certificates" / "fonts" / "NotoSerifSC.ttf.xz"

# --- study -------------------------------------------------------------------------------------
# A study token outlives two months in the hills without a network; what is older is paid from a new one.
STUDY_TOKEN_SECONDS = env.int("STUDY_TOKEN_SECONDS", 60 * 24 * 3600)

# What a quiz with a limit still takes after it, for a connection that was lost in the last moment.
QUIZ_GRACE_SECONDS = env.int("QUIZ_GRACE_SECONDS", 120)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "lms.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING" if DEMO else "INFO")},
    "loggers": {"waitress": {"level": "WARNING"}},  # run.py says itself where the site is
}
