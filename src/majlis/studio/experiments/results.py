"""What experiments say: lift of a holdout, and which of two versions is better.

Who was in which arm is worked out again from the key: nothing else is kept. Everybody whom a post was for and who
takes part is counted, whether she opened a feed or not (*intention to treat*), so that nothing but chance is between
the arms. The sizes are checked among those whom a feed met before the time was over: should the noting of what is
withheld ever fail, that is where it shows. Formulas: ``insights.methods.lift``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.insights.floor import too_few
from majlis.insights.kinds import INTERACTIONS
from majlis.insights.methods import lift
from majlis.insights.methods.lift import Arm, Comparison, Enough, Lift, SampleRatio
from majlis.posts.withholding import lot
from majlis.studio.experiments.holding import HOURS, SQL, not_there

GOALS: Final = ("ordered", "visited", "engaged")
"""What is compared: an order; a visit of the page or a click on its links; anything done with its posts."""
MOST_POSTS: Final = 100
_ENGAGING: Final = sorted(int(kind) for kind in INTERACTIONS)


class Experiment(msgspec.Struct, frozen=True):
    """An experiment of a page. ``posts``: so many were or are in it; ``post_a``, ``post_b``: the versions that are out."""

    id: int
    kind: str
    name: str
    share: float
    entry_a: int | None
    entry_b: int | None
    post_a: int | None
    post_b: int | None
    made_at: datetime
    began_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    stopped_early: bool
    chosen: str
    posts: int

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None


def experiments(team: OnTeam) -> list[Experiment]:
    """All of a page, those that run first. One query."""
    return [Experiment(*row) for row in sql.rows(SQL["experiments"], page=team.page_id, id=None)]


def experiment(team: OnTeam, experiment_id: int) -> Experiment:
    """One of them.

    Raises:
        NotThere: it is not the page's.
    """
    row = sql.one(SQL["experiments"], page=team.page_id, id=experiment_id)
    if row is None:
        raise not_there()
    return Experiment(*row)


class Outcome(NamedTuple):
    """One follower and one withheld post. ``met``: a feed met her, with the post or without it."""

    post_id: int
    viewer: int
    met: bool
    ordered: bool
    visited: bool
    engaged: bool


class Draw(NamedTuple):
    """How lots were drawn for a post."""

    key: bytes
    draw: int
    low: float
    high: float

    def held(self, viewer: int) -> bool:
        """Whether it was withheld from her."""
        return self.low <= lot(self.key, self.draw, viewer) < self.high


class OfGoal(msgspec.Struct, frozen=True):
    """The lift in one goal, and whether there is enough to read it; None where nothing is to be compared."""

    goal: str
    lift: Lift | None
    enough: Enough | None


class HoldoutResult(msgspec.Struct, frozen=True):
    """What a holdout says of the ``posts`` whose time is over; ``waiting`` are not yet."""

    goals: tuple[OfGoal, ...]
    ratio: SampleRatio
    posts: int
    waiting: int

    def of(self, goal: str) -> OfGoal:
        """One goal's."""
        return next(each for each in self.goals if each.goal == goal)


def holdout(experiment_id: int, *, share: float, at: datetime) -> HoldoutResult:
    """Lift of all posts of a holdout whose 48 hours are over. Three queries; whoever asks holds the team door."""
    key = _key(experiment_id)
    rows = sql.rows(SQL["held_of"], id=experiment_id)
    over = [row for row in rows if row[6] <= at][-MOST_POSTS:]
    draws = {row[0]: Draw(key, row[2], row[3], row[4]) for row in over}
    found = outcomes(list(draws))
    return compare(found, draws, share=share, waiting=sum(row[6] > at for row in rows))


def outcomes(posts: Sequence[int]) -> list[Outcome]:
    """What each follower of each post did while it was withheld from some. One query."""
    if not posts:
        return []
    return [
        Outcome(*row)
        for row in sql.rows(SQL["outcomes"], posts=list(posts), hours=HOURS, interactions=_ENGAGING)
    ]


def compare(
    found: Sequence[Outcome], draws: Mapping[int, Draw], *, share: float, waiting: int = 0
) -> HoldoutResult:
    """The lift of each goal, clustered by follower, and the check of the sizes."""
    held = [draws[each.post_id].held(each.viewer) for each in found]
    met = [away for each, away in zip(found, held, strict=True) if each.met]
    ratio = lift.sample_ratio(len(met) - sum(met), sum(met), holdout_share=share)
    goals = tuple(_of_goal(goal, found, held) for goal in GOALS)
    return HoldoutResult(goals, ratio, len(draws), waiting)


