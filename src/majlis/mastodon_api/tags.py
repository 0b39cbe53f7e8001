"""Hashtags: looked at, followed, shown on a profile."""

from __future__ import annotations

from typing import Any

from majlis.mastodon_api.entities.tag import FeaturedTag, Tag, featured, tag
from majlis.mastodon_api.request import Answer, Call, endpoint, route
from majlis.posts import actions
from majlis.posts import queries as posts
from majlis.posts.composing import tag_key


def _tag(call: Call, name: str) -> Tag:
    return tag(posts.tag(name=name, viewer=call.viewer, at=call.at), viewer=call.viewer)


@endpoint("", public=True)
def show(call: Call, name: str) -> Tag:
    return _tag(call, name)


@endpoint("write:follows")
def follow(call: Call, name: str) -> Tag:
    actions.follow_tag(by=call.me, name=name, at=call.at)
    return _tag(call, name)


@endpoint("write:follows")
def unfollow(call: Call, name: str) -> Tag:
    actions.unfollow_tag(by=call.me, name=name)
    return _tag(call, name)


@endpoint("write:accounts")
def feature(call: Call, name: str) -> Tag:
    actions.feature_tag(by=call.me, name=name, at=call.at)
    return _tag(call, name)


@endpoint("write:accounts")
def unfeature(call: Call, name: str) -> Tag:
    key = tag_key(name)
    for entry in posts.featured_tags(profile=call.me):
        if entry.name == key:
            actions.unfeature_tag(by=call.me, feature_id=entry.id)
    return _tag(call, name)


@endpoint("read:follows")
def followed(call: Call) -> Answer:
    """The hashtags a member follows, last followed first."""
    page = call.page(default=100, most=200)
    found = page.slice_of(posts.followed_tags(viewer=call.me, page=page))
    histories = posts.tag_histories([info.id for info in found.items], at=call.at)
    shown = [tag(info.with_history(histories[info.id]), viewer=call.me) for info in found.items]
    return call.listed(found, shown)


def _featured(call: Call) -> list[FeaturedTag]:
    return [featured(entry) for entry in posts.featured_tags(profile=call.me)]


@endpoint("read:accounts")
def featured_index(call: Call) -> list[FeaturedTag]:
    return _featured(call)


@endpoint("write:accounts")
def featured_add(call: Call) -> FeaturedTag:
    made = actions.feature_tag(by=call.me, name=call.params.text("name"), at=call.at)
    return next(entry for entry in _featured(call) if entry.id == str(made))


@endpoint("write:accounts")
def featured_remove(call: Call, feature_id: int) -> dict[str, Any]:
    actions.unfeature_tag(by=call.me, feature_id=feature_id)
    return {}


@endpoint("read:accounts")
def featured_suggestions(call: Call) -> list[Tag]:
    """The hashtags she uses most and does not show yet."""
    infos = posts.used_tags(profile=call.me)
    histories = posts.tag_histories([info.id for info in infos], at=call.at)
    return [tag(info.with_history(histories[info.id]), viewer=call.me) for info in infos]


urls = [
    route("api/v1/tags/<name>", GET=show),
    route("api/v1/tags/<name>/follow", POST=follow),
    route("api/v1/tags/<name>/unfollow", POST=unfollow),
    route("api/v1/tags/<name>/feature", POST=feature),
    route("api/v1/tags/<name>/unfeature", POST=unfeature),
    route("api/v1/followed_tags", GET=followed),
    route("api/v1/featured_tags", GET=featured_index, POST=featured_add),
    route("api/v1/featured_tags/suggestions", GET=featured_suggestions),
    route("api/v1/featured_tags/<feature_id>", DELETE=featured_remove),
]
