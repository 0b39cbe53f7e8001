"""``/api/v1/timelines`` and the posts of one account. Home is answered by the lane; this is its equal."""

from __future__ import annotations

from collections.abc import Sequence

from majlis.core import addresses
from majlis.core.paging import Page, Slice
from majlis.feeds.home import FeedPage, home_page
from majlis.feeds.lists import (
    ProfileQuery,
    TagQuery,
    direct_page,
    list_page,
    pinned_page,
    profile_page,
    public_page,
    tag_page,
)
from majlis.insights import serving
from majlis.insights.kinds import Source
from majlis.mastodon_api import presentation
from majlis.mastodon_api.request import Answer, Call, endpoint, route
from majlis.people import access as people
from majlis.posts import queries as posts
from majlis.studio.experiments import again

_NAMES = 20
"""Hashtags in one question."""


def _tell_served(
    call: Call, found: FeedPage, page: Page, *, opens: bool = False, more: Sequence[int] = ()
) -> None:
    """Note that an app was given these: of home and lists also that they were opened."""
    if call.viewer is not None:
        first = page.max_id is None and page.min_id is None
        serving.served(
            viewer=call.viewer,
            ids=[*found.ids, *more] if more else found.ids,
            source=Source.APP,
            left_out=found.unwanted,
            first_page=opens and first,
            at=call.at,
        )


def _answer(call: Call, found: FeedPage, page: Page, *, opens: bool = False) -> Answer:
    _tell_served(call, found, page, opens=opens)
    body = presentation.statuses_json(found.batch, found.ids, at=call.at)
    return Answer(body, link=call.feed_link(found, page))


@endpoint("read:statuses")
def home(call: Call) -> Answer:
    page = call.page()
    found = home_page(viewer=call.me, page=page, at=call.at)
    placed = again.placed(viewer=call.me, feed=found, at=call.at) if page.first else None
    _tell_served(call, found, page, opens=True, more=(placed.post_id,) if placed else ())
    body = presentation.statuses_json(found.batch, found.ids, at=call.at, placed=placed)
    return Answer(body, link=_home_link(found, page))


def _home_link(found: FeedPage, page: Page) -> str:
    """To the byte what the lane says: the limit where it is not the usual one, and the cursor."""
    ends: Slice[int] = Slice((), newest=found.newest, oldest=found.oldest, full=found.more or page.upward)
    kept = {"limit": page.limit} if page.limit != Page().limit else {}
    return ends.link_header(addresses.absolute("/api/v1/timelines/home"), kept)


@endpoint("read:statuses", public=True)
def public(call: Call) -> Answer:
    """Everybody's public posts; of other servers there are none yet."""
    page = call.page()
    if call.params.flag("remote"):
        return Answer(b"[]")
    media = call.params.flag("only_media")
    return _answer(call, public_page(viewer=call.viewer, page=page, at=call.at, only_media=media), page)


@endpoint("read:statuses", public=True)
def tag(call: Call, name: str) -> Answer:
    page = call.page()
    if call.params.flag("remote"):
        return Answer(b"[]")
    tags = TagQuery(
        name=name,
        any=call.params.texts("any", most=_NAMES),
        all=call.params.texts("all", most=_NAMES),
        none=call.params.texts("none", most=_NAMES),
    )
    media = call.params.flag("only_media")
    found = tag_page(tags=tags, viewer=call.viewer, page=page, at=call.at, only_media=media)
    return _answer(call, found, page)


@endpoint("read:lists")
def of_list(call: Call, list_id: int) -> Answer:
    page = call.page()
    found = list_page(list_id=list_id, viewer=call.me, page=page, at=call.at)
    return _answer(call, found, page, opens=True)


@endpoint("read:statuses")
def direct(call: Call) -> Answer:
    page = call.page()
    return _answer(call, direct_page(viewer=call.me, page=page, at=call.at), page)


@endpoint("read:statuses", public=True)
def link(call: Call) -> bytes:
    """Posts about a link that is in the news: nothing is counted as news yet."""
    return b"[]"


@endpoint("read:statuses", public=True)
def of_account(call: Call, profile_id: int) -> Answer:
    """What one profile posted, as far as the one who asks may see it."""
    people.see_profile(profile_id=profile_id, viewer_id=call.viewer)
    page = call.page()
    asked = call.params
    if asked.flag("pinned"):
        ids = posts.pinned(author=profile_id, viewer=call.viewer)
        found = pinned_page(author=profile_id, ids=ids, viewer=call.viewer, at=call.at)
        return Answer(presentation.statuses_json(found.batch, found.ids, at=call.at))
    query = ProfileQuery(
        author=profile_id,
        without_boosts=asked.flag("exclude_reblogs"),
        without_replies=asked.flag("exclude_replies"),
        only_media=asked.flag("only_media"),
        tag=asked.text("tagged"),
    )
    return _answer(call, profile_page(query=query, viewer=call.viewer, page=page, at=call.at), page)


urls = [
    route("api/v1/timelines/home", GET=home),
    route("api/v1/timelines/public", GET=public),
    route("api/v1/timelines/tag/<name>", GET=tag),
    route("api/v1/timelines/list/<list_id>", GET=of_list),
    route("api/v1/timelines/direct", GET=direct),
    route("api/v1/timelines/link", GET=link),
    route("api/v1/accounts/<profile_id>/statuses", GET=of_account),
]
