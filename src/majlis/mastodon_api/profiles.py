"""Profiles as answers: lists of Accounts, and how the viewer stands to one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from majlis.core import json
from majlis.core.paging import Slice
from majlis.feeds.hydration import load_people
from majlis.mastodon_api.entities.account import account
from majlis.mastodon_api.entities.page import page as page_of
from majlis.mastodon_api.entities.person import Relationship, relationship
from majlis.mastodon_api.presentation import account_json
from majlis.mastodon_api.request import Answer, Call
from majlis.people import access, queries
from majlis.people.access import SeenProfile
from majlis.people.views import ProfileView


def seen(call: Call, account_id: int) -> SeenProfile:
    """The profile of an address, as the viewer may see it.

    Raises:
        NotThere: unknown or withdrawn.
    """
    return access.see_profile(profile_id=account_id, viewer_id=call.viewer)


def one(profile: ProfileView) -> msgspec.Raw:
    """A profile as an Account; one that moved says where to."""
    if profile.moved_to is None or profile.withdrawn:
        return msgspec.Raw(account_json(profile))
    target = load_people([profile.moved_to]).get(profile.moved_to)
    shown = account(profile)
    # one step only: two that moved to each other would never end
    shown.moved = msgspec.Raw(account_json(target)) if target and not target.withdrawn else None
    return msgspec.Raw(json.encode(shown))


def whole(profile: ProfileView, *, at: datetime) -> msgspec.Raw:
    """The same with what a business says of itself, where one account is asked for."""
    found = page_of(profile, at=at)
    if found is None:
        return one(profile)
    shown = account(profile)
    shown.majlis_page = msgspec.Raw(json.encode(found))
    return msgspec.Raw(json.encode(shown))


def many(ids: Iterable[int]) -> list[msgspec.Raw]:
    """Those of the ids that exist, in the order given; withdrawn ones show their name and nothing else."""
    wanted = list(ids)
    found = load_people(wanted)
    return [one(found[id_]) for id_ in wanted if id_ in found]


def page(call: Call, found: Slice[int]) -> Answer:
    """A page of profile ids as Accounts."""
    return call.listed(found, many(found.items))


def standing(call: Call, account_id: int) -> Relationship:
    """How the viewer stands to somebody who exists."""
    found = queries.relationships(viewer_id=call.me, ids=[account_id], at=call.at)
    return relationship(found[account_id])
