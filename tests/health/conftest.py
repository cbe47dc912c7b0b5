"""A household in which all is well, until a test breaks something in it."""

from __future__ import annotations

import dataclasses
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from jobs import pools, presence
from jobs.models import Drain
from mediasync import configuration, environment
from mediasync.health import measures
from mediasync.health.checks import CHECKS
from mediasync.health.facts import Facts
from mediasync.health.finding import RANKS, Finding
from scanner.models import Library, Watch
from tests.databases import _migrated_file, sqlite_file  # noqa: F401  fixtures
from tests.factories import make_library, put, scan


@dataclass
class World:
    """A data directory, a library that was scanned, a worker, somebody who looks after it all."""

    data: Path
    root: Path
    settings: Any
    patch: pytest.MonkeyPatch

    @property
    def library(self) -> Library:
        """The one library."""
        return Library.objects.get(path=str(self.root))

    @property
    def anna(self) -> Client:
        """A browser in which the person who runs the server is signed in."""
        client = Client()
        client.force_login(get_user_model().objects.get(username="anna"))
        return client

    def findings(self, code: str) -> list[Finding]:
        """Do one check, with everything measured anew."""
        return list(CHECKS[code].run(Facts(measures.take(Facts(), deep=True))))

    def worst(self, code: str) -> Finding:
        """Return the worst that a check finds."""
        return min(self.findings(code), key=lambda finding: RANKS[finding.level])

    def restart(self, **env: str) -> None:
        """Read the settings anew, as a restart does, with these lines in .env."""
        self.patch.setenv("MEDIASYNC_DATA", str(self.data))
        for name, value in env.items():
            self.patch.setenv(name, value)
        environment.prepare()
        conf = configuration.read()
        self.settings.TIME_ZONE, self.settings.ALLOWED_HOSTS = conf.time_zone, conf.allowed_hosts
        self.settings.SECRET_KEY, self.settings.SESSION_COOKIE_SECURE = conf.secret_key, conf.https
        self.settings.HOST, self.settings.TMDB = conf.host, conf.tmdb
        Drain.objects.all().delete()
        presence.register(Drain.Role.WORKER)


@pytest.fixture
def world(db, settings, tmp_path, monkeypatch):
    data, root = tmp_path / "data", tmp_path / "media" / "films"
    (data / "static").mkdir(parents=True, mode=0o700)
    data.chmod(0o700)
    (data / "static" / "app.css").touch()
    monkeypatch.setenv("SECRET_KEY", secrets.token_urlsafe(50))
    (data / ".env").touch(mode=0o600)
    settings.DATA_DIR, settings.STATIC_ROOT, settings.SECRET_KEY = data, data / "static", os.environ["SECRET_KEY"]
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="k" * 32, demo=False)
    put(root, "Moss (2019)/Moss (2019).mkv")
    scan(make_library(root))
    get_user_model().objects.create_superuser("anna", password="a-long-password")
    pools.ensure()
    presence.register(Drain.Role.WORKER)
    Watch.objects.create(library=Library.objects.get(), node="home", watching=True)
    return World(data, root, settings, monkeypatch)
