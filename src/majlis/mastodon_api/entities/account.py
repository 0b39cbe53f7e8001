"""Account: a profile as apps know it."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import Any, Final

import msgspec

from majlis.core import addresses
from majlis.media.addresses import avatar_url, header_url
from majlis.people.views import Field, ProfileView


class AccountField(msgspec.Struct, kw_only=True):
    """A line of name and value on a profile; ``value`` is HTML."""

    name: str
    value: str
    verified_at: str | None


class FeatureApproval(msgspec.Struct, kw_only=True, frozen=True):
    """Who may put an account into a collection: nobody, for there are none here."""

    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()
    current_user: str = "denied"


NO_FEATURING: Final = FeatureApproval()


class Account(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Account/. ``roles`` stay empty: who keeps the house is told to
    nobody who was refused by its keepers, and a badge would show which profiles belong to one login. Her own
    role is told to herself (CredentialAccount). ``majlis_page``: what a business says of itself (entities/page.py),
    where one account is asked for."""

    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    group: bool
    created_at: str
    note: str
    url: str
    uri: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    hide_collections: bool
    noindex: bool
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    feature_approval: FeatureApproval = NO_FEATURING
    emojis: list[Any] = []
    roles: list[Any] = []
    fields: list[AccountField] = []
    limited: bool | msgspec.UnsetType = msgspec.UNSET
    suspended: bool | msgspec.UnsetType = msgspec.UNSET
    moved: msgspec.Raw | msgspec.UnsetType | None = msgspec.UNSET
    majlis_page: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def moment(at: datetime) -> str:
    """A time as apps read it: UTC, milliseconds, Z."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


def day(at: date) -> str:
    """A day as a moment: the hour a person joined is nobody's business (as Mastodon does)."""
    return at.isoformat()[:10] + "T00:00:00.000Z"


def account(profile: ProfileView) -> Account:
    """A profile as an Account. Of one that is withdrawn only the name is left (as Mastodon does)."""
    return _withdrawn(profile) if profile.withdrawn else _shown(profile)


def _shown(profile: ProfileView) -> Account:
    return Account(
        id=str(profile.id),
        username=profile.handle,
        acct=profile.acct,
        display_name=profile.display_name or profile.handle,
        locked=profile.locked,
        bot=profile.kind == "automated",
        discoverable=profile.discoverable,
        indexable=profile.indexable,
        group=False,
        created_at=day(profile.made_at),
        note=profile.bio_html,
        url=addresses.profile_url(profile.acct),
        uri=addresses.absolute(f"/users/{profile.id}"),
        avatar=avatar_url(profile.avatar_key),
        avatar_static=avatar_url(profile.avatar_key, still=profile.avatar_animated),
        avatar_description=profile.avatar_alt,
        header=header_url(profile.header_key),
        header_static=header_url(profile.header_key),
        header_description=profile.header_alt,
        followers_count=profile.followers,
        following_count=profile.following,
        statuses_count=profile.posts,
        last_status_at=profile.last_post_on.isoformat() if profile.last_post_on else None,
        hide_collections=profile.hide_network,
        noindex=not profile.indexable,
        fields=[_field(field) for field in profile.fields],
        limited=True if profile.limited else msgspec.UNSET,
    )


def _field(field: Field) -> AccountField:
    verified_at = moment(field.verified_at) if field.verified_at else None
    return AccountField(name=field.name, value=field.html or escape(field.value), verified_at=verified_at)


def _withdrawn(profile: ProfileView) -> Account:
    return Account(
        id=str(profile.id),
        username=profile.handle,
        acct=profile.acct,
        display_name="",
        locked=False,
        bot=False,
        discoverable=False,
        indexable=False,
        group=False,
        created_at=day(profile.made_at),
        note="",
        url=addresses.profile_url(profile.acct),
        uri=addresses.absolute(f"/users/{profile.id}"),
        avatar=avatar_url(""),
        avatar_static=avatar_url(""),
        avatar_description="",
        header=header_url(""),
        header_static=header_url(""),
        header_description="",
        followers_count=0,
        following_count=0,
        statuses_count=0,
        last_status_at=None,
        hide_collections=True,
        noindex=True,
        suspended=True,
    )
