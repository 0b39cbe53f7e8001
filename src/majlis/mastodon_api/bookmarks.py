"""``/api/v1/bookmarks`` and ``/api/v1/favourites``: what a member kept, last kept first."""

from __future__ import annotations

from majlis.feeds.lists import kept_page
from majlis.mastodon_api import presentation
from majlis.mastodon_api.request import Answer, Call, View, endpoint, route


def _kept(what: str) -> View:
    @endpoint(f"read:{what}")
    def kept(call: Call) -> Answer:
        page = call.page()
        found = kept_page(what=what, viewer=call.me, page=page, at=call.at)
        body = presentation.statuses_json(found.batch, found.ids, at=call.at)
        return Answer(body, link=call.feed_link(found, page))

    return kept


urls = [
    route("api/v1/bookmarks", GET=_kept("bookmarks")),
    route("api/v1/favourites", GET=_kept("favourites")),
]
