"""What the queries give: people as pages, apps and feeds need them. Never changed, safe to share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import msgspec

from majlis.people.preferences import Preferences

Kind = Literal["person", "business", "automated"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The profile that somebody signed in acts as. That it is hers has been checked."""

    id: int
    user_id: int
    handle: str
    display_name: str
    avatar_key: str
    kind: Kind
    languages: tuple[str, ...]
    preferences: Preferences
    is_operator: bool

    @property
    def name(self) -> str:
        """What to call her."""
        return self.display_name or self.handle


class Field(msgspec.Struct, frozen=True):
    """A name and a value on a profile. ``url`` is set when the value is one link and nothing else."""

    name: str
    value: str
    url: str = ""
    html: str = ""
    verified_at: datetime | None = None


class ProfileView(msgspec.Struct, frozen=True):
    """A profile with its counters. ``bio_html`` and a field's ``html`` come from the sanitiser."""

    id: int
    kind: Kind
    handle: str
    domain: str
    display_name: str
    bio: str
    bio_html: str
    fields: tuple[Field, ...]
    avatar_key: str
    avatar_animated: bool
    avatar_alt: str
    header_key: str
    header_alt: str
    languages: tuple[str, ...]
    locked: bool
    discoverable: bool
    indexable: bool
    hide_network: bool
    made_at: datetime
    withdrawn: bool
    limited: bool
    moved_to: int | None
    example: bool
    followers: int
    following: int
    posts: int
    last_post_on: date | None

    @property
    def acct(self) -> str:
        """``handle`` here, ``handle@domain`` elsewhere."""
        return f"{self.handle}@{self.domain}" if self.domain else self.handle

    @property
    def name(self) -> str:
        """What to call the profile."""
        return self.display_name or self.handle

    @property
    def local(self) -> bool:
        """Whether it lives on this server."""
        return not self.domain


class Relationship(msgspec.Struct, frozen=True):
    """How the viewer (first person of every name) stands to the profile ``id``."""

    id: int
    following: bool = False
    showing_boosts: bool = False
    notifying: bool = False
    languages: tuple[str, ...] | None = None
    followed_by: bool = False
    requested: bool = False
    requested_by: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muting_expires_at: datetime | None = None
    domain_blocking: bool = False
    endorsed: bool = False
    note: str = ""

    @property
    def friends(self) -> bool:
        """Whether the two follow each other."""
        return self.following and self.followed_by


class CircleView(msgspec.Struct, frozen=True):
    """A circle, for its owner alone. ``members`` counts those who can read here."""

    id: int
    name: str
    members: int
    made_at: datetime


class ListView(msgspec.Struct, frozen=True):
    """A list, for its owner alone."""

    id: int
    title: str
    replies: Literal["followed", "list", "none"]
    exclusive: bool
    members: int
    made_at: datetime


class ListPart(msgspec.Struct, frozen=True):
    """A list as far as some profiles go: whose it is, its reply policy, and who of them is on it."""

    owner_id: int
    replies: Literal["followed", "list", "none"]
    members: frozenset[int]


class MuteView(msgspec.Struct, frozen=True):
    """A mute in force."""

    profile_id: int
    notifications: bool
    expires_at: datetime | None


class Suggestion(msgspec.Struct, frozen=True):
    """Somebody to follow. ``through`` counts those whom the viewer follows and who follow this one."""

    profile_id: int
    source: Literal["friends_of_friends", "well_followed"]
    through: int


@dataclass(frozen=True, slots=True)
class AudienceSizes:
    """How many can see a post, besides its author. Profiles of this server that are not withdrawn.

    ``public`` counts members here and stops at ``COUNTED_AT_MOST``; strangers come on top.
    ``followers`` and ``friends`` include those of other servers.
    """

    public: int
    followers: int
    friends: int
    circles: dict[int, int]


COUNTED_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What a viewer's feeds leave out, from one query. ``None`` as viewer gives the empty rules."""

    following: frozenset[int] = frozenset()
    without_boosts: frozenset[int] = frozenset()
    languages: dict[int, frozenset[str]] = field(default_factory=dict)  # followed: only posts in these
    muted: frozenset[int] = frozenset()  # in force
    mutes_end: datetime | None = None  # when the next of them ends, and these rules with it
    blocked: frozenset[int] = frozenset()
    blocked_by: frozenset[int] = frozenset()
    domains: frozenset[str] = frozenset()
    exclusive: frozenset[int] = frozenset()  # on an exclusive list of hers, so not in the home feed

    @property
    def hidden(self) -> frozenset[int]:
        """Whose posts are left out everywhere but on their own pages."""
        return self.muted | self.blocked | self.blocked_by
