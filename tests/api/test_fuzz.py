"""Whatever is asked, the answer is one that the OpenAPI document describes, and never 500."""

from __future__ import annotations

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from mediasync.api import openapi
from tests.api.conftest import key
from tests.api.household import furnish

EXAMPLES = int(os.environ.get("MEDIASYNC_FUZZ", "12"))  # of each operation; thousands by hand
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# The key is ours to send: what becomes of wrong ones is tested by name.
CONFIG = ProjectConfig(generation=GenerationConfig(with_security_parameters=False))
SCHEMA = schemathesis.openapi.from_dict(
    openapi.build(), config=SchemathesisConfig(projects=ProjectsConfig(default=CONFIG))
)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]


@pytest.fixture(autouse=True)
def _one_connection():
    """As Django's own test client has it: the end of a request does not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.label for operation in OPERATIONS])
def test_whatever_is_asked_the_answer_is_as_described(operation):
    known = furnish()
    operation.schema.app = operation.app = get_wsgi_application()
    headers = {"X-Api-Key": key("admin")}
    checks = CHECKS.get_by_names(CHECKED)
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in MODES))
    things = known.get(operation.path.removeprefix("/api/v1/").partition("/")[0], [])

    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=cases, thing=st.sampled_from([None, *things]))
    def ask(case, thing):
        for name in ("pk", "name"):
            valid = case.meta.generation.mode == GenerationMode.POSITIVE
            if valid and thing is not None and name in case.path_parameters:
                case.path_parameters[name] = thing
        response = case.call(headers=headers)
        case.validate_response(response, checks=checks, headers=headers)

    ask()
