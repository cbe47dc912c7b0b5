"""Settings of the tests: a scratch data directory, quick hashing, N+1 queries are errors."""

import atexit
import os
import shutil
import tempfile

_scratch = tempfile.mkdtemp(prefix="mediasync-tests-")
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
os.environ["MEDIASYNC_DATA"] = _scratch
for name in ("TMDB_API_KEY", "TMDB_BASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "OUTBOUND_ALLOW_HOSTS"):
    os.environ.pop(name, None)
os.environ["DATABASE_URL"] = os.environ.get("MEDIASYNC_TEST_DATABASE_URL", "")
os.environ["TZ"] = "UTC"

from mediasync.settings import *  # noqa: E402, F403
from mediasync.settings import INSTALLED_APPS, LOGGING, MIDDLEWARE, STORAGES  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
LOGGING["root"]["level"] = "WARNING"
# Signing in and out read the session more than once, each time for a reason.
ZEAL_ALLOWLIST = [{"model": "sessions.Session"}]
WIRE_SECONDS = 0
HOUSEHOLD_SECONDS = 3600
