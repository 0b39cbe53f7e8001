"""What is counted about the viewer for businesses' numbers, and the switch that ends it. An extension of ours."""

from __future__ import annotations

from typing import Any, Final

from majlis.insights import mine
from majlis.mastodon_api.request import Call, endpoint, route


def _state(call: Call) -> dict[str, Any]:
    found = mine.measured(profile_id=call.me)
    return {
        "measured": found.measured,
        "since": found.since,
        "pages": [
            {
                "account_id": str(each.page_id),
                "posts": each.posts,
                "views": each.views,
                "engaged": each.engaged,
                "visits": each.visits,
                "since": each.since,
            }
            for each in found.pages
        ],
    }


@endpoint("read:accounts")
def show(call: Call) -> Any:
    """By page: how often, and since when."""
    return _state(call)


@endpoint("write:accounts")
def switch(call: Call) -> Any:
    """``measured`` true or false. False erases what was counted."""
    wanted = call.params.maybe_flag("measured")
    if wanted is True:
        mine.switch_on(by=call.me, at=call.at)
    elif wanted is False:
        mine.switch_off(by=call.me, at=call.at)
    return _state(call)


urls: Final = [route("api/v1/majlis/measured", GET=show, POST=switch)]
