"""Who may come to a page, and how long a browser keeps it: for members, or for anyone.

Guests who come to a member's page go through the sign-in page and come back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from majlis.people.queries import Viewer

P = ParamSpec("P")
SIGN_IN = "/accounts/login/"
_WITHOUT_PROFILE = "/settings/profiles"


def member(
    *methods: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """A page for who is signed in: the view gets the profile she acts as. GET means HEAD too."""

    def wrap(
        view: Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @require_http_methods(_with_head(methods))
        @wraps(view)
        def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            viewer: Viewer | None = getattr(request, "profile", None)
            if not viewer:
                return elsewhere(request)
            return kept_private(view(request, viewer, *args, **kwargs))

        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], opened)

    return wrap


def anyone(
    *methods: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, int | None, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """A page for guests too: the view gets the id of the profile that looks, or None."""

    def wrap(
        view: Callable[Concatenate[HttpRequest, int | None, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @require_http_methods(_with_head(methods))
        @wraps(view)
        def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            viewer: Viewer | None = getattr(request, "profile", None)
            response = view(request, viewer.id if viewer else None, *args, **kwargs)
            return kept_private(response) if viewer else _varied(response)

        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], opened)

    return wrap


def _with_head(methods: tuple[str, ...]) -> list[str]:
    return [*methods, "HEAD"] if "GET" in methods else list(methods)


def kept_private(response: HttpResponse) -> HttpResponse:
    """What a member sees stays in her own browser, and is asked for anew each time."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return _varied(response)


def _varied(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Cookie", "Accept-Language", "HX-Request"))
    return response


def elsewhere(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, or, without a profile yet, to where one is made."""
    if request.user.is_authenticated:
        return goto(request, _WITHOUT_PROFILE)
    return to_sign_in(request)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back to where she was: the page asked for, or that of the form she sent."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else came_from(request)
    return kept_private(goto(request, f"{SIGN_IN}?{urlencode({'next': back})}"))


def goto(request: HttpRequest, address: str) -> HttpResponse:
    """To another page; by htmx the whole page goes there, not a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    response = HttpResponseRedirect(address)
    response.status_code = 303 if request.method == "POST" else 302
    return response


def came_from(request: HttpRequest, otherwise: str = "/home") -> str:
    """The address of ours that the form stood on: its field ``next``, or the page that sent it."""
    for candidate in (request.POST.get("next", ""), _path_of(request.headers.get("Referer", ""))):
        if candidate.startswith("/") and is_ours(request, candidate):
            return candidate
    return otherwise


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address leads to this server: nobody is sent elsewhere by what a form says."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def sentence_of(error: Any) -> str:
    """The sentence of a refusal, in the language of the page."""
    return str(error.sentence)
