"""Who is asking: by access token (remembered, forgotten at revocation) or by the session of a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from majlis.accounts import tokens
from majlis.accounts.tokens import Bearer
from majlis.core import changes
from majlis.core.errors import NotAllowed, NotSignedIn
from majlis.feeds.memory import MEMORY, Cache
from majlis.people import queries as people

_bearers: Final[Cache[str, tuple[Bearer, float]]] = Cache(20_000)
KEPT_FOR: Final = 600.0
"""Seconds after which a remembered token is looked up again (it may have expired)."""


def listen() -> None:
    """Forget a token when it is revoked."""
    changes.listen("token.revoked", lambda line: _bearers.invalidate(line.data["checksum"]))


def forget() -> None:
    """Forget all tokens (the process was away from the change log)."""
    _bearers.clear()


def remembered_bearer(token: str, *, at: datetime) -> Bearer | None:
    """The bearer, if it is in memory."""
    kept = _bearers.get(tokens.checksum(token))
    return kept[0] if kept is not None and at.timestamp() - kept[1] < KEPT_FOR else None


def require_bearer(token: str, *, at: datetime) -> Bearer:
    """The bearer of a token, from the database, remembered from now on.

    Raises:
        NotSignedIn, NotAllowed: see ``accounts.tokens.require``.
    """
    mark = _bearers.mark()
    if not token:
        raise NotSignedIn(_("The access token is invalid."), code="invalid_token")
    bearer = tokens.require(token)
    tokens.note_use(bearer, on=at.date())
    if MEMORY.live:
        _bearers.store(tokens.checksum(token), (bearer, at.timestamp()), mark)
    return bearer


def require_member(bearer: Bearer, scope: str) -> int:
    """The profile a token speaks for, when it may do this.

    Raises:
        NotAllowed: the scope is missing, or the token belongs to an application alone.
    """
    if not bearer.allows(scope):
        raise NotAllowed(_("This action is outside the authorized scopes."), code="outside_scopes")
    if bearer.profile_id is None:
        raise NotAllowed(_("This method requires an authenticated user."), code="no_member")
    return bearer.profile_id


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser: the profile it acts as, and the name of its session (not the key)."""

    profile_id: int
    checksum: str


def browser(cookie_header: str) -> Browser:
    """Who is signed in with these cookies. Reads the database.

    Raises:
        NotSignedIn: nobody.
    """
    nobody = NotSignedIn(_("Please sign in first."))
    try:
        morsel = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError as error:
        raise nobody from error
    if morsel is None:
        raise nobody
    request = HttpRequest()
    request.session = SessionStore(session_key=morsel.value)
    user = get_user(request)
    if not user.is_authenticated or not user.is_active:
        raise nobody
    viewer = people.viewer_of(user_id=user.pk, chosen=request.session.get("profile_id"))
    if viewer is None:
        raise nobody
    return Browser(viewer.id, sha256(morsel.value.encode()).hexdigest())
