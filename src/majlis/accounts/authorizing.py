"""Consent and tokens, step by step, for the edge: what an app asks, what a member answers, what it gets.

Everything that decides is oauthlib's, through ``provider``; here are the steps and our own sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauthlib.common import Request
from oauthlib.oauth2 import FatalClientError, OAuth2Error

from majlis.accounts import applications
from majlis.accounts.applications import App
from majlis.accounts.models import User
from majlis.core import json
from majlis.core.errors import Refused

#: Fields of the token and revocation endpoints; others are ignored, as RFC 6749 section 3.2 wants.
FIELDS: Final = (
    "grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier", "scope",
    "token", "token_type_hint",
)  # fmt: skip

_SENTENCES: Final[dict[str, Promise]] = {
    "invalid_request": _("The app's request is missing something, or says something twice."),
    "invalid_client": _("The app is unknown, or its secret is wrong."),
    "invalid_grant": _(
        "The authorization code is wrong, used, expired, or was made for another app or address."
    ),
    "unauthorized_client": _("The app may not ask in this way."),
    "unsupported_grant_type": _(
        "Tokens are given for an authorization code or an app's own credentials only."
    ),
    "unsupported_response_type": _("The app asks for an answer that is not given here."),
    "unsupported_token_type": _("Only access tokens can be revoked."),
    "invalid_scope": _("The app asks for more than it may be given."),
    "access_denied": _("You did not allow it."),
}
_UNKNOWN: Final = _("The app's request cannot be answered.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an app asks of a member, checked: the app exists and the address is one it registered."""

    application: App
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    uri: str  # the request as it came, for the second step


class SentBack(Exception):  # it is an answer, not a fault of ours
    """The app asked wrongly, and is told so at its registered address."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def ask(*, query: str, by: int) -> Asked:
    """What an app asks of this member.

    Raises:
        Refused: the app is unknown or the address is not its own; nobody is sent anywhere.
        SentBack: all other faults.
    """
    uri = f"/oauth/authorize?{query}"
    try:
        request = Request(uri, "GET")
        request.user = User.objects.get(pk=by)
        request.scopes = list(dict.fromkeys((request.scope or "").split()))
        server = get_oauthlib_core().server
        handler = server.response_types.get(request.response_type, server.default_response_type_handler)
        granted, credentials = handler.validate_authorization_request(request)
    except (FatalClientError, ValueError) as error:  # ValueError: a query that is none
        raise Refused(
            _("The app is unknown, or wants you sent where it never said."), cause=str(error)
        ) from error
    except OAuth2Error as error:
        raise SentBack(_location(request.redirect_uri, request.state, **_fault(error.error))) from error
    application = applications.find(application_id=request.client.pk)
    assert application is not None  # noqa: S101  # it was loaded a moment ago
    return Asked(application, credentials["redirect_uri"], tuple(granted), credentials["state"], uri)


def agree(asked: Asked, *, by: int, profile_id: int) -> str:
    """The member agrees: a code, good for ten minutes and one use, to speak for this profile of hers.

    That the profile is hers has been checked by the caller (people is above this module).
    """
    headers, _body, _status = get_oauthlib_core().server.create_authorization_response(
        asked.uri,
        "GET",
        scopes=list(asked.scopes),
        credentials={"user": User.objects.get(pk=by), "profile_id": profile_id, "response_mode": "query"},
    )
    code: str = parse_qs(urlsplit(headers["Location"]).query)["code"][-1]
    return code


def answer(asked: Asked, *, code: str) -> str:
    """Where the member is sent with the code."""
    return _location(asked.redirect_uri, asked.state, code=code)


def decline(asked: Asked) -> str:
    """Where the member is sent without one."""
    return _location(asked.redirect_uri, asked.state, **_fault("access_denied"))


def _location(redirect_uri: str, state: str | None, **parameters: str) -> str:
    """The registered address as it was registered, with our parameters behind (RFC 9207 wants ``iss``)."""
    known = parameters | ({"state": state} if state is not None else {}) | {"iss": settings.MAJLIS.base_url}
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(known)}"


def _fault(code: str) -> dict[str, str]:
    return {"error": code, "error_description": str(_SENTENCES.get(code, _UNKNOWN))}


def exchange(request: HttpRequest, *, at: datetime) -> tuple[int, dict[str, Any], dict[str, str]]:
    """A code or an app's credentials, in ``request.oauth_fields``, for a token: status, body, headers."""
    with transaction.atomic():
        _uri, headers, body, status = get_oauthlib_core().create_token_response(request)
    made = json.decode_own(body)
    if "access_token" not in made:
        return status, _fault(made["error"]), _challenge(headers)
    shown = {name: made[name] for name in ("access_token", "token_type", "scope")}
    return status, shown | {"created_at": int(at.timestamp())}, {}


def revoke(request: HttpRequest, *, at: datetime) -> tuple[int, dict[str, Any], dict[str, str]]:
    """An app ends a token of its own: status, body, headers."""
    _uri, headers, body, status = get_oauthlib_core().create_revocation_response(request)
    return status, _fault(json.decode_own(body)["error"]) if body else {}, _challenge(headers)


def _challenge(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name == "WWW-Authenticate"}
