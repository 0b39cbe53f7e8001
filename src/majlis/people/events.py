"""What happens to people. Every event carries ids, never rows, and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class _OfProfile:
    profile_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ProfileMade(_OfProfile):
    """A profile is there, with its counters."""


@dataclass(frozen=True, slots=True)
class ProfileChanged(_OfProfile):
    """Anything that others see of it changed: names, bio, fields, pictures, switches, limits."""


@dataclass(frozen=True, slots=True)
class ProfileWithdrawn(_OfProfile):
    """Everything of the profile is hidden from now on."""


@dataclass(frozen=True, slots=True)
class ProfileRestored(_OfProfile):
    """A withdrawn profile is back."""


@dataclass(frozen=True, slots=True)
class ProfileDeleted(_OfProfile):
    """Told just before the rows go, in the same transaction: collect now what must be cleaned up."""


@dataclass(frozen=True, slots=True)
class _OfFollow:
    follower: int
    followed: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Followed(_OfFollow):
    """``asked`` is true when a request came first and has now been accepted."""

    follow_id: int
    asked: bool = False


@dataclass(frozen=True, slots=True)
class FollowChanged(_OfFollow):
    """Boosts, notification or languages of an existing follow were set otherwise."""

    follow_id: int


@dataclass(frozen=True, slots=True)
class FollowRequested(_OfFollow):
    """The followed one decides."""

    request_id: int


@dataclass(frozen=True, slots=True)
class FollowRequestWithdrawn(_OfFollow):
    """The follower asks no longer."""

    request_id: int


@dataclass(frozen=True, slots=True)
class FollowRefused(_OfFollow):
    """The followed one said no; the follower is not told."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Unfollowed(_OfFollow):
    """``by`` ended it: the follower, or the followed one who removed a follower or blocked."""

    follow_id: int
    by: int


@dataclass(frozen=True, slots=True)
class FollowedInBulk:
    """Many follows were brought in at once (archive, demo): nobody is notified, memories are refreshed."""

    follower_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class _OfBlock:
    blocker: int
    blocked: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Blocked(_OfBlock):
    """Follows, requests and memberships between the two are gone already."""


@dataclass(frozen=True, slots=True)
class Unblocked(_OfBlock):
    """What the block removed does not come back."""


@dataclass(frozen=True, slots=True)
class _OfMute:
    muter: int
    muted: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Muted(_OfMute):
    """Also when only the end or the notifications of a mute changed. Never told to the muted one."""

    expires_at: datetime | None
    notifications: bool


@dataclass(frozen=True, slots=True)
class Unmuted(_OfMute):
    """Lifted by hand; one that runs out tells nobody."""


@dataclass(frozen=True, slots=True)
class DomainBlocked:
    """A member blocked a server; follows between her and its people are gone already."""

    blocker: int
    domain: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DomainUnblocked:
    """A member lifted her block of a server."""

    blocker: int
    domain: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CircleChanged:
    """``member`` joined or left; None: the circle itself was made, renamed or deleted. Owner only."""

    owner: int
    circle_id: int
    member: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ListChanged:
    """A list or its members changed. For its owner only."""

    owner: int
    list_id: int
    at: datetime
