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
from statistics import fmean, median
from typing import Final

import msgspec

from majlis.insights.methods.expectation import Past
from majlis.studio.planning.evidence import Contrast, contrast, of_posts
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
_ALL_KINDS: Final = (*_KINDS, "article")
_PARTS: Final = tuple(sorted({max(start for start in PARTS if start <= hour) for hour in _AWAKE}))
_CALM: Final = 2
"""Posts a week where posting more often went badly and the page has no pace of its own to keep."""
_WANTED: Final = 5
"""One post of so many is in a language that customers read and hardly any follower writes in."""
_TO_GROUP: Final = 4
"""Where a group can be written to and the goal is to sell, one proposal of so many is for it."""
_FEWEST_OF_RIVALS: Final = 10  # posts of all rivals together, below which nothing is told from them
_READS: Final[dict[Crowd, int]] = {
    Crowd.FAMILIES: 15, Crowd.WORKERS: 6, Crowd.STUDENTS: 15, Crowd.VISITORS: 9, Crowd.BUSINESSES: 9,
}  # fmt: skip
"""The part of the day in which a crowd is assumed to read, for as long as nothing is known. An assumption of ours, not of
any study: it decides nothing that habits or posts tell."""
_CROWD_HOURS: Final = {Crowd.FAMILIES: 20, Crowd.STUDENTS: 19}
"""The hour of that part, where it is not the usual one."""

Tell = Callable[[datetime, str], tuple[int, int, int]]
"""The range of a post at that moment on the wall, of that kind: low, middle, high."""


class RivalPost(msgspec.Struct, frozen=True):
    """What a rival published for everybody: when (on the wall), its kind, how many reactions, comments and shares it has
    (``done``), and how many follow him."""

    at: datetime
    kind: str
    done: int
    followers: int

    @property
    def level(self) -> float:
        """log((done + 1) ÷ (followers + 1))."""
        return math.log1p(self.done) - math.log1p(self.followers)


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
    went; ``crowds``: whom it serves; ``read``: languages it says they read; ``group``: the customers that can be written
    to apart; ``unread``: rivals of whom nothing is published here."""

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
    read: tuple[str, ...] = ()
    rivals: tuple[RivalPosts, ...] = ()
    unread: tuple[str, ...] = ()
    group: Group | None = None

    @property
    def thin(self) -> bool:
        """So little of its own that it borrows."""
        return bool(self.lender) or len(self.posts) < FEWEST_OF_KIND

    def went(self, about: str) -> Went | None:
        """What the business says of something it tried; None: nothing."""
        return self.tried.get(About(about)) if about in set(About) else None

    def own(self, about: str) -> Contrast | None:
        """What the page's own posts say of it; None: too few, or it is nothing that posts differ in."""
        if about.startswith("part_"):
            return of_posts(self.posts, lambda post: f"part_{part_of(post.at.hour)}" == about)
        if about in _ALL_KINDS:
            return of_posts(self.posts, lambda post: post.kind == about)
        if about == About.OFTEN:
            weeks = Counter(post.at.isocalendar()[:2] for post in self.posts)
            usual = median(weeks.values()) if weeks else 0
            return of_posts(self.posts, lambda post: weeks[post.at.isocalendar()[:2]] > usual)
        return None

    def avoided(self, about: str) -> bool:
        """It went badly, and the page's own posts do not clearly say otherwise."""
        if self.went(about) is not Went.BADLY:
            return False
        found = self.own(about)
        return found is None or not found.better

    def said_of(self, about: str) -> list[Reason]:
        """What the business says of something that is proposed, and what its own posts say to that."""
        went, found = self.went(about), self.own(about)
        if went is Went.BADLY and found is not None and found.better:
            return [Reason("tried_but", {"about": about, **_told(found)})]
        if went is Went.WELL and (found is None or not found.worse):
            return [Reason("tried_well", {"about": about})]
        return []


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
    pace, tired = own_pace(known), known.avoided(About.OFTEN)
    bounds = [(afford, "hours"), (WEEKS * MOST_A_WEEK, "day")]
    if pace is not None:
        bounds.append(
            (max(WEEKS, math.ceil(WEEKS * pace * (1 if tired else FASTER))), "tried" if tired else "pace")
        )
    elif tired:
        bounds.append((WEEKS * _CALM, "calm"))
    elif (rivals := rival_pace(known)) is not None and known.went(About.OFTEN) is not Went.WELL:
        bounds.append((max(WEEKS, math.ceil(WEEKS * rivals)), "rivals"))
    return Often(*min(bounds))


def pacing(known: Knowledge) -> list[str]:
    """The rivals with five posts in thirteen weeks."""
    return [each.name for each in known.rivals if len(each.posts) >= FEWEST_OF_KIND]


