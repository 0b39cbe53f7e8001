"""Status and what hangs on it. Split in two: what is the same for all readers, and what is one reader's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

import msgspec
from django.utils.html import escape

from majlis.core import addresses
from majlis.mastodon_api.entities.account import moment
from majlis.media.addresses import photo_url
from majlis.media.queries import Variant as UploadVariant
from majlis.people.views import ProfileView
from majlis.posts.queries import CardView, Marks, PollView, PostView, RevisionView, Variant

VISIBILITY: Final = {
    "public": "public",
    "unlisted": "unlisted",
    "followers": "private",
    # older apps know no friends and circles; "private" promises no more than what is kept
    "friends": "private",
    "circle": "private",
    "mentioned": "direct",
}


class MediaAttachment(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/MediaAttachment/"""

    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None = None
    preview_remote_url: str | None = None
    text_url: str | None = None
    meta: dict[str, Any] | None = None
    description: str | None = None
    blurhash: str | None = None


class StatusMention(msgspec.Struct, kw_only=True):
    """Somebody a status speaks to."""

    id: str
    username: str
    url: str
    acct: str


class StatusTag(msgspec.Struct, kw_only=True):
    """A hashtag on a status."""

    name: str
    url: str


class PreviewCard(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/PreviewCard/. ``html`` is empty: nothing of others runs."""

    url: str
    title: str
    description: str
    type: str = "link"
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    html: str = ""
    width: int = 0
    height: int = 0
    image: str | None = None
    image_description: str = ""
    embed_url: str = ""
    blurhash: str | None = None
    language: str | None = None
    published_at: str | None = None
    authors: list[PreviewCardAuthor] = []


class PreviewCardAuthor(msgspec.Struct, kw_only=True):
    """Who wrote a linked page, by its own words: nobody's profile here."""

    name: str
    url: str = ""
    account: None = None


class PollOption(msgspec.Struct, kw_only=True):
    """An option; votes are null while totals are hidden."""

    title: str
    votes_count: int | None


class Poll(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Poll/"""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    emojis: list[Any] = []
    voted: bool | msgspec.UnsetType = msgspec.UNSET
    own_votes: list[int] | msgspec.UnsetType = msgspec.UNSET


class StatusSource(msgspec.Struct, kw_only=True):
    """What was typed. ``majlis`` has what an article or a finer audience needs to be edited."""

    id: str
    text: str
    spoiler_text: str
    majlis: dict[str, Any]


class RevisionPoll(msgspec.Struct, kw_only=True):
    """The options of a poll as they were."""

    options: list[dict[str, str]]


class StatusEdit(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One version of a status. ``poll`` is left out where there was none."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: msgspec.Raw
    media_attachments: list[MediaAttachment]
    emojis: list[Any]
    poll: RevisionPoll | None = None


class Shared(msgspec.Struct, kw_only=True):
    """The part of a Status that is the same for whoever sees it."""

    id: str
    created_at: str
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    sensitive: bool
    spoiler_text: str
    visibility: str
    language: str | None
    uri: str
    url: str
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    edited_at: str | None
    content: str
    application: dict[str, str | None] | None
    media_attachments: list[MediaAttachment]
    mentions: list[StatusMention]
    tags: list[StatusTag]
    card: PreviewCard | None
    # beyond Mastodon: six reactions, finer audiences, articles; apps ignore what they do not know
    majlis: dict[str, Any]
    emojis: list[Any] = []
    tagged_collections: list[Any] = []


class Personal(msgspec.Struct, kw_only=True):
    """The part of a Status that is one reader's. Without a reader only poll, quote and reblog stand here."""

    reblog: msgspec.Raw | None
    poll: Poll | None
    quote: dict[str, Any] | None
    quote_approval: dict[str, Any]
    favourited: bool | msgspec.UnsetType = msgspec.UNSET
    reblogged: bool | msgspec.UnsetType = msgspec.UNSET
    muted: bool | msgspec.UnsetType = msgspec.UNSET
    bookmarked: bool | msgspec.UnsetType = msgspec.UNSET
    pinned: bool | msgspec.UnsetType = msgspec.UNSET
    filtered: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    my_reaction: str | msgspec.UnsetType = msgspec.field(name="majlis_reaction", default=msgspec.UNSET)


class Picture(Protocol):
    """What there is to know of a photo, on a post or before."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def alt(self) -> str: ...
    @property
    def focus_x(self) -> float: ...
    @property
    def focus_y(self) -> float: ...
    @property
    def blurhash(self) -> str: ...
    @property
    def variants(self) -> Mapping[str, Variant | UploadVariant]: ...


def media(photo: Picture, *, alt: str | None = None) -> MediaAttachment:
    """A photo; without addresses while it is not ready. ``alt`` stands in for its description (of old)."""
    names = photo.variants
    original, small = names.get("original"), names.get("small") or names.get("large") or names.get("original")
    return MediaAttachment(
        id=str(photo.id),
        type="image",
        url=photo_url(photo.key, original.file) if original else None,
        preview_url=photo_url(photo.key, small.file) if small else None,
        meta={
            "original": _size(original),
            "small": _size(small),
            "focus": {"x": photo.focus_x, "y": photo.focus_y},
        }
        if original and small
        else None,
        description=(photo.alt if alt is None else alt) or None,
        blurhash=photo.blurhash or None,
    )


def _size(variant: Variant | UploadVariant) -> dict[str, Any]:
    width, height = variant.width, variant.height
    return {
        "width": width,
        "height": height,
        "size": f"{width}x{height}",
        "aspect": round(width / height, 6) if height else 1.0,
    }


def card(view: CardView) -> PreviewCard:
    """What a linked page says of itself."""
    return PreviewCard(
        url=view.url,
        title=view.title,
        description=view.description,
        author_name=view.author_name,
        authors=[PreviewCardAuthor(name=view.author_name)] if view.author_name else [],
        provider_name=view.site,
        width=view.image_width,
        height=view.image_height,
        image=photo_url(view.image_key, "large.webp") if view.image_key else None,
        blurhash=view.blurhash or None,
        language=view.language or None,
    )


def poll(view: PollView, marks: Marks | None, *, at: datetime, author: bool = False) -> Poll:
    """A poll as one reader sees it; ``marks`` None for somebody not signed in."""
    over = view.over(at=at)
    hidden = view.hide_totals and not over
    answer = Poll(
        id=str(view.id),
        expires_at=moment(view.ends_at) if view.ends_at else None,
        expired=over,
        multiple=view.multiple,
        votes_count=sum(view.votes),
        voters_count=view.voters,
        options=[
            PollOption(title=title, votes_count=None if hidden else votes)
            for title, votes in zip(view.options, view.votes, strict=True)
        ],
    )
    if marks is not None:
        answer.voted = bool(marks.votes) or author
        answer.own_votes = list(marks.votes)
    return answer


def shared(post: PostView, author: ProfileView) -> Shared:
    """What of a post is the same for all."""
    url = addresses.post_url(author.acct, post.id)
    return Shared(
        id=str(post.id),
        created_at=moment(post.made_at),
        in_reply_to_id=str(post.reply_to_id) if post.reply_to_id else None,
        in_reply_to_account_id=str(post.reply_to_author_id) if post.reply_to_author_id else None,
        sensitive=post.sensitive,
        spoiler_text=post.warning,
        visibility=VISIBILITY[post.audience],
        language=post.language or None,
        uri=addresses.absolute(f"/posts/{post.id}"),
        url=url,
        replies_count=post.replies,
        reblogs_count=post.boosts,
        favourites_count=post.favourites,
        quotes_count=post.quotes,
        edited_at=moment(post.edited_at) if post.edited_at else None,
        content=_content(post, url),
        application={"name": post.application_name, "website": post.application_website or None}
        if post.application_name
        else None,
        media_attachments=[media(photo) for photo in ([post.cover] if post.cover else []) + post.photos],
        mentions=[
            StatusMention(
                id=str(who.id), username=who.handle, url=addresses.profile_url(who.acct), acct=who.acct
            )
            for who in post.mentions
        ],
        tags=[StatusTag(name=tag.name, url=addresses.tag_url(tag.name)) for tag in post.tags],
        card=card(post.card) if post.card else None,
        majlis={
            "kind": post.kind,
            "audience": post.audience,
            "title": post.title or None,
            "reactions": post.reactions,
            "may_reply": post.may_reply,
            "may_quote": post.may_quote,
        },
    )


def revision(version: RevisionView, *, account: bytes, photos: Mapping[int, Picture]) -> StatusEdit:
    """A version of a status; of its photos those that are still there, described as they were."""
    options = version.poll_options
    return StatusEdit(
        content=version.html,
        spoiler_text=version.warning,
        sensitive=version.sensitive,
        created_at=moment(version.made_at),
        account=msgspec.Raw(account),
        media_attachments=[
            media(photo, alt=kept["alt"]) for kept in version.media if (photo := photos.get(int(kept["id"])))
        ],
        emojis=[],
        poll=RevisionPoll(options=[{"title": title} for title in options]) if options is not None else None,
    )


def _content(post: PostView, url: str) -> str:
    """Apps know no articles: they get title and beginning, and the way to the rest."""
    if post.kind != "article":
        return post.html
    return f'<p><strong>{escape(post.title)}</strong></p>{post.html}<p><a href="{url}">{url}</a></p>'
