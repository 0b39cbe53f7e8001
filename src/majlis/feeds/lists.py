"""All lists of posts but home: public, hashtag, list, circle, profile, bookmarks, favourites, by ids.

Those of many authors that a member chose (list, circle) are merged like home; the others have a skeleton in
SQL that asks the visibility rule, and the rules about people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from majlis.core import sql
from majlis.core.paging import Page
from majlis.feeds import rules
from majlis.feeds.home import FeedPage, merged_page
from majlis.feeds.hydration import Batch, hydrate, note_filters
from majlis.feeds.memory import MEMORY, Reader
from majlis.feeds.reading import reader_of
from majlis.feeds.rules import Judge, LeftOut, Sitting, Why
from majlis.feeds.statements import ordered
from majlis.people import access as people_access
from majlis.people import queries as people
from majlis.posts import withholding
from majlis.posts.composing import tag_key
from majlis.posts.queries import PostView
from majlis.posts.visibility import visible_among

Verdict = LeftOut | Why


def public_page(*, viewer: int | None, page: Page, at: datetime, only_media: bool = False) -> FeedPage:
    """Public posts of this server that start a conversation."""
    ids = sql.column(ordered("public", page), viewer=viewer, only_media=only_media, **page.bounds())
    return _listed(ids, viewer=viewer, page=page, at=at, why=Why.PUBLIC, context="public")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagQuery:
    """Hashtags: ``name`` or any of ``any``, and all of ``all``, and none of ``none``."""

    name: str
    any: Sequence[str] = field(default=())
    all: Sequence[str] = field(default=())
    none: Sequence[str] = field(default=())


def tag_page(
    *, tags: TagQuery, viewer: int | None, page: Page, at: datetime, only_media: bool = False
) -> FeedPage:
    """Public posts with a hashtag."""
    ids = sql.column(
        ordered("tagged", page),
        viewer=viewer,
        only_media=only_media,
        any=[tag_key(name) for name in (tags.name, *tags.any)],
        all=[tag_key(name) for name in tags.all],
        none=[tag_key(name) for name in tags.none],
        **page.bounds(),
    )
    return _listed(ids, viewer=viewer, page=page, at=at, why=Why.TAG, context="public")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileQuery:
    """Which of a profile's posts."""

    author: int
    without_boosts: bool = False
    without_replies: bool = False
    only_media: bool = False
    only_articles: bool = False
    tag: str = ""


def profile_page(*, query: ProfileQuery, viewer: int | None, page: Page, at: datetime) -> FeedPage:
    """The posts of one profile that the viewer may see. Muting her does not hide them on her own page."""
    ids = sql.column(
        ordered("profile", page),
        viewer=viewer,
        author=query.author,
        without_boosts=query.without_boosts,
        without_replies=query.without_replies,
        only_media=query.only_media,
        only_articles=query.only_articles,
        tag=tag_key(query.tag) if query.tag else "",
        **page.bounds(),
    )
    return _page(
        ids,
        ids,
        viewer=viewer,
        page=page,
        at=at,
        context="account",
        judge=lambda post, batch, reader: Why.PROFILE,
    )


def kept_page(*, what: str, viewer: int, page: Page, at: datetime) -> FeedPage:
    """What a member kept: ``what`` is ``bookmarks`` or ``favourites``. Cursors are those of the marks."""
    found = sql.rows(ordered(what, page), viewer=viewer, **page.bounds())
    return _page(
        [row[1] for row in found],
        [row[0] for row in found],
        viewer=viewer,
        page=page,
        at=at,
        context="account",
        judge=lambda post, batch, reader: Why.KEPT,
    )


def direct_page(*, viewer: int, page: Page, at: datetime) -> FeedPage:
    """Posts to the mentioned alone that a member wrote or is mentioned in."""
    ids = sql.column(ordered("direct", page), viewer=viewer, **page.bounds())
    return _listed(ids, viewer=viewer, page=page, at=at, why=Why.LISTED, context="notifications")


def pinned_page(*, author: int, ids: Sequence[int], viewer: int | None, at: datetime) -> FeedPage:
    """Pinned posts, in the order given (``posts.queries.pinned`` asked the visibility rule)."""
    page = Page(limit=max(len(ids), 1))
    return _page(
        ids,
        ids,
        viewer=viewer,
        page=page,
        at=at,
        context="account",
        judge=lambda post, batch, reader: Why.PROFILE,
    )


def by_ids(*, ids: Iterable[int], viewer: int | None, at: datetime, context: str = "thread") -> Batch:
    """Posts by id, those that the viewer may see; for single posts, threads, search, notifications."""
    wanted = list(ids)
    seen = visible_among(ids=wanted, viewer=viewer)
    reader = reader_of(viewer=viewer, at=at) if viewer is not None else None
    batch = hydrate(
        [id_ for id_ in wanted if id_ in seen], viewer=viewer, reader=reader if MEMORY.live else None
    )
    note_filters(batch, reader, context=context)
    return batch


def list_page(*, list_id: int, viewer: int, page: Page, at: datetime) -> FeedPage:
    """A list: its members' posts, replies by the list's policy.

    Raises:
        NotThere: not hers.
    """
    chosen = people_access.own_list(list_id=list_id, by=viewer)
    members = frozenset(people.list_member_ids(owner_id=viewer, list_id=list_id))
    own = reader_of(viewer=viewer, at=at)

    def judge_of(sitting: Sitting) -> Judge:
        return lambda post: _listed_verdict(post, sitting, replies=chosen.replies, members=members)

    return merged_page(own, viewer=viewer, page=page, rows=_of(own, members), judge_of=judge_of, at=at)


