"""Who is asking: what an access token may, or by the session of a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, parse_cookie
from django.utils.translation import gettext_lazy as _

from majlis.accounts.tokens import Bearer
from majlis.core.errors import NotAllowed, NotSignedIn
from majlis.people import queries as people

# a quoted cookie may hold any byte, zero included; what could be no key is not looked up
_KEY: Final = re.compile(r"[A-Za-z0-9]{8,40}")


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


def session_key(cookie_header: str) -> str:
    """The key of the session that the cookies name, read as Django reads them; an empty text for none."""
    if settings.SESSION_COOKIE_NAME not in cookie_header:
        return ""
    key = parse_cookie(cookie_header).get(settings.SESSION_COOKIE_NAME, "")
    return key if _KEY.fullmatch(key) else ""


def checksum(session_key: str) -> str:
    """The name of a session where its key must not be: in memory and in the change log."""
    return sha256(session_key.encode()).hexdigest()


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
    key = session_key(cookie_header)
    if not key:
        raise nobody
    request = HttpRequest()
    request.session = SessionStore(session_key=key)
    user = get_user(request)
    if not user.is_authenticated or not user.is_active:
        raise nobody
    viewer = people.viewer_of(user_id=user.pk, chosen=request.session.get("profile_id"))
    if viewer is None:
        raise nobody
    return Browser(viewer.id, checksum(key))
