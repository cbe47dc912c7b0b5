"""The OpenAPI document: what ninja knows of the operations, and all that can go wrong with each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from mediasync.api import problems
from mediasync.api.operations import api

ADDRESS = "/api/v1/"
ALWAYS = (401, 403, 422, 429, 500, 503)
WITH_BODY = (400, 413, 415)
KINDS: dict[int, tuple[str, str, str]] = {
    400: ("bad-json", "The body is no JSON document.", "The request cannot be read."),
    401: ("unauthorized", "Send a key as X-Api-Key, or sign in.", "No key, or one that opens nothing (any more)."),
    403: ("forbidden", "This needs the scope “act”; you have “read”.", "The scope is too small, or CSRF failed."),
    404: ("not-found", "There is no title 17.", "There is no such thing (any more)."),
    409: ("moved-on", "This job has ended.", "The thing has moved on; nothing was changed."),
    413: ("too-large", "The body is larger than 1 MB.", "The body is too large."),
    415: ("unsupported-media-type", "Send application/json, not text/plain.", "The body is not called JSON."),
    422: ("invalid", "sort: Input should be 'newest' or 'rank'", "A value is wrong; `errors` names it."),
    429: ("too-many-wrong-keys", "Too many wrong keys. Try again in 60 s.", "Too many wrong keys from here."),
    500: ("mistake", "mediasync made a mistake here. The log says more.", "A mistake of ours."),
    502: ("bad-answer", "tmdb answered with something that is no JSON object", "A service answered with nonsense."),
    503: ("unavailable", "tmdb is resting.", "The database or a service does not answer just now."),
}
TAGS = {
    "libraries": "The folders that mediasync looks after.",
    "items": "Files, with the state a person sees.",
    "titles": "Movies and shows, their seasons and episodes.",
    "artwork": "Pictures of titles: what is shown, what could be, and a choice of one's own.",
    "matches": "What folders and files are believed to be, and putting that right.",
    "scans": "Looking through the folders.",
    "queue": "What is being done, what waits and why.",
    "sources": "Services on the network: budget, circuit, last errors.",
    "history": "What happened, and why.",
    "system": "Counts, statistics, health, schedules and backups.",
    "why": "Why a thing is as it is, and what happens next.",
}
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "The kind, for programs: urn:mediasync:problem:…"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What went wrong this time, in a sentence."},
        "instance": {"type": "string", "description": "The address that was asked."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "field", "message"],
                "properties": {name: {"type": "string"} for name in ("in", "field", "message")},
            },
        },
    },
}
TAG_HEADER = {"ETag": {"schema": {"type": "string"}, "description": "Send it back as If-None-Match."}}


@cache
def document() -> bytes:
    """Return the document as it is sent; made once."""
    return json.dumps(build(), ensure_ascii=False).encode()


def build() -> dict[str, Any]:
    """Return the document."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ADDRESS)))
    parts = schema["components"]
    parts["schemas"]["Problem"] = PROBLEM
    parts["responses"] = {f"Problem{status}": _problem(status) for status in KINDS}
    schema["servers"] = [{"url": "/"}]
    schema["tags"] = [{"name": name, "description": about} for name, about in TAGS.items()]
    for method, path, operation in operations(schema):
        _complete(method, path, operation, parts["schemas"])
    return schema


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and operation of everything in a document."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _complete(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    wrong = {*ALWAYS, *operation.pop("x-errors"), *([404] if "{" in path else []), *(WITH_BODY if body else [])}
    for content in _contents(operation):
        content["example"] = example_of(content["schema"], schemas)
    if body:
        body["example"] = example_of(body["schema"], schemas)
    if method == "get":
        operation["responses"]["200"]["headers"] = TAG_HEADER
        operation["responses"]["304"] = {"description": "Nothing has changed: If-None-Match names the ETag."}
    for status in sorted(wrong):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}


def _contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for answer in operation["responses"].values():
        if "application/json" in answer.get("content", {}):
            yield answer["content"]["application/json"]


def _problem(status: int) -> dict[str, Any]:
    slug, detail, about = KINDS[status]
    example = problems.document(problems.Problem(status, slug, detail), "/api/v1/titles/17")
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    found: dict[str, Any] = {"description": about, "content": {problems.MEDIA_TYPE: content}}
    if status in (429, 503):
        found["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    if status == 401:
        found["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return found


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Return an example of a schema: its own, or one put together from its parts."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    if schema.get("type") == "array":
        return [example_of(schema["items"], schemas)]
    if "properties" in schema:
        return {name: example_of(part, schemas) for name, part in schema["properties"].items()}
    return schema.get("default")
