"""Accounts: one, several, found by address; whom they follow and who follows them; what hangs on them."""

from __future__ import annotations

from typing import Any

from majlis.mastodon_api import profiles, registration
from majlis.mastodon_api.entities.person import list_, relationship
from majlis.mastodon_api.entities.tag import featured
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import access, queries
from majlis.posts import queries as posts

MOST_AT_ONCE = 40


@endpoint("read:accounts", public=True)
def show(call: Call, account_id: int) -> Any:
    """One account."""
    return profiles.whole(profiles.seen(call, account_id), at=call.at)


@endpoint("read:accounts", public=True)
def several(call: Call) -> Any:
    """Accounts by id; those that are not there are left out."""
    found = queries.profiles(call.params.ids("id", most=MOST_AT_ONCE)).values()
    return [profiles.one(profile) for profile in found if not profile.withdrawn]


@endpoint("read:accounts", public=True)
def lookup(call: Call) -> Any:
    """The account at an address such as ``bob`` or ``bob@domain``."""
    found = access.see_acct(acct=call.params.text("acct"), viewer_id=call.viewer)
    return profiles.whole(found, at=call.at)


@endpoint("read:follows")
def relationships(call: Call) -> Any:
    """How the viewer stands to others; withdrawn ones only when asked for."""
    ids = call.params.ids("id")
    found = queries.relationships(viewer_id=call.me, ids=ids, at=call.at)
    if not call.params.flag("with_suspended"):
        people = queries.profiles(ids)
        found = {id_: each for id_, each in found.items() if not people[id_].withdrawn}
    return [relationship(each) for each in found.values()]


@endpoint("read:accounts", public=True)
def followers(call: Call, account_id: int) -> Any:
    """Who follows an account, unless it hides that."""
    profiles.seen(call, account_id)
    page = call.page(default=40, most=80)
    return profiles.page(call, queries.followers_of(profile_id=account_id, viewer_id=call.viewer, page=page))


@endpoint("read:accounts", public=True)
def following(call: Call, account_id: int) -> Any:
    """Whom an account follows, unless it hides that."""
    profiles.seen(call, account_id)
    page = call.page(default=40, most=80)
    return profiles.page(call, queries.following_of(profile_id=account_id, viewer_id=call.viewer, page=page))


@endpoint("read:lists")
def lists(call: Call, account_id: int) -> Any:
    """On which of the viewer's lists an account is."""
    profiles.seen(call, account_id)
    with_her = set(queries.lists_containing(owner_id=call.me, member_id=account_id))
    return [list_(each) for each in queries.lists(owner_id=call.me) if each.id in with_her]


@endpoint("read:follows")
def familiar_followers(call: Call) -> Any:
    """For each of some accounts, those whom the viewer follows and who follow it."""
    found = queries.familiar_followers(viewer_id=call.me, ids=call.params.ids("id", most=MOST_AT_ONCE))
    return [{"id": str(id_), "accounts": profiles.many(known)} for id_, known in found.items()]


@endpoint("read:accounts", public=True)
def endorsements_of(call: Call, account_id: int) -> Any:
    """Whom an account features on its page."""
    profiles.seen(call, account_id)
    page = call.page(default=40, most=80)
    return profiles.page(call, queries.endorsed_by(profile_id=account_id, viewer_id=call.viewer, page=page))


@endpoint("read:accounts")
def endorsements(call: Call) -> Any:
    """Whom the viewer features on her page."""
    page = call.page(default=40, most=80)
    return profiles.page(call, queries.endorsed_by(profile_id=call.me, viewer_id=call.me, page=page))


@endpoint("read:accounts", public=True)
def featured_tags(call: Call, account_id: int) -> Any:
    """The hashtags on an account's page."""
    profiles.seen(call, account_id)
    return [featured(each) for each in posts.featured_tags(profile=account_id)]


@endpoint("read:accounts")
def identity_proofs(call: Call, account_id: int) -> Any:
    """Gone from Mastodon, and asked for by old apps: there are none."""
    profiles.seen(call, account_id)
    return []


urls = [
    route("api/v1/accounts", GET=several, POST=registration.register),
    route("api/v1/accounts/lookup", GET=lookup),
    route("api/v1/accounts/relationships", GET=relationships),
    route("api/v1/accounts/familiar_followers", GET=familiar_followers),
    route("api/v1/accounts/<account_id>/followers", GET=followers),
    route("api/v1/accounts/<account_id>/following", GET=following),
    route("api/v1/accounts/<account_id>/lists", GET=lists),
    route("api/v1/accounts/<account_id>/endorsements", GET=endorsements_of),
    route("api/v1/accounts/<account_id>/featured_tags", GET=featured_tags),
    route("api/v1/accounts/<account_id>/identity_proofs", GET=identity_proofs),
    route("api/v1/endorsements", GET=endorsements),
    # last: it takes every name
    route("api/v1/accounts/<account_id>", GET=show),
]
