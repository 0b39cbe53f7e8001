"""Whom and what the viewer keeps away: blocks, mutes, whole servers."""

from __future__ import annotations

from typing import Any

import msgspec

from majlis.core import json
from majlis.feeds.hydration import load_people
from majlis.mastodon_api import profiles
from majlis.mastodon_api.entities.account import account, moment
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import actions, queries
from majlis.people.views import MuteView, ProfileView


@endpoint("read:blocks")
def blocks(call: Call) -> Any:
    """Whom the viewer blocks."""
    return profiles.page(call, queries.blocks(profile_id=call.me, page=call.page(default=40, most=80)))


@endpoint("read:mutes")
def mutes(call: Call) -> Any:
    """Whom the viewer mutes, and until when."""
    found = queries.mutes(profile_id=call.me, at=call.at, page=call.page(default=40, most=80))
    people = load_people([mute.profile_id for mute in found.items])
    muted = [_muted(people[mute.profile_id], mute) for mute in found.items if mute.profile_id in people]
    return call.listed(found, muted)


def _muted(profile: ProfileView, mute: MuteView) -> msgspec.Raw:
    """https://docs.joinmastodon.org/entities/MutedAccount/"""
    ends = moment(mute.expires_at) if mute.expires_at else None
    return msgspec.Raw(json.encode({**msgspec.to_builtins(account(profile)), "mute_expires_at": ends}))


@endpoint("read:blocks")
def domain_blocks(call: Call) -> Any:
    """Which servers the viewer blocks."""
    found = queries.domain_blocks(profile_id=call.me, page=call.page(default=100, most=200))
    return call.listed(found, list(found.items))


@endpoint("write:blocks")
def block_domain(call: Call) -> Any:
    """See nothing of a whole server any longer."""
    actions.block_domain(by=call.me, domain=call.params.text("domain"), at=call.at)
    return {}


@endpoint("write:blocks")
def unblock_domain(call: Call) -> Any:
    """Lift the block of a server; its name comes in the body or the query."""
    actions.unblock_domain(by=call.me, domain=call.params.text("domain"), at=call.at)
    return {}


urls = [
    route("api/v1/blocks", GET=blocks),
    route("api/v1/mutes", GET=mutes),
    route("api/v1/domain_blocks", GET=domain_blocks, POST=block_domain, DELETE=unblock_domain),
]
