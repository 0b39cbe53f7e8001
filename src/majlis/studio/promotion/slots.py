"""Promoted posts in a member's home page: which places there are, who wins them, and what they cost if seen.

Invariants, for every page: the organic items are those there were, in their order; no promoted item comes first;
of ten items in a row one is promoted at most; none is by somebody she does not want to read, of her own team, on
the page already or seen by itself lately; none beyond the cap; and none at all for who switched them off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec
from django.conf import settings

from majlis.core import sql
from majlis.core.ids import new_id
from majlis.feeds.home import FeedPage
from majlis.feeds.hydration import Batch, hydrate
from majlis.feeds.memory import Reader
from majlis.feeds.reading import reader_of
from majlis.feeds.rules import about_people
from majlis.people.queries import Viewer
from majlis.studio.promotion import active, money
from majlis.studio.promotion.active import Active
from majlis.studio.promotion.auction import Bid, auctions, places
from majlis.studio.promotion.audience import SQL, in_group
from majlis.studio.promotion.offers import WRITER, Offer

RECENTLY: Final = timedelta(days=14)
"""A post she viewed by itself within this time is not shown to her for money."""
LATELY: Final = timedelta(minutes=10)
"""How long a place given to her counts against the cap while it is not known whether she saw it."""


class Placed(msgspec.Struct, frozen=True):
    """A promoted item: where it stands in the list that is shown, and the nonce of its impression."""

    position: int
    offer: int
    promotion_id: int
    page_id: int
    post_id: int


class Promoted(msgspec.Struct, frozen=True):
    """The promoted items of one page, by position, and their posts."""

    placed: tuple[Placed, ...] = ()
    batch: Batch | None = None


NONE: Final = Promoted()


def promoted(*, viewer: Viewer, feed: FeedPage, at: datetime) -> Promoted:
    """What is promoted on this page of her home feed. Three queries at the most, none where nothing runs.

    Only for pages that say of an item that it is promoted and who pays (docs/decisions/0009).
    """
    where = places(len(feed.ids), per_ten=settings.MAJLIS.promoted_per_ten)
    if not where or not viewer.preferences.promotions:
        return NONE
    running = active.running(at=at)
    if not running:
        return NONE
    reader = reader_of(viewer=viewer.id, at=at)
    fitting = [each for each in running if _for_her(each, viewer, reader, at=at)]
    if not fitting:
        return NONE
    ranked = sorted(fitting, key=lambda each: (-each.most, each.id))
    return _filled(ranked, where, _Asking(viewer, reader, feed, at))


class _Asking(NamedTuple):
    """Who is shown the page, and what is on it."""

    viewer: Viewer
    reader: Reader
    feed: FeedPage
    at: datetime


def _filled(ranked: Sequence[Active], where: Sequence[int], asking: _Asking) -> Promoted:
    """Ask of the highest bids first whether they may be shown: only those and the next below can win and be paid.

    Bids that are equal to the last one asked are asked with it, since who saw which least recently decides.
    """
    batch, bids = Batch(viewer=asking.viewer.id), dict[int, Bid]()
    by_id = {each.id: each for each in ranked}
    begin, wanted = 0, len(where) + 1
    while begin < len(ranked) and len(bids) < wanted:
        end = _with_equals(ranked, begin + 2 * wanted)
        bids |= _one_of_each_post(_allowed(ranked[begin:end], batch, asking), bids, by_id)
        begin = end
    won = auctions(list(bids.values()), count=len(where), floor=money.floor())
    if not won:
        return NONE
    placed = tuple(
        Placed(
            position,
            new_id(),
            each.promotion_id,
            by_id[each.promotion_id].page_id,
            by_id[each.promotion_id].post_id,
        )
        for position, each in zip(where, won, strict=False)
    )
    WRITER.give(
        Offer(place.offer, place.promotion_id, asking.viewer.id, each.price, asking.at)
        for place, each in zip(placed, won, strict=True)
    )
    return Promoted(placed, batch)


def _one_of_each_post(
    allowed: Mapping[int, Bid], there: Mapping[int, Bid], by_id: Mapping[int, Active]
) -> dict[int, Bid]:
    """The highest bid for each post that has none yet: a post stands on a page once, for whoever pays most of
    those that may be shown."""
    posts = {by_id[id_].post_id for id_ in there}
    best: dict[int, Bid] = {}
    for id_, bid in allowed.items():
        if by_id[id_].post_id not in posts:
            posts.add(by_id[id_].post_id)
            best[id_] = bid
    return best


def _with_equals(ranked: Sequence[Active], end: int) -> int:
    while 0 < end < len(ranked) and ranked[end].most == ranked[end - 1].most:
        end += 1
    return min(end, len(ranked))


def _allowed(promotions: Sequence[Active], batch: Batch, asking: _Asking) -> dict[int, Bid]:
    """The bids of those that may be shown to her, in the order given; their posts are added to the batch."""
    good = _shown_gladly(promotions, batch, asking)
    last = _standing(good, asking.viewer, at=asking.at) if good else {}
    return {each.id: Bid(each.id, each.most, last[each.id]) for each in good if each.id in last}


def _for_her(promotion: Active, viewer: Viewer, reader: Reader, *, at: datetime) -> bool:
    """Whether she belongs to the audience."""
    wanted, page = promotion.audience, promotion.page_id
    if page == viewer.id or page in reader.hidden:
        return False
    follows = page in reader.rules.following
    if wanted.who != "everyone" and follows != (wanted.who == "followers"):
        return False
    if wanted.languages and not set(wanted.languages) & set(viewer.languages):
        return False
    if wanted.tags and promotion.tag_ids.isdisjoint(reader.tags):
        return False
    return not wanted.segment or in_group(page_id=page, segment=wanted.segment, member=viewer.id, at=at)


def _shown_gladly(promotions: Sequence[Active], batch: Batch, asking: _Asking) -> list[Active]:
    """Those whose post is there, public, not on the page already, and against no wish of hers."""
    viewer, reader, feed = asking.viewer, asking.reader, asking.feed
    above = {feed.batch.itself(feed.batch.posts[id_]).id for id_ in feed.ids}
    ids = list(dict.fromkeys(each.post_id for each in promotions if each.post_id not in above))
    if not ids:
        return []
    found = hydrate(ids, viewer=viewer.id, reader=reader)
    for part in ("posts", "people", "marks", "filtered"):
        getattr(batch, part).update(getattr(found, part))
    batch.seen_quotes |= found.seen_quotes
    return [
        each for each in promotions if each.post_id in ids and _wanted(each.post_id, found, viewer, reader)
    ]


def _wanted(post_id: int, batch: Batch, viewer: Viewer, reader: Reader) -> bool:
    post = batch.posts.get(post_id)
    if post is None or post.audience != "public":
        return False
    author = batch.people.get(post.author_id)
    if about_people(author, reader, viewer=viewer.id) is not None or author is None or author.limited:
        return False
    languages = reader.rules.languages.get(post.author_id)
    if languages and post.language and post.language not in languages:
        return False
    quoted = batch.quoted(post)
    if quoted is not None and quoted.author_id in reader.hidden:
        return False
    return not reader.filters.matches(post, context="home")


def _standing(fitting: Sequence[Active], viewer: Viewer, *, at: datetime) -> dict[int, datetime | None]:
    """Those that may be shown to her, and when she saw each last."""
    rows = sql.rows(
        SQL["standing"],
        promotions=[each.id for each in fitting],
        posts=[each.post_id for each in fitting],
        pages=[each.page_id for each in fitting],
        caps=[each.cap for each in fitting],
        viewer=viewer.id,
        user=viewer.user_id,
        lately=at - LATELY,
        recently=at - RECENTLY,
    )
    return dict(rows)