def rival_pace(known: Knowledge) -> float | None:
    """Posts a week of the median rival, of those with five posts in thirteen weeks; None where there is none."""
    paces = [len(each.posts) / 13 for each in known.rivals if len(each.posts) >= FEWEST_OF_KIND]
    return median(paces) if paces else None


def of_rivals(known: Knowledge, sort: Callable[[RivalPost], str]) -> dict[str, Contrast]:
    """By sort of post (part of the day, kind): how those of rivals did against their other ones, each held against the
    mean of who wrote it, so that a large one does not drown the others. Empty below ten posts of all together; sorts
    of which there are fewer than five are left out."""
    levels: list[tuple[str, float]] = []
    for rival in known.rivals:
        mean = fmean(post.level for post in rival.posts) if rival.posts else 0.0
        levels += [(sort(post), post.level - mean) for post in rival.posts]
    if len(levels) < _FEWEST_OF_RIVALS:
        return {}
    found = {
        name: contrast(
            [each for of, each in levels if of == name], [each for of, each in levels if of != name]
        )
        for name in sorted({of for of, _each in levels})
    }
    return {name: told for name, told in found.items() if told is not None}


def rival_parts(known: Knowledge) -> dict[int, Contrast]:
    """What the hours of rivals' posts tell, by part of the day."""
    return {
        int(part): told for part, told in of_rivals(known, lambda post: str(part_of(post.at.hour))).items()
    }


def rival_kinds(known: Knowledge) -> dict[str, Contrast]:
    """What the kinds of rivals' posts tell."""
    return of_rivals(known, lambda post: post.kind)


def _told(found: Contrast) -> dict[str, float]:
    return {
        "posts": found.posts, "ratio": round(found.ratio, 2), "low": round(found.low, 2), "high": round(found.high, 2),
    }  # fmt: skip


