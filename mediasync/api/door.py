"""How operations are declared: what each asks for, answers, and can go wrong with, all told in its OpenAPI entry."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NoReturn, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from mediasync import __version__
from mediasync.api import auth, gate, problems
from mediasync.api.problems import Problem
from mediasync.keys import Scope

LARGEST_BODY = 1 << 20
Operation = TypeVar("Operation", bound=Callable[..., Any])


class Strict(Parser):
    """Reads bodies as RFC 8259 has them: JSON by name, no NaN, not deeper than a program needs."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the document, or raise a Problem wrapped as ninja hands it on."""
        kind = request.content_type or ""
        if kind != "application/json":
            said = f"Send application/json, not {kind or 'a body without a type'}."
            raise Problem(415, "unsupported-media-type", said)
        if len(request.body) > LARGEST_BODY:
            raise RequestDataTooBig
        return json.loads(request.body.decode("utf-8"), parse_constant=_no_constant, parse_float=_number)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _number(text: str) -> float:
    """JSON Schema calls 3.0 an integer, so it is one."""
    value = float(text)
    return int(value) if value.is_integer() else value


api = NinjaAPI(
    title="mediasync",
    version=__version__,
    description="Everything the pages show, and what they can do. docs/API.md begins with three examples.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=Strict(),
)


def reads(
    router: Router, path: str, answer: Any, *, others: dict[int, Any] | None = None, scope: str = Scope.READ
) -> Callable[[Operation], Operation]:
    """Declare a GET, mostly for everybody who may look; `others` are answers with another status."""
    return _opens(router, "GET", path, {200: answer, **(others or {})}, scope=scope, errors=())


def acts(
    router: Router,
    path: str,
    answers: dict[int, Any],
    *,
    method: str = "POST",
    scope: str = Scope.ACT,
    errors: Iterable[int] = (),
    sent: dict[str, Any] | None = None,
) -> Callable[[Operation], Operation]:
    """Declare a change: `answers` by status; 202 means that something was queued.

    `scope`: what each member of the household may do at the pages is ACT, what they keep for staff is ADMIN.
    `sent`: the body by its type, where that is no JSON.
    """
    return _opens(router, method, path, answers, scope=scope, errors=errors, sent=sent)


def _opens(
    router: Router,
    method: str,
    path: str,
    answers: dict[int, Any],
    *,
    scope: str,
    errors: Iterable[int],
    sent: dict[str, Any] | None = None,
) -> Callable[[Operation], Operation]:
    body = {"requestBody": {"required": True, "content": sent}} if sent else {}

    def register(function: Operation) -> Operation:
        summary, _line, more = (inspect.getdoc(function) or "").partition("\n")
        needs = f"Needs the scope `{scope}`."
        declare = router.api_operation(
            [method],
            path,
            auth=auth.WAYS[scope],
            response=answers,
            operation_id=function.__name__,
            summary=summary.rstrip("."),
            description=f"{' '.join(more.split())} {needs}".strip(),
            exclude_unset=True,
            openapi_extra={"x-errors": sorted(errors), **body},
        )
        declare(function)
        operation = function._ninja_operation  # type: ignore[attr-defined]  # ninja leaves it there
        operation.view_func = _strictly(function, _names(operation))
        return function

    return register


def _names(operation: Any) -> frozenset[str]:
    """Return the names that the address of an operation may ask with."""
    asked = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return frozenset(name for model in asked for name in model.__ninja_flatten_map__)


def _strictly(function: Callable[..., Any], names: frozenset[str]) -> Callable[..., Any]:
    """Refuse names nobody knows: a filter misspelt would otherwise answer with everything."""

    @wraps(function)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        for name in request.GET:
            if name not in names:
                known = f"; known are {', '.join(sorted(names))}" if names else ""
                raise problems.invalid("query", name[:80], f"nothing can be asked by this name{known}.")
        return function(request, *args, **kwargs)

    return view


def _on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [_told(one) for one in error.errors]
    detail = f"{errors[0]['field']}: {errors[0]['message']}" if errors else "The request is not as agreed."
    return problems.answer(request, Problem(422, "invalid", detail, errors=errors))


def _told(error: dict[str, Any]) -> dict[str, str]:
    """Return one wrong value as the document names it: where, which field, and what would be right."""
    place, *path = error["loc"]
    field = ".".join(str(part) for part in path if part not in ("body", "data", "filters", "asked"))
    return {"in": str(place), "field": field[:200] or str(place), "message": str(error["msg"])[:500]}


def _on_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return gate.trouble(request, auth.nobody())
    cause = error.__cause__
    if isinstance(cause, Problem | RequestDataTooBig):
        return gate.trouble(request, cause)
    if error.status_code == 400:
        return gate.trouble(request, Problem(400, "bad-json", "The body is no JSON document."))
    return gate.trouble(request, Problem(error.status_code, "http", str(error)))


api.add_exception_handler(ValidationError, _on_invalid)
api.add_exception_handler(HttpError, _on_http_error)
api.add_exception_handler(Exception, gate.trouble)
