"""Settings of the tests: the project's own, on a test database, and without this computer's .env.

The database is the one that TEST_DATABASE_URL names, else SQLite in a file of this process alone. A file,
not memory: only a file has the locks and the write-ahead log that the product relies on.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ |= {
    "ENV_FILE": "",
    "DEBUG": "false",
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "FIELD_ENCRYPTION_KEYS": "b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtb2Yta2V5ISE=",
    "INSTALLATION_ID": "11111111-0000-4000-8000-000000000001",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:",
    "SITE_URL": "http://127.0.0.1:8000",
    "Q_BROKER_URL": "",
    "EMAIL_URL": "memorymail://",
}

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, LOGGING, SQLITE, STORAGES  # noqa: E402

if SQLITE:
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir(), f"fieldledger-test-{os.getpid()}.sqlite3"))}
    # No test cuts the power, and each commit would wait for the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

# A test that needs a provider's address or client id names it: settings.PROVIDER_ENVIRONMENT = {...}.
PROVIDER_ENVIRONMENT: dict[str, str] = {}  # type: ignore[no-redef]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# The manifest exists only after collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True  # looks when asked, so a missing staticfiles folder is nothing to warn of
# pytest shows the log of a test that fails; once is enough.
LOGGING["handlers"] = {"stderr": {"class": "logging.NullHandler"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