def _names(known: Knowledge) -> list[str]:
    return [each.name for each in known.rivals if each.posts]


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
        self._of_kind = Counter(post.kind for post in known.posts)
        self._in_part = Counter(part_of(post.at.hour) for post in known.posts)
        self._rivals = rival_parts(known)
        self._rival_kinds = rival_kinds(known)
        self.kinds = self._kinds()
        self._spoken: Counter[str] = Counter()
        self._used: Counter[str] = Counter()
        self._made = 0
        self._parts = [part for part in _PARTS if not known.avoided(f"part_{part}")]
        self._left_out = [about.value for about in About if known.avoided(about)]

    def proposals(self) -> list[Proposal]:
        """Four weeks from tomorrow on, in order; none where everything went badly. What is planned already counts as
        posts: until the end of each week, all together cost no more than its hours and those of the weeks before."""
        if not self.kinds or not self._parts:
            return []
        often = how_often(self.known)
        made: list[Proposal] = []
        for week in range(WEEKS):
            first = self.known.today + timedelta(days=1 + 7 * week)
            days = [first + timedelta(days=day) for day in range(7)]
            taken = [moment.date() for moment in self.known.planned]
            used = len(made) + sum(self.known.today < day <= days[-1] for day in taken)
            until, before = (each * often.total // WEEKS for each in (week + 1, week))
            wanted = max(0, min(until - before - sum(day in taken for day in days), until - used))
            made += self._week([day for day in days if day not in taken], wanted, number=week, often=often)
        return self._promoted(made)

    def _promoted(self, made: list[Proposal]) -> list[Proposal]:
        """Where promotion went well, the post of each week that promises most is the one to promote."""
        if self.known.went(About.PROMOTION) is not Went.WELL:
            return made
        weeks = {(each.at.date() - self.known.today - timedelta(days=1)).days // 7 for each in made}
        best = [
            max(
                (
                    one
                    for one in made
                    if (one.at.date() - self.known.today - timedelta(days=1)).days // 7 == week
                ),
                key=lambda one: (one.middle, one.audience == "public", -one.at.timestamp()),
            )
            for week in weeks
        ]
        why = Reason("tried_promotion")
        return [
            msgspec.structs.replace(each, reasons=(*each.reasons, why)) if each in best else each
            for each in made
        ]

    def _week(self, days: Sequence[date], wanted: int, *, number: int, often: Often) -> list[Proposal]:
        found = [slot for day in days if (slot := self._best(day)) is not None]
        slots = sorted(found, key=lambda slot: (-slot[0], slot[1]))
        chosen: list[tuple[float, datetime]] = []
        while slots and len(chosen) < wanted:
            # of days that promise nearly the same, the one farther from those chosen already
            best = max(
                slots, key=lambda slot: slot[0] + 0.02 * self._apart(slot[1], [at for _s, at in chosen])
            )
            slots.remove(best)
            chosen.append(best)
        trial = chosen[-1][1] if len(chosen) >= _TRIALS_FROM else None
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

    def _best(self, day: date) -> tuple[float, datetime] | None:
        """The best hour of a day, with what it promises (a logarithm); None: there is none that somebody wants."""
        options = []
        for part in self._parts:
            moment = datetime.combine(day, time(self._hour(day, part)))
            if self._dropped(moment):
                continue
            habit = self._habit(moment) or 0
            most = max((times or 0 for times in self.known.habits.values()), default=0)
            promise = math.log1p(self.tell(moment, self.kinds[0])[1]) + (0.1 * habit / most if most else 0)
            promise += self._said(part, known=bool(most))
            options.append((round(promise, 6), moment))
        return max(options, key=lambda option: (option[0], -abs(option[1].hour - 10)), default=None)

    def _dropped(self, moment: datetime) -> bool:
        return (moment.isoweekday(), moment.hour) in self.known.dropped

    def _said(self, part: int, *, known: bool) -> float:
        """What speaks for a part of the day of which the page's own posts do not tell (a logarithm): what the business
        says, then what rivals found, then whom it serves."""
        if self._own_hours(part):
            return 0.0
        said = 0.3 if self.known.went(f"part_{part}") is Went.WELL else 0.0
        told = self._rivals.get(part)
        if self.known.thin and told is not None and (told.better or told.worse):
            # half of it: what wins reactions elsewhere need not reach more here
            said += 0.5 * math.log(max(told.ratio, 0.1))
        if not known and any(_READS[crowd] == part for crowd in self.known.crowds):
            said += 0.05
        return said

    def _own_hours(self, part: int) -> bool:
        """Whether the page's own posts tell of a part of the day."""
        return not self.known.thin and self._in_part[part] >= FEWEST_OF_KIND

    def _hour(self, day: date, part: int) -> int:
        """Within a part of the day: when feeds are opened most, then when the page posts, then when those it serves are
        assumed to read, then a usual hour."""
        hours = [hour for hour in _AWAKE if part_of(hour) == part]
        by_habit = [
            (self.known.habits.get(self._block(day.isoweekday(), hour)) or 0, -hour) for hour in hours
        ]
        if (best := max(by_habit))[0]:
            return -best[1]
        own = Counter(post.at.hour for post in self.known.posts if post.at.hour in hours)
        if own:
            return own.most_common(1)[0][0]
        crowd = self._reads(part)
        return _CROWD_HOURS.get(crowd, _USUAL[part]) if crowd else _USUAL[part]

    def _block(self, weekday: int, hour: int) -> tuple[int, int]:
        return weekday, hour - hour % self.known.block

    def _habit(self, moment: datetime) -> int | None:
        return self.known.habits.get(self._block(moment.isoweekday(), moment.hour))

    def _kinds(self) -> list[str]:
        """The better kind first: of those with five posts, at the same hour; then what went well, what does for rivals,
        and the two that everybody can make; any other where nothing is left. What went badly comes only where own posts
        tell otherwise."""
        open_ = [kind for kind in _ALL_KINDS if not self.known.avoided(kind)]
        enough = [kind for kind in sorted(open_) if self._of_kind[kind] >= FEWEST_OF_KIND]
        noon = datetime.combine(self.known.today + timedelta(days=7), time(10))
        known = sorted(enough, key=lambda kind: -self.tell(noon, kind)[1])
        rest = sorted((kind for kind in open_ if kind not in known), key=self._unknown)
        told = [kind for kind in rest if kind in _TWO_KINDS or self._unknown(kind) < (True, 0.0)]
        return [*known, *told][: max(2, len(known))] or rest[:1]

    def _unknown(self, kind: str) -> tuple[bool, float]:
        """In which order kinds come of which the page has too few: what is said to have gone well, then as rivals' do."""
        told = self._rival_kinds.get(kind)
        clear = self.known.thin and told is not None and (told.better or told.worse)
        return self.known.went(kind) is not Went.WELL, -math.log(told.ratio) if told and clear else 0.0

    def _usual(self, moment: datetime, *, often: Often) -> Proposal:
        turn = self._used.total() % 3
        kind = self.kinds[1] if turn == 2 and len(self.kinds) > 1 else self.kinds[0]
        self._used[kind] += 1
        return self._proposal(moment, kind, [*self._why_when(moment), *self._why_kind(kind)], often=often)

    def _trial(self, moment: datetime, *, number: int, often: Often) -> Proposal:
        """Of a time of day in even weeks, of a kind in odd ones; the one that least is known of."""
        if number % 2:
            kinds = [kind for kind in _KINDS if kind != self.kinds[0] and not self.known.avoided(kind)]
            if not kinds:
                return self._usual(moment, often=often)
            kind = min(kinds, key=lambda each: (self._of_kind[each], each))
            why = [*self._why_when(moment), Reason("trial_kind", {"posts": self._of_kind[kind]})]
            return self._proposal(
                moment, kind, [*why, *self.known.said_of(kind)], often=often, trial=True
            )  # fmt: skip
        days = {
            part: datetime.combine(moment.date(), time(self._hour(moment.date(), part)))
            for part in self._parts
        }
        part = min(
            (part for part in self._parts if not self._dropped(days[part])),
            key=lambda each: (self._in_part[each], each),
        )
        why = [Reason("trial_hour", {"posts": self._in_part[part]}), *self.known.said_of(f"part_{part}")]
        return self._proposal(
            days[part], self.kinds[0], [*why, *self._habits(days[part]), *self.known.said_of(self.kinds[0])],
            often=often, trial=True,
        )  # fmt: skip

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
        """What the business and others say for a part of the day, and what its own posts say against that."""
        found = self.known.said_of(f"part_{part}")
        told, own = self._rivals.get(part), self._own_hours(part)
        if told is not None and not self.known.thin:
            found.append(Reason("rival_beside", {"part": part, "names": _names(self.known), **_told(told)}))
        elif told is not None and told.better:
            found.append(Reason("rival_part", {"part": part, "names": _names(self.known), **_told(told)}))
        elif not own and not self.known.habits and (crowd := self._reads(part)):
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

    def _why_kind(self, kind: str) -> list[Reason]:
        return [self._compared(kind), *self.known.said_of(kind)]

    def _compared(self, kind: str) -> Reason:
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
        told = self._rival_kinds.get(kind)
        if self.known.thin and told is not None and told.better:
            return Reason("rival_kind", {"kind": kind, "names": _names(self.known), **_told(told)})
        return Reason("kind_unknown")

    def _language(self) -> tuple[str, list[Reason]]:
        """Languages that a quarter of followers write in take turns, each as often as its share says; one that customers
        read and hardly any follower writes in comes once in five. Where followers' are not known, those customers read."""
        some = [(code, share) for code, share in self.known.languages if share >= 0.25]
        wanted = [code for code in self.known.read if code not in dict(some)]
        if wanted and (not some or (self._made + 1) % _WANTED == 0):
            code = min(wanted, key=lambda each: (self._spoken[each], wanted.index(each)))
            why = Reason("language_wanted" if some else "language_said", {"language": code})
        elif some:
            code, share = max(some, key=lambda each: (each[1] / (1 + self._spoken[each[0]]), each[0]))
            why = Reason("language", {"language": code, "share": round(share, 3)})
        else:
            return "", []
        self._spoken[code] += 1
        return code, [why]

    def _proposal(
        self, moment: datetime, kind: str, why: list[Reason], *, often: Often, trial: bool = False
    ) -> Proposal:
        low, middle, high = self.tell(moment, kind)
        language, spoken = self._language()
        reasons = [*why, *spoken]
        if self._left_out:
            reasons.append(Reason("tried_avoided", {"abouts": self._left_out}))
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
            "names": pacing(known),
        },
    )  # fmt: skip


