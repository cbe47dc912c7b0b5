"""The OpenAPI document: complete, and true."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from jsonschema_rs import validator_for
from ninja import Schema

from jobs import listing as queue
from mediasync.api import openapi
from mediasync.keys import Scope
from scanner import inventory, letters, listing

SCHEMA = openapi.build()
OPERATIONS = [(f"{method} {path}", operation) for method, path, operation in openapi.operations(SCHEMA)]
ALL = pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _operation in OPERATIONS])


@ALL
def test_every_operation_explains_itself(name, operation):
    assert operation["summary"]
    assert len(operation["description"]) > len("Needs the scope `read`.") + 10
    assert operation["tags"][0] in openapi.TAGS
    assert {"ApiKeyHeader": []} in operation["security"]
    assert {"401", "403", "422", "429", "500", "503"} <= set(operation["responses"])


@ALL
def test_every_parameter_of_a_list_is_described(name, operation):
    asked = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]

    assert [parameter["name"] for parameter in asked if not parameter.get("description")] == []


@ALL
def test_every_example_is_as_its_schema_says(name, operation):
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for told in [*operation["responses"].values(), *bodies]:
        content = told.get("content", {}).get("application/json")
        if content:
            schema = {**content["schema"], "components": SCHEMA["components"]}
            assert validator_for(schema).is_valid(content["example"]), content["example"]
            assert content["example"]


def test_no_two_documents_share_a_name():
    names = Counter(schema.__name__ for schema in set(_schemas(Schema)))

    assert [name for name, many in names.items() if many > 1] == []


def _schemas(above: type) -> Iterator[type]:
    for schema in above.__subclasses__():
        yield from _schemas(schema)
        if schema.__module__.startswith("mediasync.api.") and "[" not in schema.__name__:
            yield schema


def test_every_problem_has_an_example_and_a_media_type():
    for response in SCHEMA["components"]["responses"].values():
        assert response["content"]["application/problem+json"]["example"]["detail"]


def test_it_is_for_everybody_who_may_look(reader, client, db):
    answer = reader.get("/openapi.json")

    assert answer.status_code == 200
    assert json.loads(answer.content) == SCHEMA
    assert client.get("/api/v1/openapi.json").status_code == 401


def test_who_holds_it_already_gets_304(reader):
    tag = reader.get("/openapi.json").headers["ETag"]

    assert reader.get("/openapi.json", headers={"If-None-Match": tag}).status_code == 304


def test_the_words_of_the_filters_are_those_of_the_pages():
    def words(path: str, name: str) -> set[str]:
        asked = SCHEMA["paths"][path]["get"]["parameters"]
        schema = next(parameter["schema"] for parameter in asked if parameter["name"] == name)
        return set(schema.get("enum") or schema["anyOf"][0]["enum"])

    assert words("/api/v1/titles", "state") == set(listing.STATES)
    assert words("/api/v1/titles", "type") == set(listing.TYPES)
    assert words("/api/v1/titles", "sort") == set(listing.SORTS)
    assert words("/api/v1/titles", "letter") == {"", *letters.KNOWN}
    assert words("/api/v1/jobs", "state") == {"open", *queue.STATES}
    assert words("/api/v1/items", "state") == set(inventory.STATES)


def test_the_scope_is_named():
    changes = SCHEMA["paths"]["/api/v1/libraries"]["post"]

    assert f"`{Scope.ADMIN}`" in changes["description"]
