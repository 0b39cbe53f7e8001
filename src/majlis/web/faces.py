"""People as templates read them: a face beside a post, a row in a list, the head of a profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.core.text.html import plain, stored_html
from majlis.media.store import url_for
from majlis.people.queries import ProfileView, Relationship, Suggestion, Viewer
from majlis.web import formats

_SHOWN_OF_BIO: Final = 240


class Shown:
    """What a template reads. Django asks ``thing["name"]`` first: answering saves an exception each time."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


def profile_path(acct: str) -> str:
    """The page of a profile, within this server."""
    return f"/@{quote(acct, safe='@')}"


@dataclass(slots=True, unsafe_hash=True)
class Face(Shown):
    """Somebody, as far as an avatar and a name go."""

    id: str
    display_name: str
    handle: str
    acct: str
    url: str
    avatar_url: str
    avatar_static_url: str
    kind: str
    is_verified: bool = False  # a page that she names on her profile links back to it


def face(profile: ProfileView) -> Face:
    """A profile as a face."""
    small = url_for(profile.avatar_key, "small.webp") if profile.avatar_key else ""
    still = (
        url_for(profile.avatar_key, "still.webp") if profile.avatar_key and profile.avatar_animated else small
    )
    return Face(
        id=str(profile.id),
        display_name=profile.name,
        handle=profile.handle,
        acct=profile.acct,
        url=profile_path(profile.acct),
        avatar_url=small,
        avatar_static_url=still,
        kind=profile.kind,
        is_verified=any(field.verified_at for field in profile.fields),
    )


def me(viewer: Viewer) -> Face:
    """Who is looking."""
    avatar = url_for(viewer.avatar_key, "small.webp") if viewer.avatar_key else ""
    return Face(
        id=str(viewer.id),
        display_name=viewer.name,
        handle=viewer.handle,
        acct=viewer.handle,
        url=profile_path(viewer.handle),
        avatar_url=avatar,
        avatar_static_url=avatar,
        kind=viewer.kind,
    )


@dataclass(slots=True)
class Relation(Shown):
    """How the reader stands to somebody."""

    following: bool
    requested: bool
    followed_by: bool
    blocking: bool
    muting: bool
    friend: bool
    requested_by: bool
    showing_boosts: bool
    notifying: bool
    muting_until: datetime | None
    note: str


def relation(found: Relationship | None) -> Relation | None:
    """A relationship for templates; None where there is none to speak of (a guest, oneself)."""
    if found is None:
        return None
    return Relation(
        following=found.following,
        requested=found.requested,
        followed_by=found.followed_by,
        blocking=found.blocking,
        muting=found.muting,
        friend=found.friends,
        requested_by=found.requested_by,
        showing_boosts=found.showing_boosts,
        notifying=found.notifying,
        muting_until=found.muting_expires_at,
        note=found.note,
    )


@dataclass(slots=True)
class PersonRow(Shown):
    """One person in a list, and why she is there."""

    person: Row
    relation: Relation | None
    why: str = ""
    is_me: bool = False


@dataclass(slots=True)
class Row(Face):
    """A face with the beginning of what it says of itself."""

    bio_text: str = ""
    locked: bool = False


def _values(shown: Face, kind: type[Face]) -> dict[str, Any]:
    return {field.name: getattr(shown, field.name) for field in fields_of(kind)}


def _row(profile: ProfileView) -> Row:
    shown = face(profile)
    bio = " ".join(plain(profile.bio_html).split())[:_SHOWN_OF_BIO]
    return Row(**_values(shown, Face), bio_text=bio, locked=profile.locked)


def rows(
    profiles: Iterable[ProfileView],
    relations: Mapping[int, Relationship],
    *,
    viewer: int | None,
    why: Mapping[int, str] | None = None,
) -> list[PersonRow]:
    """Profiles as rows, those withdrawn left out."""
    return [
        PersonRow(
            person=_row(profile),
            relation=None if profile.id == viewer else relation(relations.get(profile.id)),
            why=(why or {}).get(profile.id, ""),
            is_me=profile.id == viewer,
        )
        for profile in profiles
        if not profile.withdrawn
    ]


def why_suggested(suggestion: Suggestion) -> str:
    """Why somebody is suggested, as a sentence."""
    if suggestion.source != "friends_of_friends" or not suggestion.through:
        return _("Many people here follow this profile")
    return ngettext(
        "Followed by %(n)s person you follow", "Followed by %(n)s people you follow", suggestion.through
    ) % {"n": formats.number(suggestion.through)}


@dataclass(slots=True)
class Field(Shown):
    """A line of name and value on a profile."""

    name: str
    value_html: SafeString
    verified: bool


@dataclass(slots=True)
class ProfileHead(Row):
    """The head of a profile page."""

    header_url: str = ""
    bio_html: SafeString = SafeString("")  # noqa: RUF009  # a str does not change
    fields: tuple[Field, ...] = ()
    joined_at: datetime | None = None
    followers_count: int | None = None
    following_count: int | None = None
    posts_count: int = 0
    moved_to: Face | None = None
    opening: str = ""
    category: str = ""


def profile_head(
    profile: ProfileView, *, viewer: int | None, moved_to: ProfileView | None = None
) -> ProfileHead:
    """The head of a page. Who hides the network shows no numbers of it to others."""
    base = _row(profile)
    open_ = profile.id == viewer or not profile.hide_network
    return ProfileHead(
        **_values(base, Row),
        header_url=url_for(profile.header_key, "large.webp") if profile.header_key else "",
        bio_html=stored_html(at_home(profile.bio_html)),
        fields=tuple(
            Field(
                name=field.name,
                value_html=stored_html(at_home(field.html))
                if field.html
                else conditional_escape(field.value),
                verified=bool(field.verified_at),
            )
            for field in profile.fields
        ),
        joined_at=profile.made_at,
        followers_count=profile.followers if open_ else None,
        following_count=profile.following if open_ else None,
        posts_count=profile.posts,
        moved_to=face(moved_to) if moved_to and not moved_to.withdrawn else None,
    )


def at_home(html: str) -> str:
    """Links to this server made relative, so that they hold under each of its names (see ``addresses``)."""
    return html.replace(_home_prefix(), 'href="/') if _home_prefix() in html else html


def _home_prefix() -> str:
    return f'href="{settings.MAJLIS.base_url}/'
