"""Recognises walls: pages that ask whether we are a person. We say so, back off, and never get around them."""

from __future__ import annotations

from collections.abc import Mapping

CURE = "Wait, open its site in a browser once from this network, and ask it for access if that does not help."
HEADERS = {"cf-mitigated": "Cloudflare", "x-amzn-waf-action": "AWS WAF", "x-datadome": "DataDome"}
MARKS = (
    b"captcha",
    b"human verification",
    b"awswafintegration",
    b"challenge.js",
    b"challenge-platform",
    b"cf-chl",
    b"just a moment...",
    b"px-captcha",
    b"are you a robot",
    b"verify you are human",
)
SUSPECT = {202, 401, 403, 405, 429, 503}


def wall_in(status: int, headers: Mapping[str, str], body: bytes, *, is_html: bool, wants_json: bool) -> str | None:
    """Return what stands in the way, as a clause that follows the host's name; None where nothing does.

    `headers` have lower-case names, `body` may be its beginning.
    """
    for header, maker in HEADERS.items():
        if header in headers:
            return f"shows a bot check of {maker} ({status})"
    marked = is_html and any(mark in body[: 64 << 10].lower() for mark in MARKS)
    if marked and (status in SUSPECT or 200 <= status < 300):
        return f"asks for a human check ({status})"
    if is_html and status in {202, 405}:
        return f"answered with a page instead of data ({status})"
    if status == 403:
        return "refuses us (403 Forbidden)"
    if is_html and wants_json and 200 <= status < 300:
        return f"sent a web page where data was due ({status})"
    return None