def list_verdict(
    *, post_id: int, batch: Batch, viewer: int, replies: str, members: Collection[int], at: datetime
) -> Verdict:
    """Whether a post of somebody on a list of the viewer's stands in it; for live streams.

    ``batch`` holds the post because the visibility rule lets her see it; ``members`` need name no more than
    those the post is about.
    """
    post = batch.posts.get(post_id)
    if post is None or post.imported_from:
        return LeftOut.GONE
    allowed = {post_id, *([post.boost_of_id] if post.boost_of_id else [])}
    sitting = Sitting(viewer, reader_of(viewer=viewer, at=at), batch, allowed=allowed)
    verdict = _listed_verdict(post, sitting, replies=replies, members=members)
    return rules.withheld_now(verdict, post, sitting.reader, viewer=viewer, at=at)


def _listed_verdict(post: PostView, sitting: Sitting, *, replies: str, members: Collection[int]) -> Verdict:
    """The rule of a list: its people's posts; their answers to others by the list's policy."""
    verdict, viewer = _chosen_people(post, sitting), sitting.viewer
    if isinstance(verdict, LeftOut) or post.reply_to_author_id in (None, viewer, post.author_id):
        return verdict
    known = {"list": members, "followed": sitting.reader.rules.following, "none": frozenset[int]()}[replies]
    return verdict if post.reply_to_author_id in known else LeftOut.REPLY_TO_A_STRANGER


def circle_page(*, circle_id: int, viewer: int, page: Page, at: datetime) -> FeedPage:
    """A circle as a feed: what its members post, as far as the viewer may see it.

    Raises:
        NotThere: not hers.
    """
    people_access.own_circle(circle_id=circle_id, by=viewer)
    members = people.circle_member_ids(owner_id=viewer, circle_id=circle_id)
    own = reader_of(viewer=viewer, at=at)

    def judge_of(sitting: Sitting) -> Judge:
        return lambda post: _chosen_people(post, sitting)

    return merged_page(own, viewer=viewer, page=page, rows=_of(own, members), judge_of=judge_of, at=at)


def _of(reader: Reader, members: Iterable[int]) -> Reader:
    """A reader with other sources: the members of a list or circle."""
    sources = tuple(sorted(members))
    rows = MEMORY.rings.rows(sources) if MEMORY.live else np.zeros(0, np.intp)
    return Reader(
        rules=reader.rules,
        hidden=reader.hidden,
        tags=frozenset(),
        filters=reader.filters,
        sources=sources,
        rows=rows,
        rings_version=reader.rings_version,
    )


def _chosen_people(post: PostView, sitting: Sitting) -> Verdict:
    """Posts of people chosen for a list: visible, not blocked or muted, once, not filtered."""
    batch, reader, viewer = sitting.batch, sitting.reader, sitting.viewer
    boosted = batch.posts.get(post.boost_of_id) if post.boost_of_id else None
    if post.boost_of_id and boosted is None:
        return LeftOut.GONE
    for each in filter(None, (post, boosted)):
        if reason := rules.about_people(batch.people.get(each.author_id), reader, viewer=viewer):
            return reason
        if rules.needs_asking(each, reader, viewer=viewer) and each.id not in sitting.allowed:
            return LeftOut.NOT_FOR_HER
    if (post.boost_of_id or post.id) in sitting.shown:
        return LeftOut.SHOWN_ABOVE
    if reader.filters.filters and reader.filters.hides(boosted or post, context="home"):
        return LeftOut.FILTERED
    return Why.LISTED


ListJudge = Callable[[PostView, Batch, Reader | None], Verdict]


def _listed(
    ids: Sequence[int], *, viewer: int | None, page: Page, at: datetime, why: Why, context: str
) -> FeedPage:
    holds = withholding.running(at)

    def judge(post: PostView, batch: Batch, reader: Reader | None) -> Verdict:
        if reason := rules.about_people(batch.people.get(post.author_id), reader, viewer=viewer):
            return reason
        if reader and reader.filters.filters and reader.filters.hides(post, context=context):
            return LeftOut.FILTERED
        return rules.or_later(why, post, holds, reader, viewer)

    return _page(ids, ids, viewer=viewer, page=page, at=at, context=context, judge=judge)


def _page(
    ids: Sequence[int],
    cursors: Sequence[int],
    *,
    viewer: int | None,
    page: Page,
    at: datetime,
    context: str,
    judge: ListJudge,
) -> FeedPage:
    """One skeleton of visible ids, hydrated and judged. ``cursors`` runs beside ``ids``."""
    reader = reader_of(viewer=viewer, at=at) if viewer is not None else None
    batch = hydrate(ids, viewer=viewer, reader=reader if MEMORY.live else None)
    result = FeedPage(batch=batch, more=len(ids) >= page.limit)
    if cursors:
        result.newest, result.oldest = max(cursors), min(cursors)
    for id_ in reversed(ids) if page.upward else ids:
        post = batch.posts.get(id_)
        gone = post is None or (post.boost_of_id is not None and post.boost_of_id not in batch.posts)
        verdict = LeftOut.GONE if gone or post is None else judge(post, batch, reader)
        if isinstance(verdict, LeftOut):
            result.left_out[verdict] += 1
        else:
            result.ids.append(id_)
            result.why[id_] = verdict
    note_filters(batch, reader, context=context)
    return result
