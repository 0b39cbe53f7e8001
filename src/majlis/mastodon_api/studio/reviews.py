"""Reviews of a page, for its team."""

from __future__ import annotations

from typing import Any

from majlis.brands import actions, queries
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.brands.views import ReviewView
from majlis.mastodon_api import profiles
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.people import queries as people


@team(Permission.READ)
def index(call: Call, team: OnTeam) -> Any:
    """All reviews, or with ``unanswered`` those with words that wait for an answer."""
    which: queries.Which = "unanswered" if call.params.flag("unanswered") else "all"
    found = queries.reviews(page_id=team.page_id, viewer=None, page=call.page(), which=which)
    authors = people.profiles({each.author_id for each in found.items})
    shown = [_review(each, authors) for each in found.items if each.author_id in authors]
    return call.listed(found, shown)


def _review(review: ReviewView, authors: dict[int, Any]) -> dict[str, Any]:
    return {
        "id": str(review.id),
        "account": profiles.one(authors[review.author_id]),
        "stars": review.stars,
        "recommends": review.recommends,
        "content": review.html,
        "language": review.language or None,
        "created_at": moment(review.made_at),
        "edited_at": moment(review.edited_at) if review.edited_at else None,
        "reply": review.reply_html or None,
        "replied_at": moment(review.replied_at) if review.replied_at else None,
        "replied_by": str(review.replied_by) if review.replied_by else None,
    }


@team(Permission.ANSWER, writes=True)
def answer(call: Call, team: OnTeam, review_id: int) -> Any:
    """Answer in the page's name; an empty ``text`` takes the answer back."""
    actions.answer_review(team, review_id=review_id, text=call.params.text("text", ""), at=call.at)
    return {}


urls = [
    route("api/v1/studio/<page_id>/reviews", GET=index),
    route("api/v1/studio/<page_id>/reviews/<review_id>/answer", PUT=answer),
]
