"""Telling the operators that an account or its posts break the rules."""

from __future__ import annotations

from typing import Any

from majlis.mastodon_api import profiles
from majlis.mastodon_api.entities.report import report
from majlis.mastodon_api.params import NO_ID
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.safety import actions, queries


@endpoint("write:reports")
def create(call: Call) -> Any:
    """A report; a second one about the same account adds to the first while that is open."""
    about = profiles.seen(call, call.params.id("account_id") or NO_ID)
    made = actions.report(
        by=call.me,
        about=about,
        post_ids=call.params.ids("status_ids"),
        rule_ids=call.params.ids("rule_ids"),
        category=call.params.text("category"),
        comment=call.params.text("comment"),
        forward=call.params.flag("forward"),
        at=call.at,
    )
    view = queries.report_made_by(report_id=made, reporter=call.me)
    return report(view, about) if view else {}


urls = [route("api/v1/reports", POST=create)]
