"""Whom the viewer might follow next, and whom she does not want to see suggested."""

from __future__ import annotations

from typing import Any, Final

from majlis.feeds.hydration import load_people
from majlis.mastodon_api import profiles
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import actions, queries
from majlis.people.queries import Suggestion

#: Our reasons in the words of apps, and in the older word for the same.
SOURCES: Final = {
    "friends_of_friends": ("friends_of_friends", "past_interactions"),
    "well_followed": ("most_followed", "global"),
}


def _found(call: Call) -> list[Suggestion]:
    limit = call.params.whole("limit", 40, most=10_000) or 40
    return queries.suggestions(viewer_id=call.me, at=call.at, limit=min(limit, 80))


@endpoint("read")
def index(call: Call) -> Any:
    """Whom, and why."""
    found = _found(call)
    people = load_people([each.profile_id for each in found])
    return [
        {"source": old, "sources": [new], "account": profiles.one(people[each.profile_id])}
        for each in found
        for new, old in [SOURCES[each.source]]
        if each.profile_id in people
    ]


@endpoint("read")
def index_v1(call: Call) -> Any:
    """Whom alone, for older apps."""
    return profiles.many([each.profile_id for each in _found(call)])


@endpoint("read")
def dismiss(call: Call, account_id: int) -> Any:
    """Suggest somebody no longer."""
    actions.dismiss_suggestion(by=call.me, whom=profiles.seen(call, account_id))
    return {}


urls = [
    route("api/v2/suggestions", GET=index),
    route("api/v1/suggestions", GET=index_v1),
    route("api/v1/suggestions/<account_id>", DELETE=dismiss),
]
