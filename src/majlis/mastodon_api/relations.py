"""Following, blocking, muting, noting, featuring: each answers how the viewer stands to the other now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from majlis.mastodon_api import profiles
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import actions

LONGEST_MUTE: Final = 100 * 365 * 24 * 3600
MOST_LANGUAGES: Final = 40


@endpoint("write:follows")
def follow(call: Call, account_id: int) -> Any:
    """Follow, ask to, or set an existing follow otherwise."""
    actions.follow(
        by=call.me,
        whom=profiles.seen(call, account_id),
        at=call.at,
        show_boosts=call.params.maybe_flag("reblogs"),
        notify=call.params.maybe_flag("notify"),
        languages=_languages(call),
    )
    return profiles.standing(call, account_id)


def _languages(call: Call) -> list[str] | None:
    """The languages to read; none sent: as it was. An empty one (forms cannot send an empty list) is none."""
    if not call.params.has("languages"):
        return None
    given = call.params.texts("languages", most=MOST_LANGUAGES)
    return [code.strip().lower()[:16] for code in given if code.strip()]


@endpoint("write:follows")
def unfollow(call: Call, account_id: int) -> Any:
    """Follow no longer, and ask no longer."""
    actions.unfollow(by=call.me, profile_id=account_id, at=call.at)
    return profiles.standing(call, account_id)


@endpoint("write:follows")
def remove_from_followers(call: Call, account_id: int) -> Any:
    """End another's following of the viewer."""
    actions.remove_follower(by=call.me, follower_id=account_id, at=call.at)
    return profiles.standing(call, account_id)


@endpoint("write:blocks")
def block(call: Call, account_id: int) -> Any:
    """See nothing of each other from now on."""
    actions.block(by=call.me, whom=profiles.seen(call, account_id), at=call.at)
    return profiles.standing(call, account_id)


@endpoint("write:blocks")
def unblock(call: Call, account_id: int) -> Any:
    """Lift a block."""
    actions.unblock(by=call.me, profile_id=account_id, at=call.at)
    return profiles.standing(call, account_id)


@endpoint("write:mutes")
def mute(call: Call, account_id: int) -> Any:
    """Read somebody no longer: for ``duration`` seconds, or for good when that is 0."""
    seconds = call.params.whole("duration", 0, most=LONGEST_MUTE)
    actions.mute(
        by=call.me,
        whom=profiles.seen(call, account_id),
        at=call.at,
        expires_at=call.at + timedelta(seconds=seconds) if seconds else None,
        notifications=call.params.flag("notifications", True),
    )
    return profiles.standing(call, account_id)


@endpoint("write:mutes")
def unmute(call: Call, account_id: int) -> Any:
    """Lift a mute."""
    profiles.seen(call, account_id)
    actions.unmute(by=call.me, profile_id=account_id, at=call.at)
    return profiles.standing(call, account_id)


@endpoint("write:accounts")
def note(call: Call, account_id: int) -> Any:
    """Note something about somebody, for the viewer alone."""
    whom = profiles.seen(call, account_id)
    actions.write_note(by=call.me, about=whom, text=call.params.text("comment"))
    return profiles.standing(call, account_id)


@endpoint("write:accounts")
def endorse(call: Call, account_id: int) -> Any:
    """Feature somebody on the viewer's page."""
    actions.endorse(by=call.me, whom=profiles.seen(call, account_id), at=call.at)
    return profiles.standing(call, account_id)


@endpoint("write:accounts")
def unendorse(call: Call, account_id: int) -> Any:
    """Feature somebody no longer."""
    profiles.seen(call, account_id)
    actions.unendorse(by=call.me, profile_id=account_id, at=call.at)
    return profiles.standing(call, account_id)


urls = [
    route(f"api/v1/accounts/<account_id>/{name}", POST=view)
    for name, view in {
        "follow": follow,
        "unfollow": unfollow,
        "remove_from_followers": remove_from_followers,
        "block": block,
        "unblock": unblock,
        "mute": mute,
        "unmute": unmute,
        "note": note,
        "pin": endorse,
        "unpin": unendorse,
        "endorse": endorse,
        "unendorse": unendorse,
    }.items()
]
