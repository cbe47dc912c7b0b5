"""Nothing that looks like a secret is stored, shown or logged."""

from __future__ import annotations

import logging
import sys

import pytest
from django.utils.module_loading import import_string

from journal import redaction
from journal.redaction import RedactingFormatter, keep_secret, redact
from mediasync.logs.file import SharedFile


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /3/movie/1?api_key=0123456789abcdef&language=de", "GET /3/movie/1?api_key=***&language=de"),
        ("GET /api?t=search&apikey=0123&q=tide", "GET /api?t=search&apikey=***&q=tide"),
        ("Authorization: Bearer eyJhbGciOi.J9-_x=", "Authorization: Bearer ***"),
        ("Authorization: Basic YW5uOnNlY3JldA==", "Authorization: Basic ***"),
        ("postgres://ann:secret@db.example/films", "postgres://***@db.example/films"),
        ("http://token@nas.example/", "http://***@nas.example/"),
        ('{"password": "hunter22", "name": "ann"}', '{"password": "***", "name": "ann"}'),
        ("X-Api-Key: 0123456789", "X-Api-Key: ***"),
        ("The Monkey = 12 (2012), keyframes at 3", "The Monkey = 12 (2012), keyframes at 3"),
        ("films.example answered 503 Service Unavailable.", "films.example answered 503 Service Unavailable."),
    ],
)
def test_what_looks_like_a_credential_is_replaced(text, clean):
    assert redact(text) == clean


def test_a_secret_we_were_told_is_replaced_wherever_it_is(monkeypatch):
    monkeypatch.setattr(redaction, "_secrets", set())
    keep_secret("s3cr3t-in-a-path")
    keep_secret("tide")

    assert redact("GET /s3cr3t-in-a-path/tide") == "GET /***/tide"


def logged(**fields) -> str:
    given = {"level": logging.ERROR, "pathname": "f", "lineno": 1, "args": None, "exc_info": None, **fields}
    return RedactingFormatter("%(message)s").format(logging.LogRecord("x", **given))


def test_a_log_line_is_redacted_with_its_arguments():
    assert logged(msg="asked %s", args=("/?token=abc",)) == "asked /?token=***"


def test_a_traceback_is_redacted_down_to_its_first_cause():
    try:
        try:
            raise ConnectionError("GET /3/movie/1?api_key=0123456789abcdef")
        except ConnectionError as error:
            raise RuntimeError("it did not work") from error
    except RuntimeError:
        line = logged(msg="a bug", exc_info=sys.exc_info())

    assert "0123456789abcdef" not in line
    assert "api_key=***" in line
    assert "RuntimeError: it did not work" in line


def test_every_log_handler_redacts(settings):
    for handler in settings.LOGGING["handlers"].values():
        if handler.get("()") != f"{SharedFile.__module__}.{SharedFile.__name__}":  # which has tests of its own
            formatter = settings.LOGGING["formatters"][handler["formatter"]]["()"]
            assert issubclass(import_string(formatter), RedactingFormatter)
