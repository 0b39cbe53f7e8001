"""Reading posts: hydration in one query, what a member did with them, threads, history, hashtags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.core.paging import Page
from majlis.posts import access
from majlis.posts.composing import PostParams, from_json, tag_key
from majlis.posts.visibility import SEES

SQL: Final = sql.load("majlis.posts", visible=SEES, order="DESC")
_UPWARD: Final = sql.load("majlis.posts", visible=SEES, order="ASC")

REACTIONS: Final = ("like", "love", "laugh", "wow", "sad", "angry")


class Variant(msgspec.Struct, frozen=True):
    """One size of a photo; ``file`` is its path below the media folder, ``bytes`` its size."""

    file: str
    width: int = 0
    height: int = 0
    mime: str = ""
    bytes: int = 0


class PhotoView(msgspec.Struct, frozen=True, kw_only=True):
    """A photo on a post."""

    id: int
    key: str
    alt: str = ""
    focus_x: float = 0.0
    focus_y: float = 0.0
    blurhash: str = ""
    colour: str = ""
    animated: bool = False
    variants: dict[str, Variant] = {}


class PollView(msgspec.Struct, frozen=True, kw_only=True):
    """A poll; ``votes`` in the order of ``options``."""

    id: int
    options: list[str]
    votes: list[int]
    voters: int
    multiple: bool
    hide_totals: bool
    ends_at: datetime | None
    closed_at: datetime | None

    def over(self, *, at: datetime) -> bool:
        """Whether voting has ended."""
        return self.closed_at is not None or (self.ends_at is not None and self.ends_at <= at)


class MentionView(msgspec.Struct, frozen=True):
    """A profile that is mentioned."""

    id: int
    handle: str
    domain: str

    @property
    def acct(self) -> str:
        """``handle`` here, ``handle@domain`` elsewhere."""
        return f"{self.handle}@{self.domain}" if self.domain else self.handle


class TagView(msgspec.Struct, frozen=True):
    """A hashtag on a post."""

    id: int
    name: str
    shown: str


class CardView(msgspec.Struct, frozen=True, kw_only=True):
    """What a linked page says of itself."""

    url: str
    title: str
    description: str = ""
    site: str = ""
    author_name: str = ""
    image_key: str = ""
    image_width: int = 0
    image_height: int = 0
    blurhash: str = ""
    language: str = ""


class PostView(msgspec.Struct, frozen=True):
    """Everything about a post that is the same for whoever sees it. Fields in the order of ``hydrate``."""

    id: int
    author_id: int
    kind: str
    audience: str
    circle_id: int | None
    title: str
    text: str
    html: str
    warning: str
    sensitive: bool
    language: str
    reply_to_id: int | None
    reply_to_author_id: int | None
    thread_id: int
    boost_of_id: int | None
    quote_of_id: int | None
    quote_state: str
    may_reply: str
    may_quote: str
    cover_id: int | None
    imported_from: str
    made_at: datetime
    edited_at: datetime | None
    application_name: str | None
    application_website: str | None
    replies: int
    boosts: int
    quotes: int
    reactions: dict[str, int]
    photos: list[PhotoView]
    cover: PhotoView | None
    poll: PollView | None
    mentions: list[MentionView]
    tags: list[TagView]
    card: CardView | None

    @property
    def favourites(self) -> int:
        """All reactions together: what older apps know as favourites."""
        return sum(self.reactions.values())

    @property
    def reading_minutes(self) -> int:
        """How long an article takes to read, at 200 words a minute; one minute at least."""
        return max(1, round(len(self.text.split()) / 200))


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What one member did with a post."""

    reaction: str = ""
    boosted: bool = False
    bookmarked: bool = False
    pinned: bool = False
    muted: bool = False
    votes: tuple[int, ...] = ()


NO_MARKS: Final = Marks()
_PLAIN: Final = PostView.__struct_fields__.index("replies")
_COVER: Final = PostView.__struct_fields__.index("cover_id")

