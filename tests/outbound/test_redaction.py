"""Nothing that looks like a secret is stored, shown or logged."""

from __future__ import annotations

import logging

import pytest

from journal import redaction
from journal.redaction import RedactSecrets, keep_secret, redact


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


def test_the_log_filter_redacts_the_finished_message():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "asked %s", ("/?token=abc",), None)

    assert RedactSecrets().filter(record)
    assert record.getMessage() == "asked /?token=***"
