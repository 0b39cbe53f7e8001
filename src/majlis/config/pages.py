"""What pages need and programs do not: sessions, forms' checks, messages, policies for browsers.

An app names itself by a token in every request and shows no HTML. For it this is half of what Django's way
around an endpoint costs (docs/performance.md), so requests below ``/api/`` take the way without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

Respond = Callable[[HttpRequest], HttpResponse]

OF_PAGES: Final = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "majlis.config.gate.GateRefusals",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "majlis.web.middleware.ProfileMiddleware",
    "majlis.web.middleware.RefusalMiddleware",
    "majlis.web.measured.MeasuredMiddleware",
)
"""In the order in which a request passes them."""
OF_PROGRAMS: Final = ("majlis.config.gate.GateRefusals", "majlis.web.middleware.RefusalMiddleware")
PROGRAMS: Final = "/api/"


class Way:
    """A chain of middleware, put together as Django does, with the hooks that Django would ask."""

    def __init__(self, names: tuple[str, ...], respond: Respond) -> None:
        self.around: list[Any] = []
        handler: Any = respond
        for name in reversed(names):
            try:
                made = import_string(name)(handler)
            except MiddlewareNotUsed:
                continue
            self.around.insert(0, made)
            handler = convert_exception_to_response(made)
        self.respond: Respond = handler

    def view(self, request: HttpRequest, *called: Any) -> HttpResponse | None:
        """What the first of them answers instead of the view."""
        return _first_answer(self.around, "process_view", request, *called)

    def exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the innermost of them answers to an exception of the view."""
        return _first_answer(self.around[::-1], "process_exception", request, error)


def _first_answer(asked: list[Any], hook: str, *about: Any) -> HttpResponse | None:
    for middleware in asked:
        ask: Callable[..., HttpResponse | None] | None = getattr(middleware, hook, None)
        answer = ask(*about) if ask else None
        if answer is not None:
            return answer
    return None


class PagesOrPrograms:
    """The way that the address asks for."""

    def __init__(self, respond: Respond) -> None:
        self._pages = Way(OF_PAGES, respond)
        self._programs = Way(OF_PROGRAMS, respond)

    def _way(self, request: HttpRequest) -> Way:
        return self._programs if request.path.startswith(PROGRAMS) else self._pages

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._way(request).respond(request)

    def process_view(self, request: HttpRequest, *called: Any) -> HttpResponse | None:
        """Django asks this before it calls a view."""
        return self._way(request).view(request, *called)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django asks this about what a view raised."""
        return self._way(request).exception(request, error)
