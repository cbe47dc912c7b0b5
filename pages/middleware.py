"""Pages speak the language that a person chose; without a choice, that of the browser."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from pages import preferences


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Use the language kept with the account."""

    def middleware(request: HttpRequest) -> HttpResponse:
        wanted = preferences.of(request.user).language
        if wanted and wanted != translation.get_language() and wanted in dict(settings.LANGUAGES):
            with translation.override(wanted):
                request.LANGUAGE_CODE = wanted
                response = get_response(request)
                response.headers["Content-Language"] = wanted
                return response
        return get_response(request)

    return middleware
