"""Who is asking, in which language, and how a refusal becomes a page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from majlis.accounts import zones
from majlis.core.errors import Refused, TooMany
from majlis.people import queries as people

Respond = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The member's choice (cookie), else the browser's wish, else the server's default."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        language = (
            asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
        )
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.respond(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class ProfileMiddleware:
    """``request.profile``: the profile the member acts as, or None. Loaded when first asked for.

    What is answered tells exact times as that member reads them.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.profile = SimpleLazyObject(lambda: _profile_of(request))  # type: ignore[attr-defined]
        with timezone.override(zones.of(request)):
            return self.respond(request)


def _profile_of(request: HttpRequest) -> people.Viewer | None:
    if not request.user.is_authenticated:
        return None
    return people.viewer_of(user_id=request.user.pk, chosen=request.session.get("profile_id"))


class RefusalMiddleware:
    """A refusal from the domain is an answer with its status and its sentence."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        response = (
            _as_json(error) if request.path.startswith(("/api/", "/oauth/")) else as_page(request, error)
        )
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.retry_after)
        return response


def _as_json(error: Refused) -> HttpResponse:
    return JsonResponse({"error": str(error.sentence), "code": error.code}, status=error.status)


def as_page(request: HttpRequest, error: Refused) -> HttpResponse:
    response = render(request, "web/errors/refused.html", {"error": error}, status=error.status)
    if request.headers.get("HX-Request"):
        # a part of a page stays as it is; the sentence comes as a toast
        response["HX-Reswap"] = "none"
        response["X-Sentence"] = quote(str(error.sentence))
    return response
