"""Reviews of a page, for its team."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands import actions, queries
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.mastodon_api.described import NOTHING
from majlis.mastodon_api.entities.review import Review, reviews
from majlis.mastodon_api.request import Answer, Call, route
from majlis.mastodon_api.studio.doors import team


class Which(msgspec.Struct, frozen=True):
    """Only those with words that wait for an answer."""

    unanswered: bool = False


class Reply(msgspec.Struct, frozen=True):
    """An answer; nothing takes it back."""

    text: str = ""


@team(Permission.READ, says=_("Reviews of the page"), takes=Which, gives=list[Review], paged=True)
def index(call: Call, team: OnTeam, sent: Which) -> Answer:
    which: queries.Which = "unanswered" if sent.unanswered else "all"
    found = queries.reviews(page_id=team.page_id, viewer=None, page=call.page(), which=which)
    return call.listed(found, reviews(found.items, of_team=True))


@team(Permission.ANSWER, writes=True, says=_("Answer a review in the page's name"), takes=Reply)
def answer(call: Call, team: OnTeam, sent: Reply, review_id: int) -> object:
    actions.answer_review(team, review_id=review_id, text=sent.text, at=call.at)
    return NOTHING


urls = [
    route("api/v1/studio/<page_id>/reviews", GET=index),
    route("api/v1/studio/<page_id>/reviews/<review_id>/answer", PUT=answer),
]
