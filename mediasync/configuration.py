"""What the settings of the environment mean: read once, checked, each error naming its cure."""

from __future__ import annotations

import ipaddress
import os
import re
import zoneinfo
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ

from mediasync import __version__
from mediasync.environment import BadSetting

env = environ.Env()
DAY = 86_400
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  compared with, never bound to


@dataclass(frozen=True, slots=True)
class Tmdb:
    """The metadata service: `limit` and `image_limit` are (requests, seconds); `demo`: the loopback one."""

    api_key: str
    base_url: str
    image_base_url: str
    language: str
    limit: tuple[int, float]
    image_limit: tuple[int, float]
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """Every setting that a person can give, with its type."""

    secret_key: str
    allowed_hosts: list[str]
    https: bool
    host: str
    port: int
    time_zone: str
    database_url: str
    redis_url: str
    tmdb: Tmdb
    outbound_allow_hosts: list[str]
    user_agents: list[str]
    request_timeout: float
    circuit_breaker_threshold: int
    circuit_breaker_timeout: float
    max_retries_per_item: int
    refresh_batch: int
    refresh_pause: int
    workers: int
    web_processes: int
    log_level: str
    backup_dir: str
    backup_keep_daily: int
    backup_keep_weekly: int
    upgrade_without_backup: bool


def read() -> Configuration:
    """Return the settings; raises `BadSetting` naming the first one that cannot be used."""
    host = _given("HOST", "127.0.0.1")
    hosts = _list("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]", host]
    return Configuration(
        secret_key=_secret("SECRET_KEY"),
        allowed_hosts=[name for name in hosts if name not in ANY_ADDRESS] or ["localhost"],
        https=_yes_or_no("HTTPS"),
        host=host,
        port=_number("PORT", default=8760, least=0, most=65_535),
        time_zone=_zone("TZ"),
        database_url=_database_url("DATABASE_URL"),
        redis_url=_url("REDIS_URL", schemes=("redis", "rediss", "unix"), with_host=False),
        tmdb=_tmdb(),
        outbound_allow_hosts=_hosts("OUTBOUND_ALLOW_HOSTS"),
        user_agents=_list("USER_AGENTS", separator="|", pattern=r"[ -~]*", right="plain ASCII text")
        or [f"mediasync/{__version__.split('.dev')[0]} (self-hosted media library)"],
        request_timeout=_number("REQUEST_TIMEOUT", default=15, least=1, most=600),
        circuit_breaker_threshold=_number("CIRCUIT_BREAKER_THRESHOLD", default=5, least=1, most=100),
        circuit_breaker_timeout=_number("CIRCUIT_BREAKER_TIMEOUT", default=60, least=1, most=DAY),
        max_retries_per_item=_number("MAX_RETRIES_PER_ITEM", default=2, least=0, most=20),
        refresh_batch=_number("REFRESH_BATCH", default=50, least=1, most=10_000),
        refresh_pause=_number("REFRESH_PAUSE", default=30, least=0, most=DAY),
        workers=_number("WORKERS", default=2, least=1, most=32),
        web_processes=_number("WEB_PROCESSES", default=2, least=1, most=32),
        log_level=_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        backup_dir=_folder("BACKUP_DIR"),
        backup_keep_daily=_number("BACKUP_KEEP_DAILY", default=7, least=1, most=1_000),
        backup_keep_weekly=_number("BACKUP_KEEP_WEEKLY", default=4, least=0, most=1_000),
        upgrade_without_backup=_yes_or_no("UPGRADE_WITHOUT_BACKUP"),
    )


def passwords(conf: Configuration) -> list[str]:
    """Return what the addresses of the settings hold of passwords, as they stand there and decoded."""
    found = [urlsplit(url).password or "" for url in (conf.database_url, conf.redis_url)]
    return [*found, *(unquote(password) for password in found)]


def database(conf: Configuration, data: Path) -> dict[str, Any]:
    """Return Django's entry for the default database (DESIGN: WAL, IMMEDIATE, 20 s on SQLite)."""
    url = conf.database_url or f"sqlite:///{data / 'db.sqlite3'}"
    found: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "PRAGMA cache_size=-2000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;",
        }
        found["TEST"] = {"NAME": os.environ.get("MEDIASYNC_TEST_DATABASE") or None}
    else:
        found["CONN_HEALTH_CHECKS"] = True
    found["CONN_MAX_AGE"] = None
    return found


def cluster(conf: Configuration) -> dict[str, Any]:
    """Return django-q2's settings: it starts and replaces workers, a ticket says "run a drain".

    Its timeout and retry lie far beyond a drain's life: SIGALRM must never hit live threads.
    """
    broker = {"redis": conf.redis_url} if conf.redis_url else {"orm": "default"}
    return {
        "name": "mediasync",
        "workers": conf.workers,
        "timeout": 30 * DAY,
        "retry": 60 * DAY,
        "recycle": 1,
        "queue_limit": conf.workers,
        "bulk": 1,
        "max_attempts": 1,
        "ack_failures": True,
        "save_limit": -1,
        "catch_up": False,
        "scheduler": False,
        "poll": 0.2,
        "guard_cycle": 0.25,
        **broker,
    }


def silenced_checks(conf: Configuration) -> list[str]:
    """Return the deployment checks that do not apply where no TLS was configured."""
    plain_http = ["security.W004", "security.W008", "security.W012", "security.W016"]
    return [] if conf.https else plain_http


