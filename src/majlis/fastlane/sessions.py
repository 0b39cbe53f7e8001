"""Whose many browsers are, in three queries: for counting, where nothing is opened by it.

What opens a door asks ``identity.browser``, one at a time.
"""

from __future__ import annotations

from collections.abc import Collection

from majlis.accounts import queries as accounts
from majlis.fastlane.identity import session_key
from majlis.people import queries as people


def profiles_of(cookies: Collection[str]) -> dict[str, int]:
    """The profile that acts with each of these cookie headers; 0 for nobody."""
    keys = {cookie: session_key(cookie) for cookie in cookies}
    logins = accounts.logins_of_sessions({key for key in keys.values() if key})
    acting = people.acting_profiles(set(logins.values()))
    return {cookie: acting.get(logins.get(key, (0, 0)), 0) for cookie, key in keys.items()}
