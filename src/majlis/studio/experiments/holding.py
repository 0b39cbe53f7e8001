"""Which posts are withheld, and from whom: read by every feed through ``posts.withholding``.

Only what leaves a studio is withheld: never an answer to somebody else, a direct post or one for a few, never what
the team marks as about safety or care. A post's further parts and first comment go with it. The line that makes
every process read anew is written before the post, so nobody is told of a post before it is known to be withheld.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.core import changes, sql
from majlis.core.errors import NotThere
from majlis.core.ids import new_id
from majlis.insights.events import NoLongerMeasured
from majlis.posts import events
from majlis.posts.withholding import CHANGED, Hold

SQL: Final = sql.load("majlis.studio.experiments")
HOURS: Final = 48
"""So long a few followers wait for a post of a page that runs a holdout."""
AFTERWARDS: Final = timedelta(days=5)
"""So long a post that was withheld may be placed once more."""
LONGEST: Final = timedelta(days=60)
"""A version that was not chosen stands on the profile alone; home feeds do not reach back farther than that."""
_AUDIENCES: Final = frozenset({"public", "unlisted", "followers"})


def not_there() -> NotThere:
    """The one answer for experiments that are not there or another page's."""
    return NotThere(_("There is no such experiment."))


def holds(at: datetime) -> list[Hold]:
    """What is withheld at a moment or later. One query."""
    return [
        Hold(
            post_id=post_id, page_id=page_id, key=bytes(key), draw=draw, low=low, high=high, until=until, others=others
        )
        for post_id, page_id, key, draw, low, high, until, others in sql.rows(SQL["holds"], at=at)
    ]  # fmt: skip


def numbers(viewers: Sequence[int]) -> dict[int, int]:
    """Members' numbers in draws of lots, but of those who are not measured or take no part in experiments. One query."""
    return dict(sql.rows(SQL["numbers"], viewers=list(viewers)))


class _Plan:
    """What becomes of the posts that are published now: set by :func:`leaving`, used by :func:`post_published`."""

    def __init__(self, page_id: int, entry_id: int, row: tuple[Any, ...]) -> None:
        self.page_id = page_id
        self.experiment: int = row[0]
        self.kind: str = row[1]
        self.share: float = row[3]
        self.ends_at: datetime | None = row[4]
        entry_a, entry_b = row[5:7]
        self.arm = "" if self.kind == "holdout" else ("a" if entry_id == entry_a else "b")
        # the entry of the other version
        self.partner: int | None = None if not self.arm else (entry_b if self.arm == "a" else entry_a)
        self.first: int | None = None


_plan: ContextVar[_Plan | None] = ContextVar("plan", default=None)


class Leaving(msgspec.Struct):
    """What leaves together: the other version's entry, or None."""

    partner: int | None = None


@contextmanager
def leaving(team: OnTeam, *, entry_id: int, at: datetime) -> Iterator[Leaving]:
    """What is published inside is this entry. One query, and no more where the page runs no experiment."""
    row = sql.one(SQL["for_entry"], page=team.page_id, entry=entry_id)
    plan = _Plan(team.page_id, entry_id, row) if row else None
    if plan is not None:
        changes.append(CHANGED, team.page_id, at=at)
    token = _plan.set(plan)
    try:
        yield Leaving(plan.partner if plan else None)
    finally:
        _plan.reset(token)


def post_published(event: events.PostPublished) -> None:
    """Withhold it, if it leaves a studio in an experiment. Nothing is asked of any other post."""
    plan = _plan.get()
    if plan is None or event.author_id != plan.page_id or event.boost_of_id is not None:
        return
    part = plan.first is not None and event.reply_to_author_id == plan.page_id
    if event.audience not in _AUDIENCES or (event.reply_to_id is not None and not part):
        return
    if plan.first is None:
        plan.first = event.post_id
    if plan.kind == "holdout":
        until, draw, low, high = event.at + timedelta(hours=HOURS), plan.first, 0.0, plan.share
    else:
        until, draw = plan.ends_at or event.at + LONGEST, plan.experiment
        # each version is withheld from the half that reads the other
        low, high = (0.5, 1.0) if plan.arm == "a" else (0.0, 0.5)
    sql.execute(
        SQL["hold"], post=event.post_id, experiment=plan.experiment, part_of=plan.first if part else None,
        arm=plan.arm, draw=draw, low=low, high=high, others=plan.arm == "b", at=event.at, until=until,
    )  # fmt: skip
    if plan.kind == "holdout" and not part:
        place_later(
            page=plan.page_id, post=event.post_id, experiment=plan.experiment, reason="later", draw=draw, low=low,
            high=high, since=until, until=until + AFTERWARDS, by=None, at=event.at,
        )  # fmt: skip


def place_later(*, at: datetime, **row: object) -> bool:
    """Place a post once more (see ``queries.sql``), in the caller's transaction; False when it is already."""
    placed = sql.execute(SQL["place_later"], id=new_id(), **row)
    changes.append(AGAIN_CHANGED, int(str(row["page"])), at=at)
    return bool(placed)


AGAIN_CHANGED: Final = "again.changed"


def no_longer_measured(event: NoLongerMeasured) -> None:
    """Of what was placed for her nothing is kept."""
    sql.execute(SQL["forget_viewer"], viewer=event.viewer)
