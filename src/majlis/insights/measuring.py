"""Posts of pages: measured from the moment they appear, with the followers they were for counted once.

What answers somebody else stands in no follower's feed and an imported post appeared long ago: neither is
measured. A later change of the audience does not change for whom it appeared.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from majlis.core import sql
from majlis.core.jobs import enqueue
from majlis.insights import members
from majlis.insights.recording import hold_still
from majlis.insights.tables import SQL
from majlis.posts import events
from majlis.posts.visibility import viewers_among

FREEZE: Final = "insights.freeze"
# follows that were on their way when the post appeared are in the history by then
_AFTER: Final = timedelta(seconds=30)
_ALL_FOLLOWERS: Final = frozenset({"public", "unlisted", "followers"})


def post_published(event: events.PostPublished) -> None:
    """Measure it, if it is a page's. Who is in a small audience is written down at once, for circles and
    friendships have no history; all followers are counted by a job from theirs."""
    to_another = event.reply_to_id is not None and event.reply_to_author_id != event.author_id
    if event.imported or event.boost_of_id or to_another:
        return
    written = sql.execute(
        SQL["measure_post"],
        post=event.post_id,
        author=event.author_id,
        audience=event.audience,
        at=event.at,
    )
    if not written:
        return
    if event.audience in _ALL_FOLLOWERS:
        enqueue(FREEZE, {"post_id": event.post_id}, run_at=event.at + _AFTER)
    else:
        _choose(event.post_id, page=event.author_id)
        freeze(post_id=event.post_id)


def freeze(*, post_id: int) -> None:
    """Count the eligible, as of the moment of the post. The first count stands."""
    hold_still()
    sql.execute(SQL["freeze"], post=post_id)


def _choose(post_id: int, *, page: int) -> None:
    maybe = sql.column(SQL["maybe_chosen"], page=page, post=post_id)
    chosen = sorted(viewers_among(ids=[post_id], viewers=maybe)[post_id])
    hold_still()
    members.ensure(chosen)
    sql.execute(SQL["choose"], post=post_id, profiles=chosen)
