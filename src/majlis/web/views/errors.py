"""The pages for what went wrong: what happened, what is safe, what to do. Templates 400 … 503."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from majlis.core.errors import TooMany
from majlis.web.doors import to_sign_in

_OF_MEMBERS: Final = ("/posts/", "/people/", "/tags/")


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, f"{status}.html", {"robots": "noindex", **context}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known, and not hers to do."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for her; the two are never told apart."""
    return _page(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too often; says when it may be tried again (seconds)."""
    wait = exception.retry_after if isinstance(exception, TooMany) else 60
    response = _page(request, 429, retry_after=wait)
    response["Retry-After"] = str(wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the page asks nothing of the database."""
    return _page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away; the page asks nothing of it, not even who is reading."""
    request.user = AnonymousUser()
    request.profile = None  # type: ignore[attr-defined]
    return _page(request, 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: a form that is too old, or not ours.

    Guests' pages carry buttons without a token, so that they can be cached: pressing one leads to the
    sign-in page, and changes nothing.
    """
    if not request.user.is_authenticated and request.path.startswith(_OF_MEMBERS):
        return to_sign_in(request)
    return _page(request, 403, stale_form=True)
