"""What happens to posts. Told inside the transaction of the action; reactions stand in wiring.py."""

from __future__ import annotations

from datetime import datetime

from majlis.core.events import Event


class PostPublished(Event, frozen=True, kw_only=True):
    """A post (or a boost, see ``boost_of_id``) is there."""

    post_id: int
    author_id: int
    kind: str
    audience: str
    at: datetime
    text_length: int = 0
    language: str = ""
    reply_to_id: int | None = None
    reply_to_author_id: int | None = None
    thread_id: int | None = None
    boost_of_id: int | None = None
    boost_of_author_id: int | None = None
    quote_of_id: int | None = None
    quote_of_author_id: int | None = None
    mentioned: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    links: tuple[str, ...] = ()
    imported: bool = False
    listened_to: bool = False  # somebody asked to be told of every post of the author


class PostEdited(Event, frozen=True, kw_only=True):
    """A post says something else now, or to somebody else (``audience`` differs from ``audience_before``)."""

    post_id: int
    author_id: int
    audience: str
    audience_before: str
    at: datetime
    mentioned: tuple[int, ...] = ()
    mentioned_before: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    tag_ids_before: tuple[int, ...] = ()
    links: tuple[str, ...] = ()


class PostDeleted(Event, frozen=True, kw_only=True):
    """A post is gone for everybody: deleted by its author, taken down, or a boost undone."""

    post_id: int
    author_id: int
    at: datetime
    tag_ids: tuple[int, ...] = ()
    boost_of_id: int | None = None


class PostRestored(Event, frozen=True, kw_only=True):
    """A deletion was undone in time, or a takedown lifted."""

    post_id: int
    author_id: int
    at: datetime


class PostCounted(Event, frozen=True, kw_only=True):
    """A counter of a post changed (reactions, boosts, replies, quotes, votes)."""

    post_id: int


class Reacted(Event, frozen=True, kw_only=True):
    """A member reacted to a post; ``before`` is the kind that this one replaces, empty for the first."""

    post_id: int
    author_id: int
    profile_id: int
    kind: str
    at: datetime
    before: str = ""


class ReactionWithdrawn(Event, frozen=True, kw_only=True):
    """A member took her reaction back."""

    post_id: int
    author_id: int
    profile_id: int


class Bookmarked(Event, frozen=True, kw_only=True):
    """A member keeps a post that she did not keep before."""

    post_id: int
    author_id: int
    profile_id: int
    at: datetime


class OwnMarksChanged(Event, frozen=True, kw_only=True):
    """What a member alone knows of a post changed: bookmark, pin, vote, muted thread, reaction."""

    profile_id: int
    post_id: int


class PollClosed(Event, frozen=True, kw_only=True):
    """A poll has ended; its author and voters are told."""

    post_id: int
    author_id: int
    voters: tuple[int, ...]
    at: datetime


class TagFollowChanged(Event, frozen=True, kw_only=True):
    """A member follows or no longer follows a hashtag."""

    profile_id: int
    tag_id: int
