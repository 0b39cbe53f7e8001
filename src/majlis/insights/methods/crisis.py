"""Whether a burst of mentions is a crisis, how grave, what it may come to, and what says so.

Volume is read by :mod:`bursts`; here are mood, independence of the authors, reach and speed, each with its figures, so
that an alarm explains itself. Volume and mood both count, and very much of the first is enough: in a known crisis of an
airline 107 of 150 reactions were neutral. One angry person is no crisis, and one text from hundreds of accounts is said to
be that.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from majlis.insights.methods import copies as copying
from majlis.insights.methods.bursts import Reading

SURE: Final = 0.01
"""A share of criticism is up when as many negative texts or more would come this seldom from the usual mood."""
FEWEST_AUTHORS: Final = 5.0
LARGE_DAYS: Final = 60.0
"""Volume alone alarms when the page's own history has it this seldom, whatever the mood."""
COPIED: Final = 0.3
"""Coordinated: a group of copies that is so much of all texts, by ten authors or more."""
MOST_REACH: Final = 1_000_000
"""Reach at which that part of severity is full."""


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A text to or about the page. ``negative``: the chance that it is. ``followers`` and ``age_days``: of its author.
    ``boosts``: so far."""

    id: int
    author: int
    at: datetime
    text: str
    negative: float
    followers: int = 0
    boosts: int = 0
    customer: bool = False
    age_days: float | None = None


class UsualMood(msgspec.Struct, frozen=True):
    """Texts of the weeks before, and how many of them were negative."""

    negative: int
    texts: int


class Mood(msgspec.Struct, frozen=True):
    """``chance``: of so many negative texts or more, were the mood the usual."""

    negative: float
    texts: int
    usual_share: float
    chance: float

    @property
    def share(self) -> float:
        """Of the texts, how many are negative."""
        return self.negative / self.texts if self.texts else 0.0

    @property
    def worse(self) -> bool:
        """More negative than chance explains."""
        return self.share > self.usual_share and self.chance < SURE


class Authors(msgspec.Struct, frozen=True):
    """``effective``: 1 ÷ Σ share², as many authors of equal share make the same concentration (Simpson 1949; Hill 1973)."""

    distinct: int
    effective: float
    top_share: float
    customers: float

    @property
    def independent(self) -> bool:
        """Many people, and not one."""
        return self.effective >= FEWEST_AUTHORS and self.top_share <= 0.5


class Copies(msgspec.Struct, frozen=True):
    """The largest group of nearly equal texts. ``young``: share of its authors, of those whose age is known, that are
    younger than 30 days; None where none is."""

    texts: int
    authors: int
    share: float
    young: float | None

    @property
    def coordinated(self) -> bool:
        """So many accounts do not find the same words by themselves."""
        return self.authors >= 10 and self.share >= COPIED


class Speed(msgspec.Struct, frozen=True):
    """``doubling`` in minutes: of what has been said since the start; None while it does not grow. Boosts of these texts."""

    per_minute: float
    doubling: float | None
    boosts_per_minute: float


class Kind(StrEnum):
    """Why it rings."""

    CRITICISM = "criticism"  # volume, and a worse mood
    VOLUME = "volume"  # very much, of a mood that is not worse or not known
    COORDINATED = "coordinated"  # copies of one text


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """All parts by themselves. ``severity``: 0 to 100. ``first``, ``spreaders``: ids of mentions. ``words``: what is said
    oftener than usual, the most telling first."""

    kind: Kind
    severity: float
    volume: Reading
    mood: Mood
    authors: Authors
    copies: Copies
    reach: int
    speed: Speed
    first: int
    spreaders: tuple[int, ...]
    words: tuple[str, ...]


def judged(
    volume: Reading,
    mentions: Sequence[Mention],
    *,
    usual: UsualMood,
    usual_words: Counter[str],
    now: datetime,
) -> Alarm | None:
    """An alarm, or None: nothing was out of the ordinary, or only one person was.

    ``mentions``: those since the burst began, in any order. ``usual_words``: in how many texts of the weeks before a word
    stood.
    """
    if not mentions or volume.distance <= volume.threshold:
        return None
    told = sorted(mentions, key=lambda each: (each.at, each.id))
    mood, authors, copies = mood_of(told, usual), authors_of(told), copies_of(told)
    if not authors.independent:
        return None
    if copies.coordinated:
        kind = Kind.COORDINATED
    elif mood.worse:
        kind = Kind.CRITICISM
    elif volume.once_in >= LARGE_DAYS:
        kind = Kind.VOLUME
    else:
        return None
    reach, speed = reach_of(told), speed_of(told, now)
    return Alarm(
        kind=kind,
        severity=severity(reach=reach, negative=_posterior_share(mood), doubling=speed.doubling),
        volume=volume,
        mood=mood,
        authors=authors,
        copies=copies,
        reach=reach,
        speed=speed,
        first=told[0].id,
        spreaders=tuple(each.id for each in sorted(told, key=lambda each: -_spread(each, now))[:5]),
        words=telling(told, usual_words),
    )


def mood_of(told: Sequence[Mention], usual: UsualMood) -> Mood:
    """A beta-binomial tail: the usual share is known from its texts with Jeffreys's prior, and as moods differ from day
    to day these are believed as 200 at the most (an overdispersion of 1 ÷ 200)."""
    from scipy.stats import betabinom  # noqa: PLC0415  # heavy, and wanted in a burst only

    believed = min(1.0, 200 / usual.texts) if usual.texts else 1.0
    yes = usual.negative * believed + 0.5
    no = (usual.texts - usual.negative) * believed + 0.5
    negative = sum(each.negative for each in told)
    chance = float(betabinom.sf(math.floor(negative) - 1, len(told), yes, no))
    return Mood(negative, len(told), yes / (yes + no), chance)


def _posterior_share(mood: Mood) -> float:
    """Of few texts it is near the usual share, of many their own: the usual weighs as ten texts."""
    return (mood.negative + 10 * mood.usual_share) / (mood.texts + 10)


def authors_of(told: Sequence[Mention]) -> Authors:
    """Raises ValueError of nothing."""
    if not told:
        raise ValueError("nobody wrote")
    wrote = Counter(each.author for each in told)
    customers = {each.author for each in told if each.customer}
    return Authors(
        len(wrote),
        1 / sum((n / len(told)) ** 2 for n in wrote.values()),
        max(wrote.values()) / len(told),
        len(customers) / len(wrote),
    )


def copies_of(told: Sequence[Mention]) -> Copies:
    """The group with the most authors."""
    best: list[Mention] = []
    most = 0
    for group in copying.groups([each.text for each in told]):
        by = len({told[place].author for place in group})
        if by > most:
            best, most = [told[place] for place in group], by
    ages = {each.author: each.age_days for each in best if each.age_days is not None}
    young = sum(age < 30 for age in ages.values()) / len(ages) if ages else None
    return Copies(len(best), most, len(best) / len(told) if told else 0.0, young)


def reach_of(told: Sequence[Mention]) -> int:
    """Followers of the authors, each author once."""
    return sum({each.author: each.followers for each in told}.values())


def speed_of(told: Sequence[Mention], now: datetime) -> Speed:
    """Doubling from the two halves of the time since the first text: r = later ÷ earlier, half the time × ln 2 ÷ ln r."""
    minutes = max((now - told[0].at).total_seconds() / 60, 1.0)
    middle = told[0].at + timedelta(minutes=minutes / 2)
    later = sum(each.at >= middle for each in told)
    ratio = (later + 0.5) / (len(told) - later + 0.5)
    doubling = minutes / 2 * math.log(2) / math.log(ratio) if ratio > 1 else None
    return Speed(len(told) / minutes, doubling, sum(each.boosts for each in told) / minutes)


def severity(*, reach: int, negative: float, doubling: float | None) -> float:
    """100 × ∛(reach × negativity × speed), each from 0 to 1: log (1 + reach) ÷ log (1 + 10⁶), the share of negative texts,
    and ½ + ½ × 60 ÷ (60 + doubling in minutes), ½ when it does not grow. METRICS's product, whose order the root keeps."""
    wide = min(1.0, math.log1p(max(reach, 0)) / math.log1p(MOST_REACH))
    fast = 0.5 if doubling is None else 0.5 + 30 / (60 + doubling)
    return 100.0 * math.cbrt(wide * min(max(negative, 0.0), 1.0) * fast)


