"""What a person prefers, read with the account itself, and the filters last used on each list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from pages.models import Preference
from pages.query import ListQuery


class Accounts(ModelBackend):
    """Django's accounts; the preferences come with the account in the one query that every page makes."""

    def get_user(self, user_id: int) -> Any:
        """Return the active account, or None."""
        found = get_user_model()._default_manager.select_related("preference").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None


def of(user: Any) -> Preference:
    """Return what this person prefers; whoever never chose anything has the defaults, unsaved."""
    if not isinstance(user, User):
        return Preference()
    try:
        found: Preference = user.preference
    except Preference.DoesNotExist:
        found = Preference(user=user)
    return found


def prefer(user: Any, **fields: Any) -> Preference:
    """Keep `fields` (theme, language, shortcuts, lists) as what this person prefers."""
    found, _made = Preference.objects.update_or_create(user=user, defaults=fields)
    return found


def recalled(request: HttpRequest, name: str) -> str:
    """Return the querystring last used on the list `name` where the address asks for nothing; else ""."""
    if request.META.get("QUERY_STRING") or request.method != "GET" or "HX-Request" in request.headers:
        return ""
    found = of(request.user).lists.get(name, "")
    return f"?{found}" if isinstance(found, str) and found else ""


def remember(request: HttpRequest, name: str, query: ListQuery) -> None:
    """Keep what a person set on the list itself; a link from elsewhere that filters it changes nothing."""
    mine = of(request.user)
    if mine.lists.get(name, "") != query.kept and _came_from(request) == request.path:
        prefer(request.user, lists={**mine.lists, name: query.kept})


def place_of(name: str, *args: Any) -> str:
    """Return the address of a list without its remembered filters."""
    return f"{reverse(name, args=args)}?all"


def _came_from(request: HttpRequest) -> str:
    try:
        return urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")).path
    except ValueError:  # whatever that is, it is no address
        return ""
