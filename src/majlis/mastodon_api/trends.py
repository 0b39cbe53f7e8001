"""What people talk about: hashtags, posts, pages."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from majlis.discovery import queries
from majlis.discovery.queries import TrendingLink
from majlis.feeds.lists import by_ids
from majlis.mastodon_api import presentation
from majlis.mastodon_api.entities import status
from majlis.mastodon_api.entities.tag import history, tag
from majlis.mastodon_api.request import Answer, Call, endpoint, route

DEEPEST = 1_000


class Stretch(NamedTuple):
    """A part of a ranking: trends are paged by place, not by id."""

    limit: int
    offset: int


def stretch(call: Call, *, default: int, most: int) -> Stretch:
    """The part asked for."""
    limit = call.params.whole("limit", default, most=10_000) or default
    return Stretch(min(limit, most), call.params.whole("offset", 0, most=DEEPEST) or 0)


@endpoint("", public=True)
def tags(call: Call) -> Any:
    """Hashtags that several people write just now."""
    part = stretch(call, default=10, most=20)
    found = queries.trending_tags(viewer=call.viewer, at=call.at, limit=part.limit, offset=part.offset)
    return [tag(each.tag, viewer=call.viewer) for each in found]


@endpoint("", public=True)
def statuses(call: Call) -> Any:
    """Posts that several people answered, boosted or reacted to."""
    part = stretch(call, default=20, most=40)
    ids = queries.trending_posts(viewer=call.viewer, at=call.at, limit=part.limit, offset=part.offset)
    batch = by_ids(ids=ids, viewer=call.viewer, at=call.at, context="public")
    return Answer(presentation.statuses_json(batch, ids, at=call.at))


@endpoint("", public=True)
def links(call: Call) -> Any:
    """Pages that several people link to."""
    part = stretch(call, default=10, most=20)
    found = queries.trending_links(viewer=call.viewer, at=call.at, limit=part.limit, offset=part.offset)
    return [_link(each) for each in found]


def _link(view: TrendingLink) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Trends_Link/: a PreviewCard with seven days."""
    days = msgspec.to_builtins(history(view.history))
    return {**msgspec.to_builtins(status.card(view.card)), "history": days}


urls = [
    route("api/v1/trends", GET=tags),
    route("api/v1/trends/tags", GET=tags),
    route("api/v1/trends/statuses", GET=statuses),
    route("api/v1/trends/links", GET=links),
]
