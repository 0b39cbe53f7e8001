"""From a hydrated batch to the JSON of apps: the one place that makes a Status.

A Status is put together from three pieces of JSON: what is the same for all readers, its author, and what is
one reader's. The first two are kept encoded as long as the view they were made from is the one remembered
(``is``, not ``==``), so a warm page costs no encoding but of the marks that differ from "nothing done".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec

from majlis.core import addresses
from majlis.feeds.filtering import Match
from majlis.feeds.hydration import Batch
from majlis.feeds.reading import reader_of
from majlis.mastodon_api.entities.account import account, moment
from majlis.mastodon_api.entities.status import Personal, card, poll, shared
from majlis.people.views import ProfileView
from majlis.posts.queries import NO_MARKS, Marks, PostView
from majlis.studio.experiments.again import Placed

CAPACITY: Final = 60_000

_encode: Final = msgspec.json.Encoder().encode
_shared: dict[int, tuple[PostView, ProfileView, bytes]] = {}
_accounts: dict[int, tuple[ProfileView, bytes]] = {}


def _room(kept: dict[int, Any]) -> None:
    if len(kept) >= CAPACITY:
        for key in list(kept)[: CAPACITY // 2]:
            kept.pop(key, None)


def account_json(profile: ProfileView) -> bytes:
    """An Account."""
    kept = _accounts.get(profile.id)
    if kept is not None and kept[0] is profile:
        return kept[1]
    _room(_accounts)
    encoded = _encode(account(profile))
    _accounts[profile.id] = (profile, encoded)
    return encoded


def _shared_json(post: PostView, author: ProfileView) -> bytes:
    """The shared part and the author, without the closing brace."""
    kept = _shared.get(post.id)
    if kept is not None and kept[0] is post and kept[1] is author:
        return kept[2]
    _room(_shared)
    encoded = b'%s,"account":%s,' % (_encode(shared(post, author))[:-1], account_json(author))
    _shared[post.id] = (post, author, encoded)
    return encoded


_PLAIN_APPROVAL: Final = {
    "everyone": {"automatic": ["public"], "manual": [], "current_user": "automatic"},
    "followers": {"automatic": ["followers"], "manual": [], "current_user": "unknown"},
    "friends": {"automatic": ["followers"], "manual": [], "current_user": "unknown"},
    "mentioned": {"automatic": [], "manual": [], "current_user": "unknown"},
    "nobody": {"automatic": [], "manual": [], "current_user": "denied"},
}


def _approval(permit: str, *, own: bool) -> dict[str, Any]:
    plain = _PLAIN_APPROVAL[permit]
    return {**plain, "current_user": "automatic"} if own else plain


def _nothing_done(permit: str, *, own: bool, pinnable: bool) -> bytes:
    done = Personal(
        reblog=None,
        poll=None,
        quote=None,
        quote_approval=_approval(permit, own=own),
        favourited=False,
        reblogged=False,
        muted=False,
        bookmarked=False,
        filtered=[],
    )
    if pinnable:
        done.pinned = False
    return _encode(done)[1:]


_NOTHING: Final = {
    (permit, own, pinnable): _nothing_done(permit, own=own, pinnable=pinnable)
    for permit in _PLAIN_APPROVAL
    for own, pinnable in ((False, False), (True, False), (True, True))
}


def status_json(batch: Batch, post: PostView, *, at: datetime) -> bytes:
    """A Status as the batch's viewer sees it."""
    return _shared_json(post, batch.people[post.author_id]) + _personal_json(batch, post, at=at)


def _personal_json(batch: Batch, post: PostView, *, at: datetime) -> bytes:
    viewer = batch.viewer
    marks = batch.marks.get(post.id, NO_MARKS)
    plain = not (post.boost_of_id or post.poll or post.quote_of_id or post.id in batch.filtered)
    if plain and viewer is not None and marks == NO_MARKS:
        own = viewer == post.author_id
        return _NOTHING[post.may_quote, own, own and post.audience != "mentioned"]
    return _encode(_personal(batch, post, marks, at=at))[1:]


