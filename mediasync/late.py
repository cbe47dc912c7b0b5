"""Addresses that are imported by the first request for them: not every home pays their memory."""

from __future__ import annotations

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


class Late(URLResolver):
    """Like `path(…, include(…))`, but loaded only when somebody comes by, or asks for a name in its namespace.

    Django's own reads every module of addresses as soon as one name of any of them is looked up.
    """

    def _populate(self) -> None:
        """Leave the names inside alone: they are found through the namespace."""


def late(route: str, module: str, *, namespace: str) -> Late:
    """Return the addresses of `module`, which lie below `route`."""
    return Late(RoutePattern(route), module, app_name=namespace, namespace=namespace)
