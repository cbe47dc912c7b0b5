"""Pages that ask whether we are a person."""

from __future__ import annotations

import pytest

from outbound.walls import wall_in

PAGE = b"<!doctype html><title>Films</title>"


@pytest.mark.parametrize(
    ("status", "headers", "body", "is_html", "says"),
    [
        (403, {"cf-mitigated": "challenge"}, b"", True, "bot check of Cloudflare"),
        (405, {"x-amzn-waf-action": "captcha"}, b"", True, "bot check of AWS WAF"),
        (202, {}, PAGE, True, "a page instead of data"),
        (405, {}, b"<html><div id='captcha-container'>", True, "human check"),
        (200, {}, b"<html>Human Verification", True, "human check"),
        (503, {}, b"<html>Just a moment...", True, "human check"),
        (403, {}, b'{"error": "no"}', False, "refuses us (403 Forbidden)"),
        (200, {}, PAGE, True, "a web page where data was due"),
    ],
)
def test_walls_are_recognised(status, headers, body, is_html, says):
    assert says in wall_in(status, headers, body, is_html=is_html, wants_json=True)


@pytest.mark.parametrize(
    ("status", "body", "is_html", "wants_json"),
    [
        (200, b'{"overview": "A captcha brings two people together."}', False, True),
        (502, PAGE, True, True),
        (404, PAGE, True, True),
        (200, PAGE, True, False),
        (405, b"{}", False, True),
        (202, b"{}", False, True),
    ],
    ids=["a film about it", "an outage", "not found", "a page for a picture", "wrong method", "accepted"],
)
def test_other_answers_are_no_walls(status, body, is_html, wants_json):
    assert wall_in(status, {}, body, is_html=is_html, wants_json=wants_json) is None
