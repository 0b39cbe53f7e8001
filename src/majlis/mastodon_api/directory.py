"""Members who want to be discovered."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from majlis.mastodon_api import profiles
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import queries

DEEPEST: Final = 10_000


@endpoint("read:accounts", public=True)
def index(call: Call) -> Any:
    """Who posted last (``active``) or came last (``new``), page by page with ``offset``."""
    order = cast('Literal["active", "new"]', call.params.choice("order", ("active", "new"), "active"))
    limit = call.params.whole("limit", 40, most=10_000) or 40
    found = queries.directory(
        viewer_id=call.viewer,
        order=order,
        offset=call.params.whole("offset", 0, most=DEEPEST) or 0,
        limit=min(limit, 80),
        at=call.at,
    )
    return profiles.many(found)


urls = [route("api/v1/directory", GET=index)]
