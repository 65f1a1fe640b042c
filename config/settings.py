"""Settings, all from the environment or .env. `.env.example` explains each variable."""

from __future__ import annotations

import math
import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.environment import (
    Environment,
    ReadOnlyEnvironment,
    make_fernet_key,
    make_secret_key,
    read_installation_id,
    read_key,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# Variables of the process win over the file. ENV_FILE names another file, or none at all when empty.
env = Environment()
env_file = os.environ.get("ENV_FILE", str(BASE_DIR / ".env"))
if env_file and Path(env_file).exists():
    env.read_env(env_file)

DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE = urlsplit(SITE_URL)
HTTPS = SITE.scheme == "https"

# Every provider declares its own variables and their defaults: settings know no provider.
PROVIDER_ENVIRONMENT = ReadOnlyEnvironment()

# --- Keys -------------------------------------------------------------------------------------

SECRET_KEY = read_key("SECRET_KEY", file=BASE_DIR / ".secret_key", make=make_secret_key, may_make=DEBUG)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The first one encrypts, all of them decrypt.
FIELD_ENCRYPTION_KEYS = [
    key.strip()
    for key in read_key(
        "FIELD_ENCRYPTION_KEYS", file=BASE_DIR / ".field_encryption_keys", make=make_fernet_key, may_make=DEBUG
    ).split(",")
    if key.strip()
]

# Stands in the database as well: a copy of the database that starts elsewhere finds another one here, and
# leaves the books alone.
INSTALLATION_ID = read_installation_id(BASE_DIR / ".installation_id")

# --- Applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "fieldwork",
    "accounting",
    "integrations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # lets templates/django/forms/ say how a form field looks
    "django_q",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page asks for a login unless its view says @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "fieldwork.access.MembershipMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database, cache, queue -------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}"))}
SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        # A writer queues for the lock from its first statement on, for up to 20 s. The default,
        # DEFERRED, asks in the middle of the transaction and then fails at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # WAL: readers do not wait for the writer. FULL: what is committed survives a power cut,
        # which the commit before the first byte of a remote write relies on.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

Q_BROKER_URL = env.str("Q_BROKER_URL", default="")
QUEUE_WORKERS = env.int("QUEUE_WORKERS", default=2)
QUEUE_TIMEOUT_S = 600

# Task queue and pages are different processes, and the queue reports its health through the cache,
# so memory of one process will not do: Redis where it is there anyway, else PostgreSQL, which also
# serves several machines. On SQLite, which means one machine, files: the queue reports every second,
# and each report would take SQLite's only write lock.
if Q_BROKER_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": Q_BROKER_URL}}
elif SQLITE:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": BASE_DIR / ".cache"}
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}

Q_CLUSTER = {
    "name": "fieldledger",  # also the salt of signed tasks: the same on all machines
    "label": "Task queue",
    "cache": "default",
    **({"redis": Q_BROKER_URL} if Q_BROKER_URL else {"orm": "default"}),
    "workers": QUEUE_WORKERS,
    # Fetch no more than can be started: the time until redelivery runs from the fetch on.
    "queue_limit": QUEUE_WORKERS,
    "bulk": 1,
    "timeout": QUEUE_TIMEOUT_S,
    # No task may come back while it still waits or runs: rounds until the last fetched one is done,
    # one more for the one in the pusher's hand, each as long as a worker may take and be replaced.
    "retry": (math.ceil((QUEUE_WORKERS + 1) / QUEUE_WORKERS) + 1) * (QUEUE_TIMEOUT_S + 3),
    # The outbox and the runs know what to repeat; the queue forgets a task once it ran.
    "max_attempts": 1,
    "ack_failures": True,
    "catch_up": False,
    "poll": 1,
    "guard_cycle": 1,
    "recycle": 200,
    "max_rss": 400_000,  # kilobytes
    "save_limit": 1000,
}

# --- Login ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "fieldwork.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("sv", _("Swedish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

# --- Static files -----------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Names with a hash can be cached for ever, but exist only after collectstatic.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Security ---------------------------------------------------------------------------------

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
# Loopback stays allowed everywhere: health probes on the machine itself ask by it.
ALLOWED_HOSTS = [SITE.hostname or "", *LOOPBACK, *env.list("ALLOWED_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [f"{SITE.scheme}://{SITE.netloc}"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# The server itself speaks plain http; https means a proxy in front, which must set this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)/?$"]  # asked from inside, without the proxy
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=3600) if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: other hosts of the firm's domain are not ours to decide about
    "security.W021",  # HSTS preload: likewise
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons are data: images in its style sheet
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # "Connect" is a form of ours that is redirected to the accounting system's login, and browsers
        # hold redirects against this directive. Which addresses these are, only the providers know.
        "form-action": [SELF, "https:", "http://127.0.0.1:*", "http://localhost:*"],
    }
}

# --- Mail -------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url_config(env.str("EMAIL_URL", default="consolemail://"))
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"]
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default=f"Fieldledger <fieldledger@{SITE.hostname}>")
ADMINS = [("", address) for address in env.list("ADMIN_EMAILS", default=[])]

# --- Help -------------------------------------------------------------------------------------

# Where "Ask for help" leads, on every page. With neither of them nothing is shown.
SUPPORT_URL = env.str("SUPPORT_URL", default="")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="")

# --- Being watched ----------------------------------------------------------------------------

# What monitoring systems show when they ask for /metrics from another machine.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# An address outside that raises the alarm when it has not been asked for a while.
DEADMAN_URL = env.str("DEADMAN_URL", default="")
# Owners may name a webhook on this machine: to try it, and in tests.
ALLOW_LOOPBACK_WEBHOOKS = env.bool("ALLOW_LOOPBACK_WEBHOOKS", default=False)

# --- Logs -------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "config.logs.JsonFormatter"},
        "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {"without_queries": {"()": "config.logs.WithoutQueries"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "text" if DEBUG else "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"filters": ["without_queries"], "level": "INFO", "propagate": True},
        # Below WARNING these print tokens.
        "requests_oauthlib": {"level": "WARNING"},
        "oauthlib": {"level": "WARNING"},
    },
}
