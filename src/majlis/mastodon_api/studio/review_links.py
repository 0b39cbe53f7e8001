"""Links by which somebody without an account reads entries and says yes or no."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import addresses
from majlis.mastodon_api.described import NOTHING, Id, Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio import actions, queries
from majlis.studio.actions.links import MOST_DAYS


class ReviewLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that is good. ``entry_ids`` empty: it shows all that waits; ``email``: whom it was sent to by mail."""

    id: Key
    name: str
    email: str
    entry_ids: list[Key]
    made_by: str
    created_at: Moment
    expires_at: Moment


class MadeReviewLink(msgspec.Struct, frozen=True):
    """Its address, shown this once."""

    id: Key
    url: str


class ForWhom(msgspec.Struct, frozen=True, kw_only=True):
    """For whom, and for how many days; with ``email`` the link is sent there, in ``language``."""

    name: str
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)]
    entry_ids: list[Id] = []
    email: str = ""
    language: str = ""


@team(Permission.READ, says=_("Review links that are good"), gives=list[ReviewLink])
def index(call: Call, team: OnTeam) -> list[ReviewLink]:
    return [
        ReviewLink(
            id=str(each.id), name=each.name, email=each.email, entry_ids=[str(id_) for id_ in each.entries],
            made_by=each.made_by_name,
            created_at=moment(each.made_at), expires_at=moment(each.expires_at),
        )
        for each in queries.links(team=team, at=call.at)
    ]  # fmt: skip


@team(
    Permission.APPROVE,
    writes=True,
    says=_("A review link, shown this once"),
    takes=ForWhom,
    gives=MadeReviewLink,
    once=True,
)
def create(call: Call, team: OnTeam, sent: ForWhom) -> MadeReviewLink:
    entry_ids = [int(each) for each in sent.entry_ids]
    made = actions.make_link(
        team=team, name=sent.name, days=sent.days, entries=entry_ids,
        to=actions.SentTo(sent.email, sent.language), at=call.at,
    )  # fmt: skip
    return MadeReviewLink(str(made.id), addresses.absolute(f"/review/{made.secret}"))


@team(Permission.APPROVE, writes=True, says=_("Let a review link open nothing any more"))
def revoke(call: Call, team: OnTeam, link_id: int) -> object:
    actions.revoke_link(team=team, link_id=link_id, at=call.at)
    return NOTHING


urls = [
    route("api/v1/studio/<page_id>/review_links", GET=index, POST=create),
    route("api/v1/studio/<page_id>/review_links/<link_id>", DELETE=revoke),
]
