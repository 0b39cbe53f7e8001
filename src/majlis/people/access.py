"""The doors of people: whoever holds one of these types has been checked.

"Not hers" and "not there" are the same refusal, word for word.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.people import queries
from majlis.people.views import CircleView, ListView, ProfileView


class OwnProfile(ProfileView, frozen=True):
    """A profile that belongs to the login that asked."""


class SeenProfile(ProfileView, frozen=True):
    """A profile that may be shown."""


class OwnCircle(CircleView, frozen=True):
    """A circle of the profile that asked."""


class OwnList(ListView, frozen=True):
    """A list of the profile that asked."""


Checked = TypeVar("Checked", bound=msgspec.Struct)


def _as(kind: type[Checked], view: msgspec.Struct) -> Checked:
    return kind(*msgspec.structs.astuple(view))


def own_profile(*, user_id: int, profile_id: int) -> OwnProfile:
    """A profile that belongs to the login.

    Raises:
        NotThere: unknown, withdrawn, or somebody else's.
    """
    for profile in queries.profiles_of_login(user_id=user_id):
        if profile.id == profile_id:
            return _as(OwnProfile, profile)
    raise _no_profile()


def see_profile(*, profile_id: int, viewer_id: int | None) -> SeenProfile:
    """A profile as anybody may see it, also one that blocks the viewer: its posts have their own door.

    ``viewer_id`` is None for strangers.

    Raises:
        NotThere: unknown or withdrawn.
    """
    return see_profiles(profile_ids=[profile_id], viewer_id=viewer_id)[0]


def see_profiles(*, profile_ids: list[int], viewer_id: int | None) -> list[SeenProfile]:
    """The same for many, in the order given. One query.

    Raises:
        NotThere: one of them is unknown or withdrawn.
    """
    found = queries.profiles(profile_ids)
    if any(id_ not in found or found[id_].withdrawn for id_ in profile_ids):
        raise _no_profile(cause=f"{profile_ids} for {viewer_id}")
    return [_as(SeenProfile, found[id_]) for id_ in profile_ids]


def see_acct(*, acct: str, viewer_id: int | None) -> SeenProfile:
    """The profile at ``bob``, ``@bob`` or ``bob@domain``, as :func:`see_profile`.

    Raises:
        NotThere: unknown, withdrawn, or no address at all.
    """
    found = queries.by_acct(acct)
    if found is None or found.withdrawn:
        raise _no_profile(cause=f"acct {acct[:80]!r} for {viewer_id}")
    return _as(SeenProfile, found)


def own_circle(*, circle_id: int, by: int) -> OwnCircle:
    """A circle of the profile ``by``.

    Raises:
        NotThere: unknown, or somebody else's.
    """
    found = queries.circle(owner_id=by, circle_id=circle_id)
    if found is None:
        raise NotThere(_("There is no such circle."), cause=f"circle {circle_id} for {by}")
    return _as(OwnCircle, found)


def own_list(*, list_id: int, by: int) -> OwnList:
    """A list of the profile ``by``.

    Raises:
        NotThere: unknown, or somebody else's.
    """
    found = queries.one_list(owner_id=by, list_id=list_id)
    if found is None:
        raise NotThere(_("There is no such list."), cause=f"list {list_id} for {by}")
    return _as(OwnList, found)


def _no_profile(*, cause: str | None = None) -> NotThere:
    return NotThere(_("There is nobody at this address."), cause=cause)
