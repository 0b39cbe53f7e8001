"""``/api/v1/pages``: what a business says of itself to everybody, and what members think of it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands import actions, queries
from majlis.brands.views import PageView
from majlis.core.errors import NotThere
from majlis.mastodon_api import profiles
from majlis.mastodon_api.described import NOTHING, Id, own
from majlis.mastodon_api.entities.business import Page, page
from majlis.mastodon_api.entities.review import Rating, Review, rating, reviews
from majlis.mastodon_api.request import Answer, Call, route
from majlis.people.access import SeenProfile


class Stars(msgspec.Struct, frozen=True):
    """Only those with so many stars."""

    stars: Annotated[int, Meta(ge=1, le=5)] | None = None


class Written(msgspec.Struct, frozen=True):
    """What one thinks of a page."""

    stars: int
    recommends: bool | None = None
    text: str = ""


class Reported(msgspec.Struct, frozen=True):
    """Why a review breaks the rules."""

    category: str = ""
    rule_ids: list[Id] = []
    comment: str = ""


def _seen(call: Call, page_id: int) -> tuple[SeenProfile, PageView]:
    seen = profiles.seen(call, page_id)
    found = queries.page(page_id=page_id)
    if found is None:
        raise NotThere(_("There is no such page."))
    return seen, found


@own("read:accounts", public=True, says=_("What a business says of itself"), gives=Page)
def show(call: Call, page_id: int) -> Page:
    _profile, found = _seen(call, page_id)
    return page(found, queries.offerings(page_id=page_id, at=call.at), at=call.at)


@own("read:accounts", public=True, says=_("What the reviews of a page come to"), gives=Rating)
def rated(call: Call, page_id: int) -> Rating:
    _seen(call, page_id)
    return rating(queries.rating(page_id=page_id))


@own(
    "read:accounts",
    public=True,
    says=_("What members think of a page"),
    takes=Stars,
    gives=list[Review],
    paged=True,
)
def index(call: Call, sent: Stars, page_id: int) -> Answer:
    _seen(call, page_id)
    found = queries.reviews(page_id=page_id, viewer=call.viewer, page=call.page(), stars=sent.stars)
    return call.listed(found, reviews(found.items, of_team=False))


@own("read:accounts", says=_("Your own review of a page"), gives=Review)
def mine(call: Call, page_id: int) -> Review:
    _seen(call, page_id)
    found = queries.review_of(page_id=page_id, author=call.me)
    if found is None or found.withdrawn:
        raise NotThere(_("There is no such review."))
    return reviews([found], of_team=False)[0]


@own(
    "write:accounts",
    writes=True,
    says=_("Write what you think of a page, or change it"),
    takes=Written,
    gives=Review,
)
def write(call: Call, sent: Written, page_id: int) -> Review:
    seen, _found = _seen(call, page_id)
    made = actions.write_review(
        page=seen, by=call.me, stars=sent.stars, recommends=sent.recommends, text=sent.text, at=call.at
    )
    found = queries.review(review_id=made)
    assert found is not None  # noqa: S101  # it was just written
    return reviews([found], of_team=False)[0]


@own("write:accounts", writes=True, says=_("Take your review back"))
def remove(call: Call, page_id: int) -> object:
    _seen(call, page_id)
    actions.remove_review(page_id=page_id, by=call.me, at=call.at)
    return NOTHING


@own("write:reports", writes=True, says=_("Report a review to the operators"), takes=Reported)
def report(call: Call, sent: Reported, page_id: int, review_id: int) -> object:
    _seen(call, page_id)
    found = queries.review(review_id=review_id)
    if found is None or found.page_id != page_id:
        raise NotThere(_("There is no such review."))
    actions.report_review(
        review_id=review_id, by=call.me, at=call.at, category=sent.category,
        rule_ids=[int(each) for each in sent.rule_ids], comment=sent.comment,
    )  # fmt: skip
    return NOTHING


urls = [
    route("api/v1/pages/<page_id>", GET=show),
    route("api/v1/pages/<page_id>/rating", GET=rated),
    route("api/v1/pages/<page_id>/reviews", GET=index),
    route("api/v1/pages/<page_id>/review", GET=mine, PUT=write, DELETE=remove),
    route("api/v1/pages/<page_id>/reviews/<review_id>/report", POST=report),
]
