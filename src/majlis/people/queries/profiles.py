"""Profiles by id, by address, and the one that a login acts as."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from majlis.core.sql import Row, column, one, rows
from majlis.people.accts import Acct, split_acct
from majlis.people.preferences import Preferences
from majlis.people.queries.sql import NOBODY, SQL
from majlis.people.views import Field, ProfileView, Viewer

_languages = msgspec.json.Decoder(tuple[str, ...])
_fields = msgspec.json.Decoder(tuple[Field, ...])
_preferences = msgspec.json.Decoder(Preferences)


def viewer_of(*, user_id: int, chosen: int | None) -> Viewer | None:
    """The profile a login acts as: ``chosen`` when it is hers and not withdrawn, else her first.

    None when the login is not active or has no profile (yet).
    """
    row = one(SQL["viewer"], user_id=user_id, chosen=chosen or NOBODY)
    if row is None:
        return None
    values = [*row]
    values[6], values[7] = _languages.decode(row[6]), _preferences.decode(row[7])
    return Viewer(*values)


def acting_profiles(logins: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The ids of the profiles that logins act as: (login, chosen profile or 0) → profile. One query."""
    asked = sorted(set(logins))
    if not asked:
        return {}
    found = rows(
        SQL["acting_profiles"], logins=[login for login, _c in asked], chosen=[chosen for _l, chosen in asked]
    )
    return {(login, chosen): id_ for login, chosen, id_ in found}


def profile(id: int) -> ProfileView | None:  # noqa: A002 - the one word for it
    """One profile, withdrawn ones too (``access.see_profile`` is the door for what is shown)."""
    return profiles([id]).get(id)


def profiles(ids: Iterable[int]) -> dict[int, ProfileView]:
    """Those of the ids that exist, withdrawn ones too, in the order given. One query, none for no ids."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    found = {row[0]: _view(row) for row in rows(SQL["profiles"], ids=wanted)}
    return {id_: found[id_] for id_ in wanted if id_ in found}


def _view(row: Row) -> ProfileView:
    values = [*row]
    values[7], values[13] = _fields.decode(row[7]), _languages.decode(row[13])
    return ProfileView(*values)


def by_acct(acct: str) -> ProfileView | None:
    """The profile at ``bob``, ``@bob`` or ``bob@domain``, whatever the case; withdrawn ones too."""
    wanted = split_acct(acct)
    row = wanted and one(SQL["profile_by_acct"], handle=wanted.handle, domain=wanted.domain)
    return profile(row[0]) if row else None


def ids_of(accts: Iterable[str]) -> dict[str, int]:
    """From each address that leads to somebody (not withdrawn) to the id: one query for all of a post."""
    wanted: list[tuple[str, Acct]] = [(acct, found) for acct in accts if (found := split_acct(acct))]
    if not wanted:
        return {}
    handles, domains = [acct.handle for _, acct in wanted], [acct.domain for _, acct in wanted]
    places = rows(SQL["ids_of_accts"], handles=handles, domains=domains)
    return {wanted[place - 1][0]: id_ for place, id_ in places}


def profiles_of_login(*, user_id: int) -> list[ProfileView]:
    """All profiles of a login that it can act as, the oldest first."""
    return list(profiles(column(SQL["profiles_of_login"], user_id=user_id)).values())


def all_ids_of_login(*, user_id: int) -> list[int]:
    """The profiles of a login, withdrawn ones too: for what happens to the login itself."""
    return column(SQL["all_profiles_of_login"], user_id=user_id)


def indexable(*, start: int, limit: int) -> list[str]:
    """Handles of those who want to be found by search engines, the oldest first, ``start`` of them passed over."""
    return column(SQL["indexable"], start=start, limit=limit)


def indexable_count() -> int:
    """How many want to be found by search engines."""
    row = one(SQL["indexable_count"])
    return int(row[0]) if row else 0
