"""What holds for every answer below the addresses of programs, errors and unknown addresses included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import Refused
from majlis.mastodon_api.request import refuse

Respond = Callable[[HttpRequest], HttpResponse]

_OPEN: Final = ("/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/nodeinfo", "/.well-known/")
_PROGRAMS: Final = ("/api/", "/nodeinfo/")
_SENTENCES: Final = {
    400: _("The data sent is not what is expected here."),
    403: _("This is not allowed."),
    404: _("This address does not exist."),
    405: _("This address does not take this method."),
    413: _("The data sent is too large."),
    500: _("Something went wrong here. It was noted."),
}


class ApiMiddleware:
    """CORS (no cookie is read here, so every origin may ask), JSON for every error, no shared caching."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_OPEN):
            return self.respond(request)
        if request.method == "OPTIONS":
            return _open(HttpResponse(status=204))
        response = self.respond(request)
        if request.path.startswith(_PROGRAMS):
            response = _in_json(response)
            _keep_private(request, response)
            # data, whatever a browser takes it for
            response.headers.setdefault(
                "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"
            )
        return _open(response)


def _open(response: HttpResponse) -> HttpResponse:
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers.setdefault("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS")
    headers.setdefault("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key")
    exposed = "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
    headers.setdefault("Access-Control-Expose-Headers", exposed)
    if response.status_code == 204:
        headers.setdefault("Access-Control-Max-Age", "86400")
    return response


def _in_json(response: HttpResponse) -> HttpResponse:
    plain = response.headers.get("Content-Type", "").startswith("application/json")
    status = response.status_code
    if plain or status < 400 or (status == 500 and settings.DEBUG):
        return response
    refusal = refuse(Refused(_SENTENCES.get(status, _SENTENCES[500 if status >= 500 else 400])))
    refusal.status_code = status
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            refusal[name] = response.headers[name]
    return refusal


def _keep_private(request: HttpRequest, response: HttpResponse) -> None:
    """MASTO-10969: what one viewer was given is not given to another by a cache between."""
    patch_vary_headers(response, ("Authorization", "Accept-Language"))
    anonymous = "Authorization" not in request.headers and "access_token" not in request.GET
    open_to_all = anonymous and request.method in {"GET", "HEAD"} and response.status_code == 200
    cached = "public, max-age=0, must-revalidate" if open_to_all else "private, no-store"
    response.headers.setdefault("Cache-Control", cached)