def _personal(batch: Batch, post: PostView, marks: Marks, *, at: datetime, shallow: bool = False) -> Personal:
    viewer = batch.viewer
    own = viewer == post.author_id
    boosted = batch.posts.get(post.boost_of_id) if post.boost_of_id else None
    answer = Personal(
        reblog=msgspec.Raw(status_json(batch, boosted, at=at)) if boosted else None,
        poll=poll(post.poll, marks if viewer else None, at=at, author=own) if post.poll else None,
        quote=_quote(batch, post, at=at, shallow=shallow),
        quote_approval=_approval(post.may_quote, own=own),
    )
    if viewer is None:
        return answer
    # of a boost, apps expect the marks of what was boosted
    shown = batch.marks.get(boosted.id, NO_MARKS) if boosted else marks
    answer.favourited = bool(shown.reaction)
    answer.reblogged = shown.boosted
    answer.muted = shown.muted
    answer.bookmarked = shown.bookmarked
    answer.filtered = [msgspec.Raw(_filter_result(match)) for match in batch.filtered.get(post.id, ())]
    if shown.reaction:
        answer.my_reaction = shown.reaction
    if own and not boosted and post.audience != "mentioned":
        answer.pinned = marks.pinned
    return answer


def _quote(batch: Batch, post: PostView, *, at: datetime, shallow: bool) -> dict[str, Any] | None:
    """A quoted post, one level deep: what it quotes itself (``shallow``) is named by number only."""
    if not post.quote_state:
        return None
    seen = post.quote_state == "accepted" and post.quote_of_id in batch.seen_quotes
    state = "accepted" if seen else _why_not_shown(post)
    if shallow:
        return {"state": state, "quoted_status_id": str(post.quote_of_id) if seen else None}
    quoted = batch.quoted(post) if seen else None
    if quoted is None:
        return {"state": "deleted" if seen else state, "quoted_status": None}
    if unwanted := _unwanted(quoted.author_id, batch, at=at):
        return {"state": unwanted, "quoted_status": None}
    inner = (
        _shared_json(quoted, batch.people[quoted.author_id])
        + _encode(_personal(batch, quoted, batch.mine(quoted), at=at, shallow=True))[1:]
    )
    return {"state": "accepted", "quoted_status": msgspec.Raw(inner)}


def _unwanted(author_id: int, batch: Batch, *, at: datetime) -> str:
    """The state of a quote whose author the reader does not want to read, or nothing. The post itself is
    held back: apps older than these states (Mastodon 4.5) would show it."""
    if batch.viewer is None or author_id == batch.viewer:
        return ""
    wishes, author = reader_of(viewer=batch.viewer, at=at).rules, batch.people[author_id]
    if author_id in wishes.blocked:
        return "blocked_account"
    if author.domain and author.domain in wishes.domains:
        return "blocked_domain"
    return "muted_account" if author_id in wishes.muted else ""


def _why_not_shown(post: PostView) -> str:
    """Nothing here tells a post that is not for this reader from one that was deleted later."""
    if post.quote_of_id is None or post.quote_state == "deleted":
        return "deleted"
    return "unauthorized" if post.quote_state == "accepted" else post.quote_state


def _filter_result(match: Match) -> bytes:
    chosen = match.filter
    return _encode(
        {
            "filter": {
                "id": str(chosen.id),
                "title": chosen.title,
                "context": sorted(chosen.contexts),
                "expires_at": moment(chosen.expires_at) if chosen.expires_at else None,
                "filter_action": chosen.action,
            },
            "keyword_matches": list(match.keywords),
            "status_matches": [str(id_) for id_ in match.post_ids],
        }
    )


def statuses_json(batch: Batch, ids: Iterable[int], *, at: datetime, placed: Placed | None = None) -> bytes:
    """A list of Statuses, and among them one that is placed once more, if there is one."""
    found = (batch.posts.get(id_) for id_ in ids)
    listed = [status_json(batch, post, at=at) for post in found if post]
    if placed is not None:
        listed.insert(placed.position, _placed_again_json(placed, at=at))
    return b"[" + b",".join(listed) + b"]"


def _placed_again_json(placed: Placed, *, at: datetime) -> bytes:
    """The Status with ``placed_again``: why it stands there, and where more is said. Apps that do not know the field
    show the post with its own date."""
    said = {"reason": placed.reason, "url": addresses.absolute(f"/home/why/{placed.post_id}")}
    shown = status_json(placed.batch, placed.batch.posts[placed.post_id], at=at)
    return shown[:-1] + b',"placed_again":' + _encode(said) + b"}"


def accounts_json(profiles: Iterable[ProfileView]) -> bytes:
    """A list of Accounts."""
    return b"[" + b",".join([account_json(profile) for profile in profiles]) + b"]"


def source_json(batch: Batch, post: PostView, *, at: datetime) -> bytes:
    """A Status with ``text``, what was typed: the answer to its deletion, to write it anew from."""
    return status_json(batch, post, at=at)[:-1] + b',"text":' + _encode(post.text) + b"}"


def card_json(post: PostView) -> bytes:
    """The PreviewCard of a post; an empty object for none."""
    return _encode(card(post.card) if post.card else {})
