"""What an archive yields, whatever network it came from.

Every text is clean (see ``cleaning``), every moment is aware and in UTC, every media name is a name that
the archive's container opens. Ids are the other network's own where it has any, else a digest that is
the same in every export of the same post, so that a second import recognises it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias

import msgspec

from majlis.networks.archives.reasons import NOT_TAKEN

Network: TypeAlias = Literal["x", "instagram", "facebook", "mastodon"]
# ``friends`` is a guess for networks whose export does not say; the member decides at import.
Audience: TypeAlias = Literal["public", "unlisted", "followers", "friends", "circle", "mentioned"]


class ArchiveMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A photo of a post. ``name`` opens in the container; ``size`` is in bytes."""

    name: str
    size: int
    description: str = ""
    # x and y from -1 to 1, y upwards, as Mastodon has it.
    focal_point: tuple[float, float] | None = None
    blurhash: str | None = None


class ArchivePicture(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that an article shows: the address in its text, and where the photo is."""

    address: str
    media: ArchiveMedia


class ArchivePollOption(msgspec.Struct, frozen=True, kw_only=True):
    """One answer; ``votes`` is None where the archive does not count them."""

    title: str
    votes: int | None = None


class ArchivePoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as it stood when the archive was made."""

    options: tuple[ArchivePollOption, ...]
    multiple: bool
    ends_at: datetime | None = None
    voters: int | None = None


class ArchiveMention(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody named in the text: ``@name`` there is not ``@name`` here, and must not notify anybody."""

    text: str
    url: str | None = None


class ArchivePost(msgspec.Struct, frozen=True, kw_only=True):
    """One post of the archive's owner.

    ``reply_to_source_id`` is set when it answers another post of the owner (which may be missing);
    ``reply_to_other`` names the person or address it answers otherwise. ``notes`` are codes of
    ``reasons.TAKEN_WITH``. ``favourites`` and ``boosts`` are what the other network counted.
    """

    source: Network
    source_id: str
    created_at: datetime
    text: str
    content_warning: str = ""
    sensitive: bool = False
    language: str | None = None
    audience: Audience = "public"
    reply_to_source_id: str | None = None
    reply_to_other: str | None = None
    media: tuple[ArchiveMedia, ...] = ()
    poll: ArchivePoll | None = None
    hashtags: tuple[str, ...] = ()
    mentions: tuple[ArchiveMention, ...] = ()
    url: str | None = None
    favourites: int | None = None
    boosts: int | None = None
    # An article with what it shows; a circle by its name; whom a post for the mentioned was sent to, as
    # ``name@host``; the address of what is quoted; who may answer and quote: of this house and its like alone.
    title: str = ""
    cover: ArchiveMedia | None = None
    pictures: tuple[ArchivePicture, ...] = ()
    circle: str = ""
    recipients: tuple[str, ...] = ()
    quotes: str | None = None
    may_reply: str = "everyone"
    may_quote: str = "everyone"
    kind: Literal["post", "boost_text"] = "post"
    notes: tuple[str, ...] = ()


class ArchiveProfile(msgspec.Struct, frozen=True, kw_only=True):
    """The owner's profile there. ``fields`` are (label, value) pairs; pictures open in the container."""

    source: Network
    source_id: str | None = None
    handle: str | None = None
    name: str = ""
    bio: str = ""
    website: str | None = None
    location: str = ""
    url: str | None = None
    created_at: datetime | None = None
    avatar: str | None = None
    header: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    locked: bool = False


class ArchiveFollow(msgspec.Struct, frozen=True, kw_only=True):
    """A relation to somebody there. At least one of ``source_id``, ``handle`` and ``url`` is set.

    ``handle`` is ``name`` or, from the fediverse, ``name@host``; ``list_name`` is set for ``list``,
    for ``circle`` (the list's name is the circle's), and for ``blocked_domain`` the handle is the domain.
    """

    source: Network
    relation: Literal["following", "follower", "blocked", "muted", "list", "circle", "blocked_domain"]
    source_id: str | None = None
    handle: str | None = None
    url: str | None = None
    since: datetime | None = None
    list_name: str | None = None
    show_boosts: bool | None = None
    mute_notifications: bool | None = None


class ArchiveReference(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's post that the owner liked or bookmarked."""

    source: Network
    kind: Literal["like", "bookmark"]
    url: str


class ArchiveKeyword(msgspec.Struct, frozen=True, kw_only=True):
    """A word or phrase of a filter."""

    keyword: str
    whole_word: bool


class ArchiveFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner does not want to read; ``posts`` are addresses of those it names."""

    title: str
    contexts: tuple[str, ...]
    action: str
    expires_at: datetime | None = None
    keywords: tuple[ArchiveKeyword, ...] = ()
    posts: tuple[str, ...] = ()


class ArchiveNote(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner noted about somebody, for herself alone. ``handle`` is ``name@host``."""

    handle: str
    text: str


class ArchiveDraftPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A question that was not asked yet."""

    options: tuple[str, ...]
    lasts: timedelta
    multiple: bool = False
    hide_totals: bool = False


class ArchiveDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What was not published yet, whatever its state; ``due_at``: when it should have been by itself.

    ``answers`` and ``quotes`` are addresses of posts.
    """

    made_at: datetime
    due_at: datetime | None = None
    text: str = ""
    title: str = ""
    content_warning: str = ""
    sensitive: bool = False
    language: str = ""
    audience: Audience = "mentioned"
    circle: str = ""
    may_reply: str = "everyone"
    may_quote: str = "everyone"
    answers: str | None = None
    quotes: str | None = None
    media: tuple[ArchiveMedia, ...] = ()
    cover: ArchiveMedia | None = None
    pictures: tuple[ArchivePicture, ...] = ()
    poll: ArchiveDraftPoll | None = None


class ArchiveButton(msgspec.Struct, frozen=True, kw_only=True):
    """A way to reach a business."""

    kind: str
    value: str = ""


class ArchiveDate(msgspec.Struct, frozen=True, kw_only=True):
    """A date with hours of its own, as pairs of times of day."""

    day: date
    name: str = ""
    periods: tuple[tuple[str, str], ...] = ()


class ArchiveOffering(msgspec.Struct, frozen=True, kw_only=True):
    """What a business offers; ``price`` as a decimal in text."""

    kind: str
    name: str
    description: str = ""
    price: str | None = None
    currency: str = ""
    url: str = ""
    ends_at: datetime | None = None
    pinned: bool = False


class ArchivePage(msgspec.Struct, frozen=True, kw_only=True):
    """What a business says of itself; ``hours`` by the first letters of the day, as pairs of times of day."""

    category: str = ""
    address: str = ""
    map_url: str = ""
    time_zone: str = "UTC"
    hours: dict[str, tuple[tuple[str, str], ...]] = {}
    holidays: tuple[ArchiveDate, ...] = ()
    buttons: tuple[ArchiveButton, ...] = ()
    offerings: tuple[ArchiveOffering, ...] = ()


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """Something not taken: ``what`` names it for the person, ``code`` is a key of ``reasons.NOT_TAKEN``."""

    what: str
    code: str
    params: Mapping[str, str] = {}

    @property
    def sentence(self) -> str:
        """The reason, in the reader's language at the moment of asking."""
        return str(NOT_TAKEN[self.code]) % dict(self.params)


Kept: TypeAlias = ArchiveFilter | ArchiveNote | ArchiveDraft | ArchivePage
Record: TypeAlias = ArchiveProfile | ArchivePost | ArchiveFollow | ArchiveReference | Kept | Skipped
Fields: TypeAlias = Mapping[str, Any]
