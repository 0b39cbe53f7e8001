"""Keeping people and servers away: block, mute, and what goes with it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.core.events import emit
from majlis.core.sql import column, execute, rows
from majlis.people import events
from majlis.people.access import SeenProfile
from majlis.people.actions.pairs import SQL, count_follow, lock, lock_two
from majlis.people.models import Block, DomainBlock, Mute

_DOMAIN: Final = re.compile(r"(?=.{1,253}\Z)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}(:\d{1,5})?")


@transaction.atomic
def block(*, by: int, whom: SeenProfile, at: datetime) -> None:
    """Neither sees anything of the other from now on.

    Ends follows, requests, features and memberships of circles and lists between the two, both ways.

    Raises:
        BadInput: herself.
        NotThere: she is gone meanwhile.
    """
    lock_two(by, whom.id)
    _part(by, whom.id, at=at)
    _made, fresh = Block.objects.get_or_create(blocker_id=by, blocked_id=whom.id, defaults={"made_at": at})
    if fresh:
        emit(events.Blocked(by, whom.id, at))


def _part(by: int, other: int, *, at: datetime) -> None:
    """End everything between two, both locked."""
    _end_follows(by, other, at=at)
    for owner, circle_id, member in rows(SQL["leave_circles"], one=by, other=other):
        emit(events.CircleChanged(owner, circle_id, member, at))
    for owner, list_id in rows(SQL["leave_lists"], one=by, other=other):
        emit(events.ListChanged(owner, list_id, at))
    execute(SQL["end_endorsements"], one=by, other=other)


def _end_follows(by: int, other: int, *, at: datetime) -> None:
    for follower, followed, follow_id in rows(SQL["end_follows"], one=by, other=other):
        count_follow(follower=follower, followed=followed, change=-1)
        emit(events.Unfollowed(follower, followed, at, follow_id, by))
    for follower, followed, request_id in rows(SQL["end_requests"], one=by, other=other):
        kind = events.FollowRequestWithdrawn if follower == by else events.FollowRefused
        emit(kind(follower, followed, at, request_id))


@transaction.atomic
def unblock(*, by: int, profile_id: int, at: datetime) -> None:
    """Lift a block. Nothing happens when there is none.

    Raises:
        NotThere: there is no such profile.
    """
    lock(by, profile_id)
    if Block.objects.filter(blocker_id=by, blocked_id=profile_id).delete()[0]:
        emit(events.Unblocked(by, profile_id, at))


@transaction.atomic
def mute(
    *,
    by: int,
    whom: SeenProfile,
    at: datetime,
    expires_at: datetime | None = None,
    notifications: bool = True,
) -> None:
    """Read somebody no longer, without her learning of it, until ``expires_at`` or for good.

    ``notifications`` says whether hers are muted too. Again: the new end and setting count.

    Raises:
        BadInput: herself, or an end that is not ahead.
        NotThere: she is gone meanwhile.
    """
    lock_two(by, whom.id)
    if expires_at is not None and expires_at <= at:
        raise BadInput(_("The end of a mute lies ahead."), field="duration")
    Mute.objects.update_or_create(
        muter_id=by,
        muted_id=whom.id,
        defaults={"expires_at": expires_at, "notifications": notifications},
        create_defaults={"expires_at": expires_at, "notifications": notifications, "made_at": at},
    )
    emit(events.Muted(by, whom.id, at, expires_at, notifications))


@transaction.atomic
def unmute(*, by: int, profile_id: int, at: datetime) -> None:
    """Lift a mute. Nothing happens when there is none."""
    if Mute.objects.filter(muter_id=by, muted_id=profile_id).delete()[0]:
        emit(events.Unmuted(by, profile_id, at))


@transaction.atomic
def delete_expired_mutes(*, at: datetime) -> int:
    """Sweep mutes that ended; queries have ignored them since. How many there were."""
    return Mute.objects.filter(expires_at__lte=at).delete()[0]


@transaction.atomic
def block_domain(*, by: int, domain: str, at: datetime) -> None:
    """See nothing of a whole server any longer; follows between her and its people end.

    Raises:
        BadInput: no domain, or our own.
    """
    domain = _checked(domain)
    others = column(SQL["neighbours_in_domain"], profile=by, domain=domain)
    lock(by, *others)
    for other in others:
        _end_follows(by, other, at=at)
    _made, fresh = DomainBlock.objects.get_or_create(blocker_id=by, domain=domain, defaults={"made_at": at})
    if fresh:
        emit(events.DomainBlocked(by, domain, at))


def _checked(domain: str) -> str:
    domain = domain.strip().lower()
    if not _DOMAIN.fullmatch(domain):
        raise BadInput(_("This is not the name of a server."), field="domain", cause=domain[:80])
    if domain == settings.MAJLIS.host.lower():
        raise BadInput(_("This is the server that you are on."), field="domain")
    return domain


@transaction.atomic
def unblock_domain(*, by: int, domain: str, at: datetime) -> None:
    """Lift the block of a server. Nothing happens when there is none."""
    domain = domain.strip().lower()
    if DomainBlock.objects.filter(blocker_id=by, domain=domain).delete()[0]:
        emit(events.DomainUnblocked(by, domain, at))
