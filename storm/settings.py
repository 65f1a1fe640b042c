"""Settings of the storm: those of production, on the database that DATABASE_URL names."""

from __future__ import annotations

import os

FIXED = {"ENV_FILE": "", "DEBUG": "false", "Q_BROKER_URL": "", "EMAIL_URL": "memorymail://"}
CHANGEABLE = {
    "SECRET_KEY": "only-for-storms-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "FIELD_ENCRYPTION_KEYS": "b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtb2Yta2V5ISE=",
    "INSTALLATION_ID": "5f3c1f0e-6f0a-4a53-9d52-6c1c3f5b7a10",
    "LOG_LEVEL": "ERROR",
}
os.environ |= FIXED | {name: os.environ.get(name, value) for name, value in CHANGEABLE.items()}

from config.settings import *  # noqa: E402, F403
from config.settings import STORAGES  # noqa: E402

# The manifest exists only after collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
