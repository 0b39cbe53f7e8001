"""The session in a browser's cookies; and whose many browsers are, in three queries: for counting, where nothing
is opened by it. What opens a door asks ``identity.browser``, one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from typing import Final

from django.conf import settings

from majlis.accounts import queries as accounts
from majlis.people import queries as people

# a quoted cookie may hold any byte, zero included; what could be no key is not looked up
_KEY: Final = re.compile(r"[A-Za-z0-9]{8,40}")


def key_of(cookie: str) -> str:
    """The session key in a cookie header, if there is what could be one; else nothing."""
    if settings.SESSION_COOKIE_NAME not in cookie:
        return ""
    try:
        morsel = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel and _KEY.fullmatch(morsel.value) else ""


def profiles_of(cookies: Collection[str]) -> dict[str, int]:
    """The profile that acts with each of these cookie headers; 0 for nobody."""
    keys = {cookie: key_of(cookie) for cookie in cookies}
    logins = accounts.logins_of_sessions({key for key in keys.values() if key})
    acting = people.acting_profiles(set(logins.values()))
    return {cookie: acting.get(logins.get(key, (0, 0)), 0) for cookie, key in keys.items()}
