"""What many are told, in pieces, each written exactly once; pushes; letters; and tidying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.conf import settings

from majlis.core import jobs, sql
from majlis.core.http import Client, Limits
from majlis.core.jobs import Lane, Run, job
from majlis.notifications import digest, making, push
from majlis.notifications.statements import TELLING
from majlis.notifications.telling import PUSH_JOB, Wanted, gone, tell
from majlis.posts import withholding

AT_ONCE: Final = 500
LIMITS: Final = Limits(largest=64 * 1024, total=20.0)
DIGEST_JOB: Final = "notifications.write_digest"
LETTER_JOB: Final = "notifications.send_letter"

Tell = Callable[[list[sql.Row]], object]


@job(making.LISTENERS_JOB, atomic=True)
def tell_listeners(post_id: int, run: Run, after: int = 0) -> None:
    """Those who asked to be told of every post of its author, and from whom it is not withheld."""
    if (post := sql.one(TELLING["post"], post=post_id)) is None:
        return
    author = int(post[0])

    def told(found: list[sql.Row]) -> None:
        now = withholding.without([row[1] for row in found], post_id=post_id, at=run.at)
        tell([Wanted(each, "status", post_id) for each in now], actor=author, at=run.at)

    _in_pieces(making.LISTENERS_JOB, "listeners", post_id, after, told, author=author)


@job(making.VOTERS_JOB, atomic=True)
def tell_voters(post_id: int, run: Run, after: int = 0) -> None:
    """Those who voted in a poll that has ended."""
    if (post := sql.one(TELLING["post"], post=post_id)) is None:
        return
    author = int(post[0])

    def told(found: list[sql.Row]) -> None:
        tell([Wanted(row[1], "poll", post_id) for row in found], actor=author, at=run.at)

    _in_pieces(making.VOTERS_JOB, "voters", post_id, after, told, post=post_id)


@job(making.EDIT_JOB, atomic=True)
def tell_of_edit(post_id: int, run: Run) -> None:
    """Those who boosted or quoted a post that says something else now: two jobs, one for each."""
    for what in ("boosters", "quoters"):
        jobs.enqueue(_EDIT_PIECE, {"post_id": post_id, "what": what})


_EDIT_PIECE: Final = "notifications.tell_sharers"


@job(_EDIT_PIECE, atomic=True)
def tell_sharers(post_id: int, what: str, run: Run, after: int = 0) -> None:
    """Boosters are shown the post; quoters their own, in which it stands. The last edit is told, not all."""
    post = sql.one(TELLING["post"], post=post_id)
    if post is None or post[1] is None:
        return
    author, edited_at = int(post[0]), post[1]

    def told(found: list[sql.Row]) -> None:
        if what == "boosters":
            wanted = [Wanted(row[1], "update", post_id) for row in found]
            _tell_anew(wanted, actor=author, at=edited_at)
        else:
            wanted = [Wanted(row[1], "quoted_update", row[0]) for row in found]
            _tell_anew(wanted, actor=author, at=edited_at, cause_id=post_id)

    _in_pieces(_EDIT_PIECE, what, post_id, after, told, post=post_id, more={"what": what})


def _tell_anew(wanted: list[Wanted], *, actor: int, at: datetime, cause_id: int | None = None) -> None:
    """In place of what was told of an earlier edit."""
    removed = sql.rows(
        TELLING["replace"],
        recipients=[each.recipient for each in wanted],
        posts=[each.post_id for each in wanted],
        kind=wanted[0].kind,
        actor=actor,
        at=at,
    )
    gone(removed, at=at)
    tell(wanted, actor=actor, at=at, cause_id=cause_id)


def _in_pieces(
    name: str,
    query: str,
    post_id: int,
    after: int,
    told: Tell,
    *,
    more: dict[str, str] | None = None,
    **parameters: int,
) -> None:
    """Tell the next ones; when there may be others, another job goes on after them."""
    found = sql.rows(TELLING[query], after=after, limit=AT_ONCE, **parameters)
    if found:
        told(found)
    if len(found) == AT_ONCE:
        jobs.enqueue(name, {"post_id": post_id, "after": found[-1][0], **(more or {})})


@job(making.FORGET_JOB, lane=Lane.BULK)
def forget_post(post_id: int) -> None:
    """The notifications about a post whose deletion was not undone."""
    while sql.execute(TELLING["forget"], post=post_id, limit=AT_ONCE) == AT_ONCE:
        pass


@job(PUSH_JOB, attempts=6, lease=60.0, backoff=30.0)
def push_one(notification_id: int, subscription_id: int, run: Run) -> None:
    """Push one notification to one app."""
    push.push(
        notification_id=notification_id,
        subscription_id=subscription_id,
        client=_client(),
        at=run.at,
        last=run.last,
    )


@cache
def _client() -> Client:
    """One for the process: a push service is spoken to again and again."""
    return Client(user_agent=f"Majlis (+{settings.MAJLIS.base_url})", limits=LIMITS)


@job("notifications.write_digests", every=timedelta(days=1), offset=timedelta(hours=6), lane=Lane.BULK)
def write_digests(run: Run) -> None:
    """A job for each member who wishes a letter and has been away."""
    waiting = [{"profile_id": profile_id} for profile_id in digest.away(at=run.at)]
    jobs.enqueue_many(DIGEST_JOB, waiting)


@job(DIGEST_JOB, atomic=True, lane=Lane.BULK)
def write_digest(profile_id: int, run: Run) -> None:
    """Write a letter, and hand it to the post in the same transaction."""
    if letter := digest.write(profile_id=profile_id, at=run.at):
        jobs.enqueue(LETTER_JOB, asdict(letter))


@job(LETTER_JOB, attempts=12, lane=Lane.BULK)
def send_letter(to: str, subject: str, text: str, stop_url: str) -> None:
    """One letter to one address."""
    digest.send(digest.Letter(to, subject, text, stop_url))
