"""A signed-in browser without a screen, and artwork in a folder of its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import zeal
from django.contrib.auth import get_user_model
from django.test import Client

from outbound import sources
from scanner.providers import service, tmdb
from tests.fakes.tmdb import fake_tmdb


@pytest.fixture(autouse=True)
def _static_root(settings):
    """The folder that collectstatic would have made: without it WhiteNoise warns, and warnings are errors."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def anna(db):
    """The person who runs the server."""
    return get_user_model().objects.create_superuser("anna", password="a-long-password")


@pytest.fixture
def guest(db):
    """A member of the household without staff rights."""
    return get_user_model().objects.create_user("ben", password="a-long-password")


def signed_in_as(person) -> Client:
    client = Client()
    with zeal.zeal_ignore():  # signing in reads the session more than once, each time for a reason
        client.force_login(person)
    return client


@pytest.fixture
def visit(anna):
    """A client signed in as anna; what the household chose is known, as it is to a server that runs."""
    service.current()
    return signed_in_as(anna)


@pytest.fixture
def visit_as_guest(guest):
    """A client signed in as somebody without staff rights."""
    return signed_in_as(guest)


@pytest.fixture
def artwork_dir(settings, tmp_path):
    settings.ARTWORK_DIR = tmp_path
    return tmp_path


@pytest.fixture
def fake(db, settings):
    """A metadata service without a key of ours: nobody gave one yet."""
    known = dict(sources.specs)
    settings.MAX_RETRIES_PER_ITEM = 0
    with fake_tmdb() as running:
        settings.TMDB = settings.TMDB_WITHOUT_DEMO = dataclasses.replace(
            settings.TMDB, api_key="", base_url=f"{running.address}/3", demo=False
        )
        tmdb.register_sources()
        yield running
    sources.specs.clear()
    sources.specs.update(known)