_photos: Final = msgspec.json.Decoder(list[PhotoView])
_poll: Final = msgspec.json.Decoder(PollView)
_mentions: Final = msgspec.json.Decoder(list[MentionView])
_tags: Final = msgspec.json.Decoder(list[TagView])
_card: Final = msgspec.json.Decoder(CardView)


def hydrate(ids: Iterable[int]) -> dict[int, PostView]:
    """The posts by id, as far as they are neither deleted nor taken down. One query.

    No visibility is checked here: ids come from a skeleton that did, or through ``visible_among``.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    return {row[0]: _as_view(row) for row in sql.rows(SQL["hydrate"], ids=wanted)}


def _as_view(row: sql.Row) -> PostView:
    """A row of ``hydrate``: the plain columns, three counters, six reactions, five JSON texts."""
    replies, boosts, quotes, *counts = row[_PLAIN : _PLAIN + 9]
    photos_json, poll, mentions, tags, card = row[_PLAIN + 9 :]
    photos = _photos.decode(photos_json) if photos_json else []
    cover_id = row[_COVER]
    values = [
        *row[:_PLAIN],
        replies or 0,
        boosts or 0,
        quotes or 0,
        {kind: count for kind, count in zip(REACTIONS, counts, strict=True) if count},
        [photo for photo in photos if photo.id != cover_id],
        next((photo for photo in photos if photo.id == cover_id), None) if cover_id else None,
        _poll.decode(poll) if poll else None,
        _mentions.decode(mentions) if mentions else [],
        _tags.decode(tags) if tags else [],
        _card.decode(card) if card else None,
    ]
    return PostView(*values)


def marks(*, viewer: int | None, ids: Iterable[int]) -> dict[int, Marks]:
    """What ``viewer`` did with each of the posts. One query; an entry for every post that exists."""
    wanted = list(ids)
    if viewer is None or not wanted:
        return {}
    return {row[0]: _as_marks(row) for row in sql.rows(SQL["marks"], viewer=viewer, ids=wanted)}


def _as_marks(row: Sequence[Any]) -> Marks:
    return Marks(
        reaction=row[1] or "",
        boosted=row[2],
        bookmarked=row[3],
        pinned=row[4],
        muted=row[5],
        votes=tuple(row[6] or ()),
    )


_MARKS_OF_MANY: Final = f"""
    SELECT w.viewer, m.* FROM unnest(%(viewers)s::bigint[]) AS w (viewer)
    CROSS JOIN LATERAL ({SQL["marks"].rstrip().rstrip(";").replace("%(viewer)s", "w.viewer")}) AS m