def standing(known: Knowledge) -> list[Reason]:
    """What became of what the business said and whom it named, for the whole plan: what is left out and what own posts
    say against it; what of rivals could be read, and of whom nothing."""
    avoided = [about.value for about in About if known.avoided(about)]
    found = [Reason("tried_avoided", {"abouts": avoided})] if avoided else []
    for about, went in known.tried.items():
        own = known.own(about)
        if went is Went.WELL and own is not None and own.worse:
            found.append(Reason("tried_well_but", {"about": about, **_told(own)}))
        elif went is Went.BADLY and own is not None and own.better:
            found.append(Reason("tried_but", {"about": about, **_told(own)}))
    if known.went(About.PROMOTION) is Went.BADLY:
        found.append(Reason("no_promotion"))
    return [*found, *_of_rivals(known)]


def _of_rivals(known: Knowledge) -> list[Reason]:
    names, posts = [each.name for each in known.rivals], sum(len(each.posts) for each in known.rivals)
    found = []
    if names and posts < _FEWEST_OF_RIVALS:
        found.append(
            Reason("rivals_few", {"names": names, "posts": posts, "more": _FEWEST_OF_RIVALS - posts})
        )
    elif names:
        pace, own = rival_pace(known), own_pace(known)
        said = {"names": names, "posts": posts, "pace": None if pace is None else round(pace, 1)}
        found.append(Reason("rivals_read", {**said, "own": None if own is None else round(own, 1)}))
        told = [*rival_parts(known).values(), *rival_kinds(known).values()]
        if not any(each.better or each.worse for each in told):
            found.append(Reason("rivals_flat", {"names": names}))
    if known.unread:
        found.append(Reason("rivals_unread", {"names": list(known.unread)}))
    return found
