"""The viewer's own account: what an app shows of it, and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.core.errors import BadInput, NotAllowed
from majlis.mastodon_api.entities import person
from majlis.mastodon_api.params import Params
from majlis.mastodon_api.preferences import acting
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.media import actions as media
from majlis.media.actions import Picture
from majlis.people import actions, queries
from majlis.people.views import ProfileView

PICTURES: Final = ("avatar", "header")
LARGEST: Final = 2 * media.most_bytes() + 1024 * 1024
"""Bytes: both pictures at once, and the texts."""
MOST_FIELDS: Final = 100
_CHOSEN: Final[Mapping[str, Mapping[str, str]]] = {
    "privacy": {
        "public": "public",
        "unlisted": "unlisted",
        "private": "followers",
        "direct": "mentioned",
    },
    "quote_policy": {"public": "everyone", "followers": "followers", "nobody": "nobody"},
}
"""What a member chooses through an app, in our words."""


def _own(call: Call) -> ProfileView:
    return queries.profiles([call.me])[call.me]


def _credentials(call: Call) -> Any:
    viewer = acting(call)
    return person.credential_account(
        _own(call),
        viewer.preferences,
        requests=queries.follow_requests_count(profile_id=call.me),
        operator=viewer.is_operator,
    )


def _check_reading(call: Call) -> None:
    """``profile`` is the narrow scope of apps that only want to know who she is."""
    if call.bearer is None or not (call.bearer.allows("profile") or call.bearer.allows("read:accounts")):
        raise NotAllowed(_("This action is outside the authorized scopes."), code="outside_scopes")


@endpoint("")
def verify(call: Call) -> Any:
    """Who the viewer is."""
    _check_reading(call)
    return _credentials(call)


@endpoint("")
def show_profile(call: Call) -> Any:
    """The viewer's profile for an editor."""
    _check_reading(call)
    return person.own_profile(_own(call))


@endpoint("write:accounts", largest=LARGEST)
def update(call: Call) -> Any:
    """Change what is sent; the rest stays."""
    _update(call)
    return _credentials(call)


@endpoint("write:accounts", largest=LARGEST)
def update_profile(call: Call) -> Any:
    """The same, answered for an editor."""
    _update(call)
    return person.own_profile(_own(call))


def _update(call: Call) -> None:
    """All or nothing: pictures are stored first, and thrown away again when something else is refused."""
    before = _own(call)
    stored = {name: picture for name in PICTURES if (picture := _stored(call, name))}
    try:
        with transaction.atomic():
            _change_profile(call, before)
            for name in PICTURES:
                _change_picture(call, name, before, stored.get(name))
            if changes := _preferences(call):
                actions.change_preferences(by=call.me, changes=changes, at=call.at)
    except Exception:
        for picture in stored.values():
            media.discard_picture(key=picture.key)
        raise


def _stored(call: Call, name: str) -> Picture | None:
    file: UploadedFile[Any] | None = call.params.file(name)
    if file is not None:
        limits.take("upload", f"profile {call.me}")
        return media.upload_picture(owner=call.me, data=file.read(), preset=name)
    if call.params.text(name):
        raise BadInput(format_lazy(_("{field} has to be sent as a file."), field=name), field=name)
    return None


def _change_profile(call: Call, before: ProfileView) -> None:
    params = call.params
    actions.change_profile(
        by=call.me,
        at=call.at,
        display_name=params.maybe_text("display_name"),
        bio=params.maybe_text("note"),
        fields=_fields(params),
        kind=_kind(params.maybe_flag("bot"), before),
        locked=params.maybe_flag("locked"),
        discoverable=params.maybe_flag("discoverable"),
        indexable=params.maybe_flag("indexable"),
        hide_network=params.maybe_flag("hide_collections"),
    )


def _fields(params: Params) -> list[tuple[str, str]] | None:
    if not params.has("fields_attributes"):
        return None
    sent = params.items("fields_attributes", most=MOST_FIELDS)
    return [(each.text("name"), each.text("value")) for each in sent]


def _kind(bot: bool | None, before: ProfileView) -> str | None:
    """Apps know bots and all others: a business that is no bot stays one."""
    if bot is None or bot == (before.kind == "automated"):
        return None
    return "automated" if bot else "person"


def _change_picture(call: Call, name: str, before: ProfileView, picture: Picture | None) -> None:
    alt = call.params.maybe_text(f"{name}_description")
    if picture is None and alt is None:
        return
    old = before.avatar_key if name == "avatar" else before.header_key
    old_alt = before.avatar_alt if name == "avatar" else before.header_alt
    # a description belongs to its picture: another one begins without
    described = alt if alt is not None else "" if picture else old_alt
    _take(call, name, picture or Picture(old, before.avatar_animated), described)
    if picture:
        media.discard_picture(key=old)


def _take(call: Call, name: str, picture: Picture, alt: str) -> None:
    if name == "avatar":
        actions.set_avatar(by=call.me, key=picture.key, animated=picture.animated, alt=alt, at=call.at)
    else:
        actions.set_header(by=call.me, key=picture.key, alt=alt, at=call.at)


def _preferences(call: Call) -> dict[str, Any]:
    """What ``source[…]`` says, in our words. An app that sends back what it read changes nothing: friends
    are told to it as ``private``, and must not become all followers by that."""
    sent = call.params.nested("source")
    if sent is None:
        return {}
    now = acting(call).preferences
    changes: dict[str, Any] = {}
    if audience := _ours(sent, "privacy", person.PRIVACY, now.audience):
        changes["audience"] = audience
    if permit := _ours(sent, "quote_policy", person.QUOTE_POLICY, now.may_quote):
        changes["may_quote"] = permit
    if (sensitive := sent.maybe_flag("sensitive")) is not None:
        changes["sensitive"] = sensitive
    if sent.has("language"):
        changes["language"] = sent.text("language").strip()[:16]
    return changes


def _ours(sent: Params, name: str, words: Mapping[str, str], current: str) -> str:
    """Our word for theirs; empty when none was sent, or what is in force is told to apps in that word."""
    theirs = sent.choice(name, set(words.values()), "")
    if not theirs or words[current] == theirs:
        return ""
    return _CHOSEN[name][theirs]


@endpoint("write:accounts")
def remove_avatar(call: Call) -> Any:
    """No avatar any more."""
    return _without(call, "avatar", _own(call).avatar_key)


@endpoint("write:accounts")
def remove_header(call: Call) -> Any:
    """No header any more."""
    return _without(call, "header", _own(call).header_key)


def _without(call: Call, name: str, key: str) -> Any:
    with transaction.atomic():
        _take(call, name, Picture("", False), "")
        media.discard_picture(key=key)
    return _credentials(call)


urls = [
    route("api/v1/accounts/verify_credentials", GET=verify),
    route("api/v1/accounts/update_credentials", PATCH=update),
    route("api/v1/profile", GET=show_profile, PATCH=update_profile),
    route("api/v1/profile/avatar", DELETE=remove_avatar),
    route("api/v1/profile/header", DELETE=remove_header),
]