"""  # noqa: S608  # a statement of our own


def marks_of_many(*, viewers: Iterable[int], ids: Iterable[int]) -> dict[int, dict[int, Marks]]:
    """By viewer, what each did with each of the posts. One query for all of them."""
    found: dict[int, dict[int, Marks]] = {}
    for viewer, *row in sql.rows(_MARKS_OF_MANY, viewers=list(viewers), ids=list(ids)):
        found.setdefault(viewer, {})[row[0]] = _as_marks(row)
    return found


@dataclass(frozen=True, slots=True)
class Thread:
    """Ids above a post (first to nearest) and below it (depth first)."""

    ancestors: list[int]
    descendants: list[int]


def thread(*, post_id: int, viewer: int | None) -> Thread:
    """The conversation around a post, as far as ``viewer`` may see it.

    Who is not signed in gets 40 above and 60 below, 20 deep (as Mastodon does, so that threads cannot
    be used to keep the server busy); members 4,096 of each.

    Raises:
        NotThere: the post is not there or not for her.
    """
    access.see(post_id=post_id, viewer=viewer)
    above, below, deepest = (40, 60, 20) if viewer is None else (4096, 4096, 4096)
    return Thread(
        ancestors=sql.column(SQL["ancestors"], post=post_id, viewer=viewer, most=above),
        descendants=sql.column(SQL["descendants"], post=post_id, viewer=viewer, most=below, deepest=deepest),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """One version of a post. ``media`` are photo ids with the alt texts of that time."""

    title: str
    html: str
    text: str
    warning: str
    sensitive: bool
    media: list[dict[str, str]]
    poll_options: list[str] | None
    made_at: datetime


def history(*, post_id: int, viewer: int | None) -> list[RevisionView]:
    """All versions of a post, oldest first, the present one last.

    Raises:
        NotThere: the post is not there or not for her.
    """
    post = access.see(post_id=post_id, viewer=viewer)
    now_view = hydrate([post_id])[post_id]
    earlier = [
        RevisionView(
            title=row[0],
            html=row[1],
            text=row[2],
            warning=row[3],
            sensitive=row[4],
            media=msgspec.json.decode(row[5]),
            poll_options=msgspec.json.decode(row[6]) if row[6] else None,
            made_at=row[7],
        )
        for row in sql.rows(SQL["revisions"], post=post_id)
    ]
    present = RevisionView(
        title=post.title,
        html=post.html,
        text=post.text,
        warning=post.warning,
        sensitive=post.sensitive,
        media=[{"id": str(photo.id), "alt": photo.alt} for photo in now_view.photos],
        poll_options=now_view.poll.options if now_view.poll else None,
        made_at=post.edited_at or post.made_at,
    )
    return [*earlier, present]


def _paged(name: str, page: Page, **parameters: object) -> list[sql.Row]:
    """A page of rows with their cursors first, in the order that ``page.slice_of`` wants."""
    return sql.rows((_UPWARD if page.upward else SQL)[name], **parameters, **page.bounds())


def reacted_by(*, post_id: int, viewer: int | None, page: Page) -> list[tuple[int, int, str]]:
    """Who reacted: (id for paging, profile id, kind), for ``page.slice_of``. Raises NotThere."""
    access.see(post_id=post_id, viewer=viewer)
    found = _paged("reacted_by", page, post=post_id, viewer=viewer)
    return [(row[0], row[1], row[2]) for row in found]


def boosted_by(*, post_id: int, viewer: int | None, page: Page) -> list[tuple[int, int]]:
    """Who boosted: (id for paging, profile id), for ``page.slice_of``. Raises NotThere."""
    access.see(post_id=post_id, viewer=viewer)
    return [(row[0], row[1]) for row in _paged("boosted_by", page, post=post_id, viewer=viewer)]


def quotes_of(*, post_id: int, viewer: int | None, page: Page) -> list[int]:
    """Ids of posts that quote a post, newest first. Raises NotThere."""
    access.see(post_id=post_id, viewer=viewer)
    return sorted((row[0] for row in _paged("quotes_of", page, post=post_id, viewer=viewer)), reverse=True)


def pinned(*, author: int, viewer: int | None) -> list[int]:
    """Ids of what stands on top of a profile, as far as ``viewer`` may see it."""
    return sql.column(SQL["pinned"], author=author, viewer=viewer)


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft, or a post that waits for ``due_at``; ``failure`` says why it could not leave."""

    id: int
    params: PostParams
    due_at: datetime | None
    failure: str
    made_at: datetime


def _as_draft(row: tuple[Any, ...]) -> DraftView:
    return DraftView(row[0], from_json(msgspec.json.decode(row[1])), row[2], row[3], row[4])


def scheduled(*, by: int, page: Page) -> list[DraftView]:
    """What of a member's waits for its hour, for ``page.slice_of``."""
    return [_as_draft(row) for row in _paged("scheduled", page, by=by)]


def drafts(*, by: int, limit: int = 100) -> list[DraftView]:
    """A member's drafts, newest first."""
    return [_as_draft(row) for row in sql.rows(SQL["drafts"], by=by, limit=limit)]