def _spread(mention: Mention, now: datetime) -> float:
    """Boosts a minute, the author's followers (as a logarithm) where nobody has boosted yet."""
    minutes = max((now - mention.at).total_seconds() / 60, 1.0)
    return mention.boosts / minutes + math.log1p(mention.followers) / 1000


def telling(told: Sequence[Mention], usual: Counter[str], *, most: int = 8) -> tuple[str, ...]:
    """Words by log-odds against the usual texts with an informative prior, in standard deviations (Monroe, Colaresi & Quinn
    2008, "Fightin' Words"); each word once a text, and once an author, so that nobody shouts one up."""
    said: dict[int, set[str]] = {}
    for each in told:
        said.setdefault(each.author, set()).update(copying.words_of(each.text))
    found = Counter(word for words in said.values() for word in words)
    mine, others = sum(found.values()), sum(usual.values())
    whole = mine + others
    scores = {}
    for word, count in found.items():
        if count < 3:
            continue
        prior = 10 * (count + usual[word]) / whole
        here = (count + prior) / max(mine + 10 - count - prior, 0.5)
        there = (usual[word] + prior) / max(others + 10 - usual[word] - prior, 0.5)
        scores[word] = math.log(here / there) / math.sqrt(1 / (count + prior) + 1 / (usual[word] + prior))
    ordered = sorted(scores, key=lambda word: (-scores[word], word))
    return tuple(word for word in ordered[:most] if scores[word] > 0)
