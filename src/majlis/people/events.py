"""What happens to people. Every event carries ids, never rows, and the moment."""

from __future__ import annotations

from datetime import datetime

from majlis.core.events import Event


class _OfProfile(Event, frozen=True):
    profile_id: int
    at: datetime


class ProfileMade(_OfProfile, frozen=True):
    """A profile is there, with its counters."""


class ProfileChanged(_OfProfile, frozen=True):
    """Anything that others see of it changed: names, bio, fields, pictures, switches, limits."""


class ProfileHandedOver(_OfProfile, frozen=True):
    """It belongs to another login from now on: whoever is signed in as it is signed out."""


class PreferencesChanged(_OfProfile, frozen=True):
    """She writes or reads with other defaults; others see none of it."""


class ProfileWithdrawn(_OfProfile, frozen=True):
    """Everything of the profile is hidden from now on."""


class ProfileRestored(_OfProfile, frozen=True):
    """A withdrawn profile is back."""


class ProfileDeleted(_OfProfile, frozen=True):
    """Told just before the rows go, in the same transaction: collect now what must be cleaned up."""


class _OfFollow(Event, frozen=True):
    follower: int
    followed: int
    at: datetime


class Followed(_OfFollow, frozen=True):
    """``asked`` is true when a request came first and has now been accepted."""

    follow_id: int
    asked: bool = False


class FollowChanged(_OfFollow, frozen=True):
    """Boosts, notification or languages of an existing follow were set otherwise."""

    follow_id: int


class FollowRequested(_OfFollow, frozen=True):
    """The followed one decides."""

    request_id: int


class FollowRequestWithdrawn(_OfFollow, frozen=True):
    """The follower asks no longer."""

    request_id: int


class FollowRefused(_OfFollow, frozen=True):
    """The followed one said no; the follower is not told."""

    request_id: int


class Unfollowed(_OfFollow, frozen=True):
    """``by`` ended it: the follower, or the followed one who removed a follower or blocked."""

    follow_id: int
    by: int


class FollowedInBulk(Event, frozen=True):
    """Many follows were brought in at once (archive, demo): nobody is notified, memories are refreshed."""

    follower_ids: tuple[int, ...]
    at: datetime


class _OfBlock(Event, frozen=True):
    blocker: int
    blocked: int
    at: datetime


class Blocked(_OfBlock, frozen=True):
    """Follows, requests and memberships between the two are gone already."""


class Unblocked(_OfBlock, frozen=True):
    """What the block removed does not come back."""


class _OfMute(Event, frozen=True):
    muter: int
    muted: int
    at: datetime


class Muted(_OfMute, frozen=True):
    """Also when only the end or the notifications of a mute changed. Never told to the muted one."""

    expires_at: datetime | None
    notifications: bool


class Unmuted(_OfMute, frozen=True):
    """Lifted by hand; one that runs out tells nobody."""


class DomainBlocked(Event, frozen=True):
    """A member blocked a server; follows between her and its people are gone already."""

    blocker: int
    domain: str
    at: datetime


class DomainUnblocked(Event, frozen=True):
    """A member lifted her block of a server."""

    blocker: int
    domain: str
    at: datetime


class CircleChanged(Event, frozen=True):
    """``member`` joined or left; None: the circle itself was made, renamed or deleted. Owner only."""

    owner: int
    circle_id: int
    member: int | None
    at: datetime


class ListChanged(Event, frozen=True):
    """A list or its members changed. For its owner only."""

    owner: int
    list_id: int
    at: datetime