def draft(*, by: int, draft_id: int) -> DraftView | None:
    """One draft or scheduled post of a member; None when it is not hers."""
    row = sql.one(SQL["draft"], by=by, id=draft_id)
    return _as_draft(row) if row else None


@dataclass(frozen=True, slots=True)
class TagInfo:
    """A hashtag as a viewer sees it. ``history``: (day, posts, people) of seven days, newest first."""

    id: int
    name: str
    shown: str
    following: bool = False
    featuring: bool = False
    history: tuple[tuple[date, int, int], ...] = ()

    def with_history(self, history: tuple[tuple[date, int, int], ...]) -> TagInfo:
        """The same with its last days (see :func:`tag_histories`)."""
        return replace(self, history=history)


def tag(*, name: str, viewer: int | None, at: datetime) -> TagInfo:
    """A hashtag; one that nobody used yet has id 0."""
    key = tag_key(name)
    row = sql.one(SQL["tag"], name=key, viewer=viewer)
    if row is None:
        return TagInfo(0, key, name.strip().lstrip("#＃"), history=_week({}, at=at))
    info = TagInfo(*row)
    return info.with_history(tag_histories([info.id], at=at)[info.id])


def tag_histories(tag_ids: Iterable[int], *, at: datetime) -> dict[int, tuple[tuple[date, int, int], ...]]:
    """Per hashtag: (day, public posts, people) of the last seven days, newest first."""
    ids = list(tag_ids)
    found: dict[int, dict[date, tuple[int, int]]] = {id_: {} for id_ in ids}
    for tag_id, day, posts, people in sql.rows(
        SQL["tag_history"], tags=ids, since=lowest_id_at(at - timedelta(days=7))
    ):
        found[tag_id][day] = (posts, people)
    return {id_: _week(days, at=at) for id_, days in found.items()}


def _week(days: Mapping[date, tuple[int, int]], *, at: datetime) -> tuple[tuple[date, int, int], ...]:
    week = [(at - timedelta(days=back)).date() for back in range(7)]
    return tuple((day, *days.get(day, (0, 0))) for day in week)


def followed_tags(*, viewer: int, page: Page) -> list[tuple[int, TagInfo]]:
    """Hashtags a member follows: (id for paging, hashtag), for ``page.slice_of``."""
    found = _paged("followed_tags", page, viewer=viewer)
    return [(row[0], TagInfo(row[1], row[2], row[3], following=True)) for row in found]


def used_tags(*, profile: int, limit: int = 10) -> list[TagInfo]:
    """Hashtags a profile uses most in public and does not show yet."""
    return [TagInfo(*row) for row in sql.rows(SQL["used_tags"], profile=profile, limit=limit)]


@dataclass(frozen=True, slots=True)
class FeaturedTag:
    """A hashtag on a profile: how many of its public posts use it, and when the last one."""

    id: int
    name: str
    shown: str
    posts: int
    last_at: datetime | None


def featured_tags(*, profile: int) -> list[FeaturedTag]:
    """Hashtags on a profile."""
    return [FeaturedTag(*row) for row in sql.rows(SQL["featured_tags"], profile=profile)]


def due_polls(*, at: datetime, limit: int = 100) -> list[int]:
    """Polls whose end has to be told."""
    return sql.column(SQL["due_polls"], at=at, limit=limit)


def deleted(*, before: datetime, limit: int = 100) -> list[int]:
    """Posts to be purged."""
    return sql.column(SQL["deleted"], before=before, limit=limit)


def indexable(*, start: int, limit: int) -> list[tuple[int, str, datetime]]:
    """Posts for search engines, as a stranger sees them: (id, handle of the author, last change), oldest first."""
    found = sql.rows(SQL["indexable"], viewer=None, start=start, limit=limit)
    return [(row[0], row[1], row[2]) for row in found]


def indexable_count() -> int:
    """How many posts search engines are told of."""
    row = sql.one(SQL["indexable_count"], viewer=None)
    return int(row[0]) if row else 0
