"""A person waits for a page: what it asks of the network goes first."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from outbound.client import asked_by_a_person


def people_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give the requests made for a web page the priority CRITICAL."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with asked_by_a_person():
            return get_response(request)

    return middleware
