"""What a post is expected to come to, said before it is out, kept when it leaves, scored seven days later.

Invariant: an expectation uses nothing that was not known when it was made, is written once and scored once. Neither
end of a range lies among one to nine, so that whether it held never tells of fewer than ten people.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final

import msgspec

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import jobs, sql
from majlis.insights.kinds import FEWEST_SHOWN
from majlis.insights.methods.expectation import Learned, Outcome, Planned, factor_of
from majlis.posts.composing import PostParams
from majlis.studio.planning import history
from majlis.studio.planning.history import History, Lent
from majlis.studio.planning.tables import SQL

KEEP: Final = "studio.keep_forecast"
SCORED_AFTER: Final = timedelta(days=7)
_LOOKED_BACK: Final = 100
_AT_ONCE: Final = 500
_LISTED: Final = 200
_ADDRESS: Final = re.compile(r"https?://\S")
FOR_ALL: Final = ("public", "unlisted", "followers")
"""Audiences that are all followers: of a post for a few chosen, nothing is told."""


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Whole accounts (reach) or times (clicks), ``low`` to ``high`` four times of five. ``basis``: own, mixed,
    borrowed; ``posts``: of the page's own that it stands on; ``lender``: house, published or nobody, of ``lenders``
    pages; ``followers``: how many there were."""

    outcome: Outcome
    low: int
    middle: int
    high: int
    basis: str
    posts: int
    lender: str = ""
    lenders: int = 0
    widened: float = 1.0
    followers: int = 0

    @property
    def few(self) -> bool:
        """Whether all of it is under ten: then only that is said."""
        return self.high < FEWEST_SHOWN


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An expectation as it was kept, and what came; ``came`` None: the seven days are not over. ``hidden``: it came to
    one to nine."""

    post_id: int
    expected: Expected
    appeared_at: datetime
    came: int | None
    held: bool | None
    scored_at: datetime | None

    @property
    def hidden(self) -> bool:
        """Whether what came is too few to be told."""
        return self.came is not None and 0 < self.came < FEWEST_SHOWN


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """How many ranges of an outcome held, of those that were scored; ``share`` with its 95 % interval (Wilson 1927),
    None without any. ``widened``: by how much the next range is stretched."""

    outcome: Outcome
    scored: int
    held: int
    waiting: int
    share: float | None
    interval: tuple[float, float] | None
    widened: float


class Seer:
    """What a page can be told from at a moment; ask it for any number of posts. What is learnt is learnt once."""

    def __init__(self, found: History, followers: int) -> None:
        self.found, self.followers = found, followers
        self._known: dict[Outcome, tuple[Learned, Lent | None, float]] = {}
        self._others = cache(partial(history.lenders, found))  # the same for every outcome

    def expect(
        self,
        outcome: Outcome,
        *,
        at: datetime,
        kind: str,
        length: int = 0,
        paid: bool = False,
        gap: timedelta | None = None,
    ) -> Expected:
        """The range of a post that leaves ``at``; ``gap``: so long after another that is not out yet either."""
        learned, lent, factor = self.knows(outcome)
        # what was learnt from posts enough is stretched already
        more = factor if learned.borrowed is not None else 1.0
        wall = self.found.wall(at)
        if gap is not None:
            learned = msgspec.structs.replace(learned, last=wall - gap)
        said = learned.expect(Planned(at=wall, followers=self.followers, kind=kind, paid=paid, length=length))
        low, middle, high = floored(*stretched(said.low, said.middle, said.high, more))
        return Expected(
            outcome=outcome, low=low, middle=middle, high=high, basis=said.basis.value, posts=said.posts,
            lender=lent.name if lent else "", lenders=lent.pages if lent else 0, widened=factor,
            followers=self.followers,
        )  # fmt: skip

    def knows(self, outcome: Outcome) -> tuple[Learned, Lent | None, float]:
        """What was learnt, what of it is borrowed, and how much ranges are stretched. Two queries at the most, once, and one
        for all outcomes that borrow."""
        if outcome not in self._known:
            learned, lent = history.learned(self.found, outcome, others=self._others)
            factor = learned.widened
            if learned.borrowed is not None:
                factor = widened(page_id=self.found.page_id, outcome=outcome, at=self.found.until)
            self._known[outcome] = (learned, lent, factor)
        return self._known[outcome]


def seer(*, page_id: int, at: datetime, followers: int | None = None) -> Seer:
    """What is known at a moment. Two queries."""
    found = history.history(page_id=page_id, until=at)
    return Seer(found, found.followers if followers is None else followers)


def stretched(low: int, middle: int, high: int, factor: float) -> tuple[int, int, int]:
    """The range, so many times as far from its middle on a logarithmic scale; whole numbers, outwards."""

    def moved(end: int) -> float:
        return float((middle + 1) * ((end + 1) / (middle + 1)) ** factor - 1)

    return max(0, math.floor(moved(low) + 1e-9)), middle, math.ceil(moved(high) - 1e-9)


def floored(low: int, middle: int, high: int) -> tuple[int, int, int]:
    """No end among one to nine: the lower is nobody instead, the others nine."""
    few = FEWEST_SHOWN - 1
    return (low if low > few else 0), max(middle, few), max(high, few)


def widened(*, page_id: int, outcome: Outcome, at: datetime) -> float:
    """By how much ranges are stretched for those kept of this page that did not hold, where it has too few posts for that
    to be told from its history. One query."""
    return factor_of(
        sql.column(SQL["held_before"], page=page_id, outcome=outcome.value, at=at, limit=_LOOKED_BACK)
    )


def kind_of(params: PostParams, *, photos: bool = False) -> str:
    """article, poll, photo or text: the kinds that are told apart."""
    if params.is_article:
        return "article"
    if params.poll:
        return "poll"
    return "photo" if photos or params.photo_ids else "text"


def before(
    team: OnTeam,
    params: PostParams,
    *,
    due: datetime | None,
    at: datetime,
    photos: bool = False,
    kind: str | None = None,
) -> list[Expected]:
    """What a post is expected to come to when it leaves at ``due`` (None: now): its reach, and clicks when it has an
    address to follow. ``kind``: when the words do not say it. Nothing for a post that is not for all followers.

    Raises:
        NotAllowed: her role does not measure.
    """
    team.require(Permission.MEASURE)
    if params.audience not in FOR_ALL:
        return []
    known = seer(page_id=team.page_id, at=at)
    outcomes = [Outcome.REACH, *([Outcome.CLICKS] if _ADDRESS.search(params.text) else [])]
    moment = due if due is not None and due > at else at
    kind = kind or kind_of(params, photos=photos)
    return [known.expect(each, at=moment, kind=kind, length=len(params.text)) for each in outcomes]


def left(*, page_id: int, post_id: int, at: datetime) -> None:
    """A post left: what is expected of it is written down by a job of the same transaction, from what was known then.
    Whatever goes wrong with it keeps no post from leaving."""
    jobs.enqueue(KEEP, {"page_id": page_id, "post_id": post_id, "at": at.isoformat()})


def keep(*, page_id: int, post_id: int, at: datetime) -> int:
    """Write down what is expected of a post that is out, from what was known when it appeared; how many were new."""
    row = sql.one(SQL["left_post"], page=page_id, post=post_id)
    if row is None or not row[1]:
        return 0
    appeared_at, _for_all, kind, length, linked, followers = row
    known = seer(page_id=page_id, at=appeared_at, followers=followers)
    kept = 0
    for outcome in (Outcome.REACH, Outcome.CLICKS) if linked else (Outcome.REACH,):
        said = known.expect(outcome, at=appeared_at, kind=kind, length=length)
        kept += sql.execute(
            SQL["keep_forecast"], post=post_id, outcome=outcome.value, page=page_id, low=said.low, middle=said.middle,
            high=said.high, basis=said.basis, posts=said.posts, lender=said.lender, lenders=said.lenders,
            widened=said.widened, appeared_at=appeared_at, at=at,
        )  # fmt: skip
    return kept


def score(*, at: datetime) -> int:
    """Hold ranges whose seven days are over against what came; how many."""
    sql.execute(SQL["forget_gone"], at=at)
    return sql.execute(SQL["score"], at=at, limit=_AT_ONCE)


def of_post(team: OnTeam, *, post_id: int) -> list[Kept]:
    """What was expected of a post of the page, and what came.

    Raises:
        NotAllowed: her role does not measure.
    """
    team.require(Permission.MEASURE)
    return [_kept(row) for row in sql.rows(SQL["forecasts_of_post"], page=team.page_id, post=post_id)]


def listed(team: OnTeam, *, at: datetime, limit: int = _LISTED) -> list[Kept]:
    """What was expected of the newest posts.

    Raises:
        NotAllowed: her role does not measure.
    """
    team.require(Permission.MEASURE)
    return [_kept(row) for row in sql.rows(SQL["forecasts"], page=team.page_id, until=at, limit=limit)]


def titles(posts: Iterable[int]) -> dict[int, str]:
    """The first words of posts that are there."""
    return dict(sql.rows(SQL["titles"], posts=list(posts)))


def calibration(team: OnTeam, found: Sequence[Kept], *, at: datetime) -> list[Calibration]:
    """How well such ranges held, by outcome; those of which there are none are left out."""
    made, known = [], seer(page_id=team.page_id, at=at)
    for outcome in Outcome:
        of_it = [each for each in found if each.expected.outcome is outcome]
        scored = [each for each in of_it if each.held is not None]
        held = sum(bool(each.held) for each in scored)
        if of_it:
            made.append(
                Calibration(
                    outcome=outcome, scored=len(scored), held=held, waiting=len(of_it) - len(scored),
                    share=held / len(scored) if scored else None, interval=wilson(held, len(scored)),
                    widened=known.knows(outcome)[2],
                )
            )  # fmt: skip
    return made


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """The 95 % interval of a share (Wilson 1927); None of nothing."""
    if whole <= 0:
        return None
    z = 1.959964
    rate, below = part / whole, 1 + z * z / whole
    centre = (rate + z * z / (2 * whole)) / below
    reach = z * math.sqrt(rate * (1 - rate) / whole + z * z / (4 * whole * whole)) / below
    return max(0.0, centre - reach), min(1.0, centre + reach)


def _kept(row: Sequence[Any]) -> Kept:
    (
        post_id,
        outcome,
        low,
        middle,
        high,
        basis,
        posts,
        lender,
        lenders,
        factor,
        appeared_at,
        came,
        held,
        scored,
    ) = row
    said = Expected(
        outcome=Outcome(outcome), low=low, middle=middle, high=high, basis=basis, posts=posts, lender=lender,
        lenders=lenders, widened=factor,
    )  # fmt: skip
    return Kept(
        post_id=post_id, expected=said, appeared_at=appeared_at, came=came, held=held, scored_at=scored
    )
