"""Django's settings, read from the environment and from `.env` in the data directory."""

from __future__ import annotations

import sys
from pathlib import Path

from journal import redaction
from mediasync import __version__, configuration, demo_place, environment
from mediasync.logs import tree as logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR, _ = environment.prepare()
conf = configuration.read()

SECRET_KEY = conf.secret_key
for _secret in (SECRET_KEY, conf.tmdb.api_key, *configuration.passwords(conf)):
    redaction.keep_secret(_secret)
DEBUG = False
ALLOWED_HOSTS = conf.allowed_hosts
HOST, PORT = conf.host, conf.port
VERSION = __version__

INSTALLED_APPS = [
    "mediasync",
    "mediasync.health",
    "mediasync.notify",
    "downloads",
    "scanner",
    "outbound",
    "jobs",
    "pages",
    "journal",
    "django_q",
    "axes",
    "django_htmx",
    "template_partials",
    "heroicons",
    "mediasync.admin_site.Config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "mediasync.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mediasync.middleware.compressed",
    "mediasync.middleware.content_security_policy",
    "mediasync.middleware.sign_in_page_whole",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mediasync.middleware.SignInFirst",
    "pages.middleware.language",
    "mediasync.middleware.say_what_buttons_are_for",
    "outbound.middleware.people_first",
    "mediasync.middleware.look_again_after_actions",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mediasync.urls"
WSGI_APPLICATION = "mediasync.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mediasync.context.frame",
            ],
        },
    }
]

DATABASES = {"default": configuration.database(conf, DATA_DIR)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
Q_CLUSTER = configuration.cluster(conf)

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "pages.preferences.Accounts",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_VERBOSE = False

# A household reaches us over plain HTTP on its own network unless a proxy adds TLS,
# so HTTPS-only switches follow what the person configured (see configuration.read).
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = conf.https
SECURE_HSTS_SECONDS = 31_536_000 if conf.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = conf.https
SECURE_HSTS_PRELOAD = conf.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if conf.https else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = conf.https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "mediasync_session", "mediasync_csrf"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "mediasync.views.errors.form_too_old"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000  # ten thousand ticked rows are one form
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in conf.allowed_hosts if host != "*"]
SILENCED_SYSTEM_CHECKS = configuration.silenced_checks(conf)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = conf.time_zone
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "mediasync.formats"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
WIRE_SECONDS = 1.0  # what pages share of one moment may be that old (pages.moment)
ARTWORK_DIR = DATA_DIR / "artwork"
BACKUP_DIR = Path(conf.backup_dir).expanduser() if conf.backup_dir else DATA_DIR / "backups"
BACKUP_KEEP_DAILY, BACKUP_KEEP_WEEKLY = conf.backup_keep_daily, conf.backup_keep_weekly
UPGRADE_WITHOUT_BACKUP = conf.upgrade_without_backup

LOGGING = logs.tree(DATA_DIR, level=conf.log_level, stream=sys.stderr)

TMDB, TMDB_WITHOUT_DEMO = demo_place.metadata_service(DATA_DIR, conf.tmdb), conf.tmdb
HOUSEHOLD_SECONDS = 2.0  # how long a process goes by what it knew of the choices made in Settings
OUTBOUND_ALLOW_HOSTS = conf.outbound_allow_hosts
USER_AGENTS = conf.user_agents
REQUEST_TIMEOUT = conf.request_timeout
CIRCUIT_BREAKER_THRESHOLD = conf.circuit_breaker_threshold
CIRCUIT_BREAKER_TIMEOUT = conf.circuit_breaker_timeout
MAX_RETRIES_PER_ITEM = conf.max_retries_per_item
REFRESH_BATCH = conf.refresh_batch
REFRESH_PAUSE = conf.refresh_pause
