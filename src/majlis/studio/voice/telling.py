"""What is said of a page beside its rivals: share of voice, moods, and who of them speaks how often."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights.figures import Figure, Grade, Part, Unit, Why, Words, count
from majlis.insights.methods.voice import (
    Mentioned,
    Mood,
    ShareOfVoice,
    net_interval,
    net_sentiment,
    polar_sentiment,
    share_of_voice,
)
from majlis.insights.moods import Sound
from majlis.insights.windows import Window, days_of
from majlis.studio.rivals.naming import Rival, rivals
from majlis.studio.rivals.publishing import Published, published
from majlis.studio.voice.mentions import MOST, Mention, Subject, mentions, subjects

PUBLIC: Final = _(
    "Public posts of this server's members that anybody may find, without the page's team and its rivals"
)
_Z: Final = 1.959963984540054


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """How much is said of one of those compared. ``reach``: followers of who wrote it, added up, so nobody's distinct
    reach. ``mood`` is of the texts that were read, the newest. ``full``: there were more than could be read."""

    subject: Subject
    mentions: int
    people: int
    reach: int
    mood: Mood
    share: float | None
    weighted: float | None
    full: bool

    @property
    def net(self) -> float | None:
        """(positive − negative) ÷ all."""
        return net_sentiment(self.mood)


class Voices(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. ``spoken``: the page first, then its rivals by share. ``days``: mentions of the page a day."""

    share: Figure
    weighted: Figure
    people: Figure
    net: Figure
    polar: Figure
    spoken: tuple[Spoken, ...]
    sov: ShareOfVoice
    heard: tuple[Mention, ...]
    days: tuple[tuple[date, int], ...]
    published: tuple[Published, ...]
    rivals: tuple[Rival, ...]
    window: Window


def voices(team: OnTeam, *, window: Window) -> Voices:
    """What is said in a window. A query for each of those compared and three more; each text is read once a process.

    Raises:
        NotAllowed: her role does not include figures.
    """
    team.require(Permission.MEASURE)
    named = rivals(team)
    compared = subjects(team, named)
    heard = {each: mentions(team, each, window=window, compared=compared) for each in compared}
    told = [_mentioned(subject, found) for subject, found in heard.items()]
    own, *others = told
    sov = share_of_voice(own, others)
    spoken = [_spoken(subject, heard[subject], told, number) for number, subject in enumerate(compared)]
    return Voices(
        share=_share(_("Share of voice"), sov.share, own.mentions, told, window, what="mentions"),
        weighted=_share(_("Share of voice by reach"), sov.weighted, own.reach, told, window, what="reach"),
        people=count(
            spoken[0].people, name=_("People who speak of you"), window=window, population=PUBLIC,
            formula=_("Distinct people with a public post that speaks of the page."),
        ),
        net=net_figure(spoken[0].mood, window), polar=polar_figure(spoken[0].mood, window),
        spoken=(spoken[0], *sorted(spoken[1:], key=lambda each: (-each.mentions, each.subject.name))),
        sov=sov, heard=tuple(heard[compared[0]]), days=_by_day(heard[compared[0]], window, team.time_zone),
        published=tuple(published(team, window=window, among=named)), rivals=tuple(named), window=window,
    )  # fmt: skip


def _mentioned(subject: Subject, found: Sequence[Mention]) -> Mentioned:
    return Mentioned(subject.name, len(found), sum(each.followers for each in found))


def _spoken(subject: Subject, found: Sequence[Mention], told: Sequence[Mentioned], number: int) -> Spoken:
    others = [each for at, each in enumerate(told) if at != number]
    part = share_of_voice(told[number], others)
    return Spoken(
        subject=subject, mentions=len(found), people=len({each.author_id for each in found}),
        reach=told[number].reach, mood=mood_of(found), share=part.share, weighted=part.weighted,
        full=len(found) >= MOST,
    )  # fmt: skip


def mood_of(found: Sequence[Mention]) -> Mood:
    """Texts by how they sound: as somebody said, or else as they were read."""
    counts = Counter(each.sound for each in found)
    return Mood(counts[Sound.POSITIVE], counts[Sound.NEUTRAL], counts[Sound.NEGATIVE])


def _share(
    name: Words, value: float | None, own: int, told: Sequence[Mentioned], window: Window, *, what: str
) -> Figure:
    """The list of rivals stands in the figure itself: the number means nothing without it."""
    weighted = what == "reach"
    return Figure(
        name=name, value=value, why=None if value is not None else Why.NOTHING_YET, unit=Unit.SHARE, window=window,
        population=PUBLIC,
        formula=_(
            "Followers of those who wrote the mentions of the page ÷ the same of the page and the rivals named below. Who "
            "follows two of them is counted twice."
        ) if weighted else _("Mentions of the page ÷ mentions of the page and the rivals named below."),
        parts=tuple(Part(each.name, each.reach if weighted else each.mentions) for each in told),
    )  # fmt: skip


def net_figure(mood: Mood, window: Window) -> Figure:
    """Net sentiment, with the interval of a sample of so many texts."""
    return _mood_figure(
        _("Net sentiment"), net_sentiment(mood), net_interval(mood), mood, window,
        _("(Positive − negative) ÷ all texts, from −100 to 100 %. Texts are read by a model or put right by your team."),
    )  # fmt: skip


def polar_figure(mood: Mood, window: Window) -> Figure:
    """Of those who take a side."""
    return _mood_figure(
        _("Sentiment of those who take a side"), polar_sentiment(mood), _polar_interval(mood), mood, window,
        _("(Positive − negative) ÷ (positive + negative)."),
    )  # fmt: skip


def _polar_interval(mood: Mood) -> tuple[float, float] | None:
    """Wilson's interval of the positive among both (Wilson 1927), stretched to −1 … 1."""
    n = mood.positive + mood.negative
    if not n:
        return None
    p, z2 = mood.positive / n, _Z * _Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(2 * (middle - half) - 1, -1.0), min(2 * (middle + half) - 1, 1.0)


def _mood_figure(
    name: Words,
    value: float | None,
    interval: tuple[float, float] | None,
    mood: Mood,
    window: Window,
    formula: Words,
) -> Figure:
    return Figure(
        name=name, value=value, why=None if value is not None else Why.NOTHING_YET, unit=Unit.SHARE, window=window,
        population=PUBLIC, formula=formula, grade=Grade.ESTIMATED if interval else Grade.EXACT, interval=interval,
        parts=(
            Part(_("Positive texts"), mood.positive), Part(_("Neutral texts"), mood.neutral),
            Part(_("Negative texts"), mood.negative),
        ),
    )  # fmt: skip


def _by_day(found: Sequence[Mention], window: Window, zone: str) -> tuple[tuple[date, int], ...]:
    there = ZoneInfo(zone)
    counts = Counter(each.made_at.astimezone(there).date() for each in found)
    return tuple((day, counts[day]) for day in days_of(window, zone=zone))


def own_mentions(team: OnTeam, *, window: Window) -> list[Mention]:
    """Only what is said of the page itself. Three queries."""
    compared = subjects(team, rivals(team))
    return mentions(team, compared[0], window=window, compared=compared)
