"""What apps see of oneself, and of how one stands to others: CredentialAccount, Profile, Relationship …"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from majlis.mastodon_api.entities.account import Account, account, moment
from majlis.people.preferences import Preferences
from majlis.people.views import ListView, ProfileView
from majlis.people.views import Relationship as RelationshipView

#: From our audiences to the words of apps. Friends are told as what promises no more than is kept.
PRIVACY: Final[Mapping[str, str]] = {
    "public": "public",
    "unlisted": "unlisted",
    "followers": "private",
    "friends": "private",
    "mentioned": "direct",
}
QUOTE_POLICY: Final[Mapping[str, str]] = {
    "everyone": "public",
    "followers": "followers",
    "friends": "followers",
    "mentioned": "nobody",
    "nobody": "nobody",
}


class RawField(msgspec.Struct, kw_only=True):
    """A line of name and value as its owner typed it."""

    name: str
    value: str
    verified_at: str | None


class Source(msgspec.Struct, kw_only=True):
    """What an app's settings page begins with."""

    note: str
    fields: list[RawField]
    privacy: str
    sensitive: bool
    language: str
    quote_policy: str
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    attribution_domains: list[str] = []


class Role(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Role/. ``permissions`` are those of Mastodon's admin endpoints,
    which are not here: nobody has any."""

    id: str
    name: str
    permissions: str = "0"
    color: str = ""
    highlighted: bool = False
    collection_limit: int = 0


MEMBER: Final = Role(id="1", name="")
OPERATOR: Final = Role(id="2", name="Operator")


class CredentialAccount(Account, kw_only=True):
    """https://docs.joinmastodon.org/entities/CredentialAccount/"""

    source: Source
    role: Role


def raw_fields(profile: ProfileView) -> list[RawField]:
    """The fields of a profile as they were typed."""
    return [
        RawField(
            name=field.name,
            value=field.value,
            verified_at=moment(field.verified_at) if field.verified_at else None,
        )
        for field in profile.fields
    ]


def credential_account(
    profile: ProfileView, preferences: Preferences, *, requests: int, operator: bool
) -> CredentialAccount:
    """A profile for the one who acts as it. ``requests``: how many wait to follow."""
    source = Source(
        note=profile.bio,
        fields=raw_fields(profile),
        privacy=PRIVACY[preferences.audience],
        sensitive=preferences.sensitive,
        language=preferences.language,
        quote_policy=QUOTE_POLICY[preferences.may_quote],
        follow_requests_count=requests,
        hide_collections=profile.hide_network,
        discoverable=profile.discoverable,
        indexable=profile.indexable,
    )
    shown = msgspec.structs.asdict(account(profile))
    return CredentialAccount(**shown, source=source, role=OPERATOR if operator else MEMBER)


class Profile(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Profile/: the same for an editor of profiles, all as typed."""

    id: str
    display_name: str
    note: str
    fields: list[RawField]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool
    discoverable: bool
    indexable: bool
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    attribution_domains: list[str] = []


def own_profile(profile: ProfileView) -> Profile:
    """A profile for its editor."""
    shown = account(profile)
    return Profile(
        id=shown.id,
        display_name=profile.display_name,
        note=profile.bio,
        fields=raw_fields(profile),
        avatar=shown.avatar if profile.avatar_key else None,
        avatar_static=shown.avatar_static if profile.avatar_key else None,
        avatar_description=profile.avatar_alt,
        header=shown.header if profile.header_key else None,
        header_static=shown.header_static if profile.header_key else None,
        header_description=profile.header_alt,
        locked=shown.locked,
        bot=shown.bot,
        hide_collections=shown.hide_collections,
        discoverable=shown.discoverable,
        indexable=shown.indexable,
    )


class Relationship(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Relationship/"""

    id: str
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: list[str] | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: str | None
    requested: bool
    requested_by: bool
    domain_blocking: bool
    endorsed: bool
    note: str


def relationship(view: RelationshipView) -> Relationship:
    """How the viewer stands to somebody."""
    return Relationship(
        id=str(view.id),
        following=view.following,
        showing_reblogs=view.showing_boosts,
        notifying=view.notifying,
        languages=list(view.languages) if view.languages else None,
        followed_by=view.followed_by,
        blocking=view.blocking,
        blocked_by=view.blocked_by,
        muting=view.muting,
        muting_notifications=view.muting_notifications,
        muting_expires_at=moment(view.muting_expires_at) if view.muting_expires_at else None,
        requested=view.requested,
        requested_by=view.requested_by,
        domain_blocking=view.domain_blocking,
        endorsed=view.endorsed,
        note=view.note,
    )


class List(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/List/"""

    id: str
    title: str
    replies_policy: str
    exclusive: bool


def list_(view: ListView) -> List:
    """A list of the viewer's."""
    return List(id=str(view.id), title=view.title, replies_policy=view.replies, exclusive=view.exclusive)


def preferences(view: Preferences) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Preferences/"""
    return {
        "posting:default:visibility": PRIVACY[view.audience],
        "posting:default:sensitive": view.sensitive,
        "posting:default:language": view.language or None,
        "posting:default:quote_policy": QUOTE_POLICY[view.may_quote],
        "reading:expand:media": view.media,
        "reading:expand:spoilers": view.open_warnings,
        "reading:autoplay:gifs": False,
    }
