"""A program with a key, and what it gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mediasync import keys
from mediasync.api.throttle import wrong_keys
from tests.web.conftest import anna, artwork_dir, guest, visit, visit_as_guest  # noqa: F401  fixtures

BASE = "/api/v1"


class Program:
    """A client with a key; addresses are relative to the API."""

    def __init__(self, key: str = "") -> None:
        self.key = key
        self.client = Client(headers={"X-Api-Key": key} if key else {}, raise_request_exception=False)

    def get(self, path: str, **asked: Any):
        headers = asked.pop("headers", None)
        return self.client.get(BASE + path, asked, headers=headers)

    def post(self, path: str, body: Any = None, **extra: Any):
        return self.client.post(BASE + path, body, content_type="application/json", **extra)

    def patch(self, path: str, body: Any):
        return self.client.patch(BASE + path, body, content_type="application/json")

    def delete(self, path: str):
        return self.client.delete(BASE + path)

    def pages(self, path: str, **asked: Any):
        """Yield each page of a list."""
        cursor = {}
        while True:
            page = self.get(path, **asked, **cursor).json()
            yield page
            if not page["next"]:
                return
            cursor = {"cursor": page["next"]}


def key(scope: str, **fields: Any) -> str:
    return keys.create("Test", scope=scope, actor="anna", **fields)[1]


@pytest.fixture(autouse=True)
def _static_root(settings):
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _nobody_locked_out():
    wrong_keys.forget()


@pytest.fixture
def program(db) -> Program:
    """A program that may do everything."""
    return Program(key("admin"))


@pytest.fixture
def reader(db) -> Program:
    """A program that may look."""
    return Program(key("read"))


@pytest.fixture
def actor(db) -> Program:
    """A program that may do what members may."""
    return Program(key("act"))
