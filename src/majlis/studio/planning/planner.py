"""Four weeks of proposals, from what is known: pure, the same for the same knowledge.

How often is bounded by the hours of a week and by the pace so far. When: each part of a day is told from the page's own
posts; within it the hour at which followers open feeds. Kinds take turns, the better one twice as often. One proposal
of a full week is a trial of what little is known of: a plan that only repeats what did well learns nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final

import msgspec

from majlis.insights.methods.expectation import Past
from majlis.studio.planning.interview import About, Crowd, Went
from majlis.studio.planning.reasons import PARTS, Reason

WEEKS: Final = 4
MOST_A_WEEK: Final = 7
FASTER: Final = 1.5
"""A plan is at most so many times as fast as the page was."""
FEWEST_OF_KIND: Final = 5
_TRIALS_FROM: Final = 3  # proposals of a week, of which one is a trial
_AWAKE: Final = range(7, 22)
_USUAL: Final = {0: 5, 6: 8, 9: 10, 12: 13, 15: 17}
_TWO_KINDS: Final = ("photo", "text")
_KINDS: Final = ("photo", "text", "poll")
_TO_GROUP: Final = 4
"""Where a group can be written to and the goal is to sell, one proposal of so many is for it."""
_FEWEST_OF_RIVALS: Final = 10  # posts of all rivals together, below which nothing is told from them
_READS: Final[dict[Crowd, int]] = {
    Crowd.FAMILIES: 15, Crowd.WORKERS: 6, Crowd.STUDENTS: 15, Crowd.VISITORS: 9, Crowd.BUSINESSES: 9,
}  # fmt: skip
"""The part of the day in which a crowd is assumed to read, for as long as nothing is known. An assumption of ours, not of
any study: it decides nothing that habits or posts tell."""

Tell = Callable[[datetime, str], tuple[int, int, int]]
"""The range of a post at that moment on the wall, of that kind: low, middle, high."""


class RivalPost(msgspec.Struct, frozen=True):
    """What a rival published for everybody: when (on the wall), its kind, and reactions, comments and shares of it for
    each of his followers."""

    at: datetime
    kind: str
    per_follower: float


class RivalPosts(msgspec.Struct, frozen=True):
    """A named rival, and what he published in thirteen weeks."""

    name: str
    posts: tuple[RivalPost, ...]


class Group(msgspec.Struct, frozen=True):
    """A group of customers that can be written to, by its circle: its name, how many it reaches."""

    circle_id: int
    name: str
    reaches: int


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan is made from. ``habits``: how often feeds were opened by (weekday, hour of a block), None where too few;
    ``block``: hours of a block; ``languages``: code and share of followers, the largest first; ``planned``: moments
    already taken; ``dropped``: (weekday, hour) that somebody did not want; ``tried``: how the business says something
    went; ``crowds``: whom it serves; ``group``: the customers that can be written to apart."""

    today: date
    posts: tuple[Past, ...]
    hours_week: float
    hours_post: float
    hours_measured: int
    goal: str
    habits: dict[tuple[int, int], int | None] = {}
    block: int = 1
    languages: tuple[tuple[str, float], ...] = ()
    planned: tuple[datetime, ...] = ()
    dropped: frozenset[tuple[int, int]] = frozenset()
    lender: str = ""
    lenders: int = 0
    tried: dict[About, Went] = {}
    crowds: tuple[Crowd, ...] = ()
    rivals: tuple[RivalPosts, ...] = ()
    group: Group | None = None

    @property
    def thin(self) -> bool:
        """So little of its own that it borrows."""
        return bool(self.lender) or len(self.posts) < FEWEST_OF_KIND

    def went(self, about: str) -> Went | None:
        """What the business says of something it tried; None: nothing."""
        return self.tried.get(About(about)) if about in set(About) else None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is proposed: when (on the wall), what, for whom, what it should reach and cost in hours, and why."""

    at: datetime
    kind: str
    language: str
    audience: str
    low: int
    middle: int
    high: int
    hours: float
    trial: bool
    link: bool
    reasons: tuple[Reason, ...]
    circle_id: int | None = None


class Often(msgspec.Struct, frozen=True):
    """How many posts four weeks hold, and what bounds it: hours, pace, or a day."""

    total: int
    bound: str


def how_often(known: Knowledge) -> Often:
    """As many as the hours are enough for, no more than half as many again as so far, no more than one a day. What was
    tried and went badly (posting more often) is not tried again; who has no pace of its own takes that of its rivals."""
    afford = math.floor(WEEKS * known.hours_week / known.hours_post + 1e-9) if known.hours_post > 0 else 0
    pace = own_pace(known)
    bounds = [(afford, "hours"), (WEEKS * MOST_A_WEEK, "day")]
    if pace is not None:
        tired = known.went(About.OFTEN) is Went.BADLY
        bounds.append(
            (max(WEEKS, math.ceil(WEEKS * pace * (1 if tired else FASTER))), "tried" if tired else "pace")
        )
    elif (rivals := rival_pace(known)) is not None:
        bounds.append((max(WEEKS, math.ceil(WEEKS * rivals)), "rivals"))
    return Often(*min(bounds))


def rival_pace(known: Knowledge) -> float | None:
    """Posts a week of the median rival, of those with five posts in thirteen weeks; None where there is none."""
    paces = [len(each.posts) / 13 for each in known.rivals if len(each.posts) >= FEWEST_OF_KIND]
    return median(paces) if paces else None


def rival_parts(known: Knowledge) -> dict[int, tuple[float, int]]:
    """By part of the day: how a rival's post then does against his usual one, as the median ratio, and of how many
    posts. Empty below ten posts of all together; parts with fewer than five are left out."""
    ratios: dict[int, list[float]] = {}
    for rival in known.rivals:
        usual = median([post.per_follower for post in rival.posts]) if rival.posts else 0.0
        for post in rival.posts if usual > 0 else ():
            ratios.setdefault(part_of(post.at.hour), []).append(post.per_follower / usual)
    if sum(map(len, ratios.values())) < _FEWEST_OF_RIVALS:
        return {}
    return {part: (median(told), len(told)) for part, told in ratios.items() if len(told) >= FEWEST_OF_KIND}


def own_pace(known: Knowledge) -> float | None:
    """Posts a week over the last thirteen; None below five posts."""
    start = datetime.combine(known.today, time()) - timedelta(weeks=13)
    recent = [post.at for post in known.posts if post.at.replace(tzinfo=None) >= start]
    if len(recent) < FEWEST_OF_KIND:
        return None
    weeks = max(
        1.0, (datetime.combine(known.today, time()) - recent[0].replace(tzinfo=None)) / timedelta(weeks=1)
    )
    return len(recent) / weeks


def part_of(hour: int) -> int:
    """The part of the day that an hour is in, by the hour it begins at."""
    return max(start for start in PARTS if start <= hour)


class Planner:
    """The proposals of one plan."""

    def __init__(self, known: Knowledge, tell: Tell) -> None:
        self.known, self.tell = known, tell
        self.kinds = self._kinds()
        self._in_part = Counter(part_of(post.at.hour) for post in known.posts)
        self._of_kind = Counter(post.kind for post in known.posts)
        self._spoken: Counter[str] = Counter()
        self._used: Counter[str] = Counter()
        self._made = 0
        self._rivals = rival_parts(known) if known.thin else {}
        self._parts = self._open_parts()

    def _open_parts(self) -> list[int]:
        """Parts of the day to post in: without those that went badly, unless the page's own posts can tell."""
        parts = sorted(set(map(part_of, _AWAKE)))
        kept = [part for part in parts if not self._avoided(f"part_{part}", self._in_part[part])]
        return kept or parts

    def _avoided(self, about: str, own: int) -> bool:
        return self.known.went(about) is Went.BADLY and own < FEWEST_OF_KIND

    def proposals(self) -> list[Proposal]:
        """Four weeks from tomorrow on, in order. Days on which something is planned already count as posts."""
        often = how_often(self.known)
        made: list[Proposal] = []
        for week in range(WEEKS):
            wanted = (week + 1) * often.total // WEEKS - week * often.total // WEEKS
            first = self.known.today + timedelta(days=1 + 7 * week)
            days = [first + timedelta(days=day) for day in range(7)]
            taken = {moment.date() for moment in self.known.planned}
            free = [day for day in days if day not in taken]
            wanted = max(0, wanted - (len(days) - len(free)))
            made += self._week(free, min(wanted, len(free)), number=week, often=often)
        return made

    def _week(self, days: Sequence[date], wanted: int, *, number: int, often: Often) -> list[Proposal]:
        slots = sorted((self._best(day) for day in days), key=lambda slot: (-slot[0], slot[1]))
        chosen: list[tuple[float, datetime]] = []
        while slots and len(chosen) < wanted:
            # of days that promise nearly the same, the one farther from those chosen already
            best = max(
                slots, key=lambda slot: slot[0] + 0.02 * self._apart(slot[1], [at for _s, at in chosen])
            )
            slots.remove(best)
            chosen.append(best)
        trial = chosen[-1][1] if wanted >= _TRIALS_FROM else None
        made = []
        for _score, moment in sorted(chosen, key=lambda slot: slot[1]):
            if moment == trial:
                made.append(self._trial(moment, number=number, often=often))
            else:
                made.append(self._usual(moment, often=often))
        return made

    @staticmethod
    def _apart(moment: datetime, others: Sequence[datetime]) -> int:
        return min((abs((moment.date() - other.date()).days) for other in others), default=3)

    def _best(self, day: date) -> tuple[float, datetime]:
        """The best hour of a day, with what it promises (a logarithm)."""
        options = []
        for part in self._parts:
            moment = datetime.combine(day, time(self._hour(day, part)))
            if (day.isoweekday(), moment.hour) in self.known.dropped:
                continue
            habit = self._habit(moment) or 0
            most = max((times or 0 for times in self.known.habits.values()), default=0)
            promise = math.log1p(self.tell(moment, self.kinds[0])[1]) + (0.1 * habit / most if most else 0)
            promise += self._said(part, known=bool(most))
            options.append((round(promise, 6), moment))
        if not options:
            return -1.0, datetime.combine(day, time(_USUAL[9]))
        return max(options, key=lambda option: (option[0], -abs(option[1].hour - 10)))

    def _said(self, part: int, *, known: bool) -> float:
        """What speaks for a part of the day of which the page's own posts do not tell (a logarithm): what the business
        says, then what rivals found, then whom it serves."""
        if self._in_part[part] >= FEWEST_OF_KIND:
            return 0.0
        said = 0.3 if self.known.went(f"part_{part}") is Went.WELL else 0.0
        if part in self._rivals:
            said += 0.5 * math.log(max(self._rivals[part][0], 0.1))
        if not known and any(_READS[crowd] == part for crowd in self.known.crowds):
            said += 0.05
        return said

    def _hour(self, day: date, part: int) -> int:
        """Within a part of the day: when feeds are opened most, then when the page posts, then a usual hour."""
        hours = [hour for hour in _AWAKE if part_of(hour) == part]
        by_habit = [
            (self.known.habits.get(self._block(day.isoweekday(), hour)) or 0, -hour) for hour in hours
        ]
        if (best := max(by_habit))[0]:
            return -best[1]
        own = Counter(post.at.hour for post in self.known.posts if post.at.hour in hours)
        return own.most_common(1)[0][0] if own else _USUAL[part]

    def _block(self, weekday: int, hour: int) -> tuple[int, int]:
        return weekday, hour - hour % self.known.block

    def _habit(self, moment: datetime) -> int | None:
        return self.known.habits.get(self._block(moment.isoweekday(), moment.hour))

    def _kinds(self) -> list[str]:
        """The better kind first: of those with five posts, at the same hour; then what went well elsewhere; else the two
        that everybody can make. What went badly comes only where own posts tell."""
        counts = Counter(post.kind for post in self.known.posts)
        enough = sorted(kind for kind, many in counts.items() if many >= FEWEST_OF_KIND)
        noon = datetime.combine(self.known.today + timedelta(days=7), time(10))
        known = sorted(enough, key=lambda kind: -self.tell(noon, kind)[1])
        well = [kind for kind in _KINDS if self.known.went(kind) is Went.WELL]
        rest = [kind for kind in dict.fromkeys([*well, *_TWO_KINDS]) if kind not in known]
        found = [*known, *(kind for kind in rest if self.known.went(kind) is not Went.BADLY)]
        return (found or rest)[: max(2, len(known))]

    def _usual(self, moment: datetime, *, often: Often) -> Proposal:
        turn = self._used.total() % 3
        kind = self.kinds[1] if turn == 2 and len(self.kinds) > 1 else self.kinds[0]
        self._used[kind] += 1
        return self._proposal(moment, kind, [*self._why_when(moment), self._why_kind(kind)], often=often)

    def _trial(self, moment: datetime, *, number: int, often: Often) -> Proposal:
        """Of a time of day in even weeks, of a kind in odd ones; the one that least is known of."""
        if number % 2:
            kinds = [
                kind
                for kind in _KINDS
                if kind != self.kinds[0] and not self._avoided(kind, self._of_kind[kind])
            ]
            if not kinds:
                return self._usual(moment, often=often)
            kind = min(kinds, key=lambda each: (self._of_kind[each], each))
            why = [*self._why_when(moment), Reason("trial_kind", {"posts": self._of_kind[kind]})]
            return self._proposal(moment, kind, why, often=often, trial=True)
        parts = sorted(self._parts, key=lambda each: (self._in_part[each], each))
        moment = datetime.combine(moment.date(), time(self._hour(moment.date(), parts[0])))
        why = [Reason("trial_hour", {"posts": self._in_part[parts[0]]}), *self._habits(moment)]
        return self._proposal(moment, self.kinds[0], why, often=often, trial=True)

    def _why_when(self, moment: datetime) -> list[Reason]:
        part = part_of(moment.hour)
        found: list[Reason] = []
        others = [other for other in set(map(part_of, _AWAKE)) if other != part and self._in_part[other]]
        if self._in_part[part] >= FEWEST_OF_KIND and others and not self.known.lender:
            here = self.tell(moment, self.kinds[0])[1] + 1
            mean = [
                self.tell(datetime.combine(moment.date(), time(_USUAL[each])), self.kinds[0])[1] + 1
                for each in others
            ]
            weights = [self._in_part[each] for each in others]
            elsewhere = sum(a * b for a, b in zip(mean, weights, strict=True)) / sum(weights)
            if here / elsewhere >= 1.02:
                ratio = round(here / elsewhere, 2)
                found.append(Reason("part", {"part": part, "ratio": ratio, "posts": self._in_part[part]}))
        found += self._why_part(part)
        return [*found, *self._habits(moment)] or [Reason("no_habit")]

    def _why_part(self, part: int) -> list[Reason]:
        """What others say for a part of the day, and what the page's own posts say against the business."""
        went = self.known.went(f"part_{part}")
        if self._in_part[part] >= FEWEST_OF_KIND:
            if went is Went.BADLY:
                return [Reason("tried_but", {"about": f"part_{part}", "posts": self._in_part[part]})]
            return []
        found = [Reason("tried_well", {"about": f"part_{part}"})] if went is Went.WELL else []
        if part in self._rivals and self._rivals[part][0] >= 1.02:
            ratio, posts = self._rivals[part]
            names = [each.name for each in self.known.rivals if each.posts]
            found.append(
                Reason("rival_part", {"part": part, "ratio": round(ratio, 2), "posts": posts, "names": names})
            )
        elif not self.known.habits and (crowd := self._reads(part)):
            found.append(Reason("crowd", {"crowd": crowd, "part": part}))
        return found

    def _reads(self, part: int) -> Crowd | None:
        return next((crowd for crowd in self.known.crowds if _READS[crowd] == part), None)

    def _habits(self, moment: datetime) -> list[Reason]:
        times = self._habit(moment)
        if not times:
            return []
        weekday, hour = self._block(moment.isoweekday(), moment.hour)
        return [
            Reason("habit", {"weekday": weekday, "hour": hour, "hours": self.known.block, "times": times})
        ]

    def _why_kind(self, kind: str) -> Reason:
        known = [each for each in self.kinds if self._of_kind[each] >= FEWEST_OF_KIND]
        if len(known) >= 2:
            if kind != self.kinds[0]:
                return Reason("kind_turn", {"other": self.kinds[0]})
            noon = datetime.combine(self.known.today + timedelta(days=7), time(10))
            ratio = (self.tell(noon, known[0])[1] + 1) / (self.tell(noon, known[1])[1] + 1)
            said = {"ratio": round(ratio, 2), "other": known[1], "posts": self._of_kind[kind]}
            return Reason("kind", said)
        if kind in known:
            return Reason("kind", {})
        if self.known.went(kind) is Went.WELL:
            return Reason("tried_well", {"about": kind})
        return Reason("kind_unknown")

    def _language(self) -> tuple[str, list[Reason]]:
        """Languages that a quarter of followers write in take turns, each as often as its share says."""
        some = [(code, share) for code, share in self.known.languages if share >= 0.25]
        if not some:
            return "", []
        code, share = max(some, key=lambda each: (each[1] / (1 + self._spoken[each[0]]), each[0]))
        self._spoken[code] += 1
        return code, [Reason("language", {"language": code, "share": round(share, 3)})]

    def _proposal(
        self, moment: datetime, kind: str, why: list[Reason], *, often: Often, trial: bool = False
    ) -> Proposal:
        low, middle, high = self.tell(moment, kind)
        language, spoken = self._language()
        reasons = [*why, *spoken]
        self._made += 1
        group = (
            self.known.group
            if self.known.goal == "orders" and not trial and self._made % _TO_GROUP == 0
            else None
        )
        if group is not None:
            low, middle, high = (min(each, group.reaches) for each in (low, middle, high))
            reasons.append(Reason("group", {"name": group.name, "reaches": group.reaches}))
        elif self.known.goal:
            reasons.append(Reason("goal", {"goal": self.known.goal}))
        else:
            reasons.append(Reason("everybody"))
        if self.known.lender:
            reasons.append(Reason("lent", {"lender": self.known.lender, "pages": self.known.lenders}))
        reasons.append(cost(self.known))
        reasons.append(why_often(self.known, often))
        return Proposal(
            at=moment, kind=kind, language=language, audience="circle" if group else "public", low=low, middle=middle,
            high=high, hours=self.known.hours_post, trial=trial, link=self.known.goal in ("visits", "orders"),
            reasons=tuple(reasons), circle_id=group.circle_id if group else None,
        )  # fmt: skip


def cost(known: Knowledge) -> Reason:
    """What a post costs in hours, and who says so."""
    return Reason(
        "cost",
        {"hours": known.hours_post, "measured": known.hours_measured > 0, "posts": known.hours_measured},
    )


def why_often(known: Knowledge, often: Often) -> Reason:
    """Why four weeks hold so many."""
    return Reason(
        "often",
        {
            "total": often.total, "bound": often.bound, "hours_week": known.hours_week, "hours_post": known.hours_post,
            "names": [each.name for each in known.rivals if len(each.posts) >= FEWEST_OF_KIND],
        },
    )  # fmt: skip
