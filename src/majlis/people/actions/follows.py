"""Following and asking to; accepting, refusing, ending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.core.sql import execute, rows
from majlis.people import events
from majlis.people.access import SeenProfile
from majlis.people.actions.pairs import SQL, check_no_block, count_follow, lock, lock_two
from majlis.people.models import Endorsement, Follow, FollowRequest

Standing = Literal["following", "requested"]


@transaction.atomic
def follow(
    *,
    by: int,
    whom: SeenProfile,
    at: datetime,
    show_boosts: bool | None = None,
    notify: bool | None = None,
    languages: Sequence[str] | None = None,
) -> Standing:
    """Follow somebody, or ask to when she decides herself, or set an existing follow otherwise.

    ``None`` leaves a setting as it is (at first: boosts shown, no notification, all languages); an
    empty sequence of languages means all of them. A limited profile asks whomever it follows.

    Raises:
        BadInput: herself.
        NotAllowed: one of the two blocks the other.
        NotThere: she is gone meanwhile.
    """
    locked = lock_two(by, whom.id)
    check_no_block(by, whom.id)
    wanted = _settings(show_boosts, notify, languages)
    if existing := Follow.objects.filter(follower_id=by, followed_id=whom.id).first():
        _change(existing, wanted, at=at)
        return "following"
    if locked[whom.id].asks or locked[by].limited:
        _ask(by, whom.id, wanted, at=at)
        return "requested"
    FollowRequest.objects.filter(follower_id=by, followed_id=whom.id).delete()
    _begin(by, whom.id, wanted, at=at, asked=False)
    return "following"


def _settings(
    show_boosts: bool | None, notify: bool | None, languages: Sequence[str] | None
) -> dict[str, Any]:
    """The settings that were given, as columns."""
    wanted: dict[str, Any] = {"show_boosts": show_boosts, "notify": notify}
    given = {name: value for name, value in wanted.items() if value is not None}
    if languages is not None:
        given["languages"] = sorted(set(languages)) or None
    return given


def _begin(follower: int, followed: int, wanted: dict[str, Any], *, at: datetime, asked: bool) -> None:
    made = Follow.objects.create(follower_id=follower, followed_id=followed, made_at=at, **wanted)
    count_follow(follower=follower, followed=followed, change=1)
    emit(events.Followed(follower, followed, at, made.id, asked))


def _change(existing: Follow, wanted: dict[str, Any], *, at: datetime) -> None:
    if any(getattr(existing, name) != value for name, value in wanted.items()):
        Follow.objects.filter(id=existing.id).update(**wanted)
        emit(events.FollowChanged(existing.follower_id, existing.followed_id, at, existing.id))


def _ask(follower: int, followed: int, wanted: dict[str, Any], *, at: datetime) -> None:
    request, fresh = FollowRequest.objects.get_or_create(
        follower_id=follower, followed_id=followed, defaults={"made_at": at, **wanted}
    )
    if fresh:
        emit(events.FollowRequested(follower, followed, at, request.id))
    elif wanted:
        FollowRequest.objects.filter(id=request.id).update(**wanted)


@transaction.atomic
def accept(*, by: int, follower_id: int, at: datetime) -> None:
    """Let somebody follow who asked ``by`` to.

    Raises:
        NotThere: nobody of that id asks.
    """
    lock(by, follower_id)
    request = _taken_request(follower_id, by)
    _accept(request, at=at)


def _accept(request: FollowRequest, *, at: datetime) -> None:
    wanted = {
        "show_boosts": request.show_boosts,
        "notify": request.notify,
        "languages": request.languages,
    }
    _begin(request.follower_id, request.followed_id, wanted, at=at, asked=True)


def _taken_request(follower: int, followed: int) -> FollowRequest:
    """The request, which is deleted: whoever has it decides."""
    request = FollowRequest.objects.filter(follower_id=follower, followed_id=followed).first()
    if request is None:
        raise NotThere(_("There is no such follow request."), cause=f"{follower} to {followed}")
    FollowRequest.objects.filter(id=request.id).delete()
    return request


@transaction.atomic
def accept_all(*, by: int, at: datetime) -> int:
    """Accept everybody who asks, as when a profile stops deciding itself; how many they were."""
    waiting = FollowRequest.objects.filter(followed_id=by)
    # one that came while we waited for the lock is not locked itself, and stays a request
    locked = lock(by, *waiting.values_list("follower_id", flat=True))
    requests = list(waiting.filter(follower_id__in=locked).order_by("id"))
    FollowRequest.objects.filter(id__in=[request.id for request in requests]).delete()
    for request in requests:
        _accept(request, at=at)
    return len(requests)


@transaction.atomic
def refuse(*, by: int, follower_id: int, at: datetime) -> None:
    """Refuse somebody who asked ``by`` to follow. She is not told, and may ask again.

    Raises:
        NotThere: nobody of that id asks.
    """
    lock(by, follower_id)
    request = _taken_request(follower_id, by)
    emit(events.FollowRefused(follower_id, by, at, request.id))


@transaction.atomic
def unfollow(*, by: int, profile_id: int, at: datetime) -> None:
    """Follow no longer, and ask no longer. Nothing happens when she did neither.

    Raises:
        NotThere: there is no such profile.
    """
    lock(by, profile_id)
    _end(by, profile_id, by=by, at=at)
    for request in FollowRequest.objects.filter(follower_id=by, followed_id=profile_id):
        FollowRequest.objects.filter(id=request.id).delete()
        emit(events.FollowRequestWithdrawn(by, profile_id, at, request.id))


@transaction.atomic
def remove_follower(*, by: int, follower_id: int, at: datetime) -> None:
    """End somebody's following of ``by``. She is not told. Nothing happens when she does not follow.

    Raises:
        NotThere: there is no such profile.
    """
    lock(by, follower_id)
    _end(follower_id, by, by=by, at=at)


def _end(follower: int, followed: int, *, by: int, at: datetime) -> None:
    for ended in Follow.objects.filter(follower_id=follower, followed_id=followed):
        Follow.objects.filter(id=ended.id).delete()
        count_follow(follower=follower, followed=followed, change=-1)
        Endorsement.objects.filter(endorser_id=follower, endorsed_id=followed).delete()
        emit(events.Unfollowed(follower, followed, at, ended.id, by))


@transaction.atomic
def follow_in_bulk(*, pairs: Iterable[tuple[int, int]], at: datetime) -> int:
    """Many (follower, followed) at once: archives, examples. Nobody is notified; how many were new.

    Left out in silence: those there already, oneself, the blocked, the unknown, and whoever wants to
    be asked.
    """
    followers, followeds = _columns(pairs)
    rows(SQL["lock"], ids=sorted({*followers, *followeds}))
    made = rows(
        SQL["follow_in_bulk"],
        ids=[new_id() for _pair in followers],
        followers=followers,
        followeds=followeds,
        at=at,
    )
    _count_in_bulk(Counter(row[0] for row in made), Counter(row[1] for row in made))
    if made:
        emit(events.FollowedInBulk(tuple(sorted({row[0] for row in made})), at))
    return len(made)


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    distinct = list(dict.fromkeys(pairs))
    return [follower for follower, _followed in distinct], [followed for _follower, followed in distinct]


def _count_in_bulk(following: Counter[int], followers: Counter[int]) -> None:
    touched = sorted({*following, *followers})
    execute(
        SQL["count_in_bulk"],
        profiles=touched,
        followings=[following[id_] for id_ in touched],
        followers=[followers[id_] for id_ in touched],
    )