def _of_goal(goal: str, found: Sequence[Outcome], held: Sequence[bool]) -> OfGoal:
    made = lift.clustered_lift(
        follower=[each.viewer for each in found], post=[each.post_id for each in found], held=held,
        converted=[getattr(each, goal) for each in found],
    )  # fmt: skip
    return OfGoal(goal, made, lift.enough(made) if made is not None else None)


def _key(experiment_id: int) -> bytes:
    return bytes(sql.column(SQL["key"], id=experiment_id)[0])


class VersionsResult(msgspec.Struct, frozen=True):
    """Two versions of a post, compared. ``arms`` by goal: (A, B); ``information``: how much of its time the test had
    when it was looked at or stopped. Before the end the intervals are wider (O'Brien–Fleming), and nothing is better."""

    viewed: tuple[int, int]
    comparisons: Mapping[str, Comparison]
    arms: Mapping[str, tuple[Arm, Arm]]
    information: float


VERSION_GOALS: Final = ("engaged", "clicked", "ordered")


def versions(team: OnTeam, experiment_id: int, *, at: datetime) -> VersionsResult | None:
    """How two versions compare until now or until the end; None before they are out.

    Raises:
        NotThere: it is not the page's.
    """
    found = experiment(team, experiment_id)
    if found.began_at is None or found.ends_at is None:
        return None
    until = min(found.ended_at or at, at)
    planned = max((found.ends_at - found.began_at) / timedelta(seconds=1), 1.0)
    information = min(max((until - found.began_at) / timedelta(seconds=1) / planned, 0.01), 1.0)
    return _compared(experiment_id, until=until, information=information)


def better(experiment_id: int, *, until: datetime) -> str | None:
    """ "a" or "b", if one of them is better beyond chance at the end: in what followers did with it."""
    found = _compared(experiment_id, until=until, information=1.0)
    return found.comparisons["engaged"].better if found else None


def _compared(experiment_id: int, *, until: datetime, information: float) -> VersionsResult | None:
    key, posts = _key(experiment_id), {}
    for post_id, arm, draw, low, high, _since, _until in sql.rows(SQL["held_of"], id=experiment_id):
        posts[post_id] = (arm, Draw(key, draw, low, high))
    if len(posts) < 2:
        return None
    counted = {arm: [0, 0, 0, 0, 0] for arm in "ab"}
    for post_id, viewer, *did in _of_both(posts, until=until):
        arm, draw = posts[post_id]
        if not draw.held(viewer):
            row = counted[arm]
            row[0] += 1
            for place, yes in enumerate(did, start=1):
                row[place] += bool(yes)
    arms = {
        goal: (Arm(counted["a"][0], counted["a"][place]), Arm(counted["b"][0], counted["b"][place]))
        for place, goal in enumerate(VERSION_GOALS, start=2)
    }
    return VersionsResult(
        viewed=(counted["a"][1], counted["b"][1]), arms=arms, information=information,
        comparisons={goal: compared(*pair, information=information) for goal, pair in arms.items()},
    )  # fmt: skip


def _of_both(posts: Iterable[int], *, until: datetime) -> list[tuple[Any, ...]]:
    return sql.rows(SQL["version_outcomes"], posts=list(posts), until=until)


def compared(a: Arm, b: Arm, *, information: float = 1.0) -> Comparison:
    """``lift.ab``; before the end as if only this share of the planned people were there."""
    plain = lift.ab(a, b)
    if information >= 1:
        return plain
    planned = math.ceil(max(min(a.people, b.people), 1) / information) + 1
    early = lift.ab(a, b, planned=planned)
    return msgspec.structs.replace(early, more=plain.more, enough=False, better=None)


def shown(count: int) -> int | None:
    """A number of members, or None for one to nine of them."""
    return None if too_few(count) else count


class AgainLine(msgspec.Struct, frozen=True):
    """A post that is or was placed once more; in how many homes, and how many of those viewed it since."""

    id: int
    post_id: int
    reason: str
    since: datetime
    until: datetime
    stopped_at: datetime | None
    placed: int
    viewed: int

    def runs(self, at: datetime) -> bool:
        """Whether it goes on."""
        return self.stopped_at is None and self.until > at


def placed_again(team: OnTeam, *, at: datetime) -> list[AgainLine]:
    """What was placed once more for a page, the newest first."""
    return [
        AgainLine(*row)
        for row in sql.rows(SQL["agains_of_page"], page=team.page_id, at=at + timedelta(days=3))
    ]


def may_have_second_chance(team: OnTeam, *, at: datetime) -> list[int]:
    """The page's posts of a week that may be given one, newest first."""
    rows = sql.rows(SQL["recent_posts"], page=team.page_id, since=at - timedelta(days=7), until=at)
    return [row[0] for row in rows]