def _tmdb() -> Tmdb:
    return Tmdb(
        api_key=_api_key("TMDB_API_KEY"),
        base_url=_url("TMDB_BASE_URL", "https://api.themoviedb.org/3", schemes=("http", "https")).rstrip("/"),
        image_base_url=_url("TMDB_IMAGE_BASE_URL", schemes=("http", "https")),
        language=_matching("TMDB_LANGUAGE", "en-US", r"[a-z]{2}(-[A-Z]{2})?", "a tag such as en-US or de"),
        limit=_rate("TMDB_LIMIT", "35/10"),
        image_limit=_rate("TMDB_IMAGE_LIMIT", "20/1"),
    )


def _given(name: str, default: str = "") -> str:
    """Return a setting; an empty one, such as `PORT=` in a compose file, is as good as none."""
    value: str = env.str(name, "")
    return value.strip() or default


def _list(name: str, *, separator: str = ",", pattern: str = r"\S*", right: str = "names without spaces") -> list[str]:
    parts = [part.strip() for part in _given(name).split(separator) if part.strip()]
    if not all(re.fullmatch(pattern, part) for part in parts):
        raise BadSetting(f"{name} cannot be used: it should be {right}, separated by {separator}")
    return parts


def _folder(name: str) -> str:
    """Return an absolute path; a relative one would lie elsewhere for each process."""
    value = _given(name)
    if value and not Path(value).expanduser().is_absolute():
        raise BadSetting(f"{name}={value!r} cannot be used: it should be an absolute path such as /mnt/nas/backups.")
    return value


def _hosts(name: str) -> list[str]:
    """Return entries that the guard understands; one misspelt would open nothing, silently."""
    return [_host_or_network(name, entry) for entry in _list(name)]


def _host_or_network(name: str, entry: str) -> str:
    if "/" in entry:
        try:
            ipaddress.ip_network(entry, strict=False)
        except ValueError as error:
            raise BadSetting(f"{name}: {entry!r} is no network: it should be such as 192.168.1.0/24.") from error
    elif not re.fullmatch(r"[\w.-]+(:\d{1,5})?|\[?[0-9A-Fa-f:.]+\]?", entry):
        raise BadSetting(f"{name}: {entry!r} is no host: it should be such as nas, nas:8096 or 192.168.1.5.")
    return entry


def _api_key(name: str) -> str:
    """Return a key that can stand in a header and an address; never shown."""
    value = _given(name)
    if not re.fullmatch(r"[!-~]*", value):
        raise BadSetting(f"{name} cannot be used: it should be letters and digits without spaces.")
    return value


def _secret(name: str) -> str:
    value = _given(name)
    if len(value) < 20:
        raise BadSetting(f"{name} is missing or too short. Remove the line from .env to have a new one made.")
    return value


def _yes_or_no(name: str) -> bool:
    return _choice(name, "false", YES + NO).casefold() in YES


def _number(name: str, *, default: int, least: int, most: int) -> int:
    value = _given(name, str(default))
    if not re.fullmatch(r"-?\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
        raise BadSetting(f"{name}={value!r} cannot be used: it should be a whole number from {least} to {most}.")
    return int(value)


def _matching(name: str, default: str, pattern: str, right: str) -> str:
    value = _given(name, default)
    if not re.fullmatch(pattern, value):
        raise BadSetting(f"{name}={value!r} cannot be used: it should be {right}.")
    return value


def _choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    found = [choice for choice in choices if choice.casefold() == _given(name, default).casefold()]
    if not found:
        raise BadSetting(f"{name}={_given(name)!r} cannot be used: it should be one of {', '.join(choices)}.")
    return found[0]


def _rate(name: str, default: str) -> tuple[int, float]:
    value = _matching(name, default, r"[1-9]\d{0,5}/[1-9]\d{0,5}", "requests/seconds, such as 35/10")
    requests, seconds = value.split("/")
    return int(requests), float(seconds)


def _url(name: str, default: str = "", *, schemes: tuple[str, ...], with_host: bool = True) -> str:
    """Return an address; it may hold a password, so it is not shown when it cannot be used."""
    value = _given(name, default)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        whole = parts.port != 0 and (bool(parts.hostname) or not with_host) and not re.search(r"\s", value)
    except ValueError:  # a port that is none, brackets that do not close
        raise BadSetting(f"{name} cannot be used: it is no valid address.") from None
    if parts.scheme not in schemes:
        raise BadSetting(f"{name} cannot be used: it should begin with {' or '.join(s + '://' for s in schemes)}.")
    if not whole:
        raise BadSetting(f"{name} cannot be used: it is no valid address; the host is missing or holds spaces.")
    return value


def _database_url(name: str) -> str:
    """Return the address of a database that outlives its process: SQLite's in memory would not."""
    value = _url(name, schemes=("sqlite", "postgres", "postgresql"), with_host=False)
    if value and urlsplit(value).path.strip("/") in ("", ":memory:"):
        example = "sqlite:////var/lib/mediasync/db.sqlite3 or postgres://user:password@host/name"
        raise BadSetting(f"{name} cannot be used: it names no database. It should be such as {example}.")
    return value


def _zone(name: str) -> str:
    value = _given(name) or _system_zone()
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: "Europe" is a folder
        raise BadSetting(f"{name}={value!r} is no time zone: it should be a name such as Europe/Berlin.") from error
    return value


def _system_zone() -> str:
    target = os.path.realpath("/etc/localtime")
    return target.split("zoneinfo/", 1)[1] if "zoneinfo/" in target else "UTC"
