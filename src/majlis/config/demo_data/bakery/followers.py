"""Who follows the bakery, since when; who left; who is elsewhere; who mutes, filters, reads one language only.

Five hundred follow it today. Thirteen weeks ago there were fewer, and of those some have gone since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from majlis.config.demo_data.bakery.posting import WEEKS
from majlis.config.demo_data.people import CAST, Ids, Person
from majlis.core import json, sql
from majlis.core.text.arabic import fold
from majlis.feeds.filtering import pattern_of
from majlis.insights import following, mine
from majlis.people import events as people
from majlis.posts.actions.bulk import copy_rows

NEW: Final = 150
LOST: Final = 36
ELSEWHERE: Final = 24
DOMAIN: Final = "social.example"
_APART: Final = {"muted": 25, "filtered": 22, "language": 26, "quiet": 22, "unmeasured": 16}
KEYWORDS: Final = ("bread", "خبز", "الخبز")
_CHOOSE_LANGUAGE: Final = """
    UPDATE people_follow SET languages = %(languages)s::jsonb WHERE followed_id = %(page)s AND follower_id = ANY(%(who)s)
"""
_HIDE_BOOSTS: Final = """
    UPDATE people_follow SET show_boosts = false WHERE followed_id = %(page)s AND follower_id = ANY(%(who)s)
"""
_GONE: Final = "DELETE FROM people_follow WHERE followed_id = %(page)s AND follower_id = ANY(%(who)s)"


@dataclass
class Apart:
    """Followers to whom not all is shown, by id and since when; and those who are not measured."""

    muted: dict[int, datetime] = field(default_factory=dict)
    filtered: dict[int, datetime] = field(default_factory=dict)
    language: dict[int, datetime] = field(default_factory=dict)
    quiet: dict[int, datetime] = field(default_factory=dict)
    unmeasured: dict[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Lost:
    """Somebody who followed for a time."""

    who: Person
    since: datetime
    until: datetime


def arrange(bakery: Person, everybody: Sequence[Person], *, at: datetime, chance: Random) -> list[Lost]:
    """Say since when each follows, send some to another server; those who left again."""
    begin = at - timedelta(weeks=WEEKS)
    cast = {handle for handle, *_rest in CAST}
    others = [each for each in bakery.followers if each.handle not in cast]
    light = [each for each in others if each.light]
    for each in chance.sample(light, min(ELSEWHERE, len(light) // 4)):
        each.domain = DOMAIN
    joined = {each.id: max(each.made_at, bakery.made_at) for each in bakery.followers}
    young = [each for each in others if joined[each.id] > begin]
    old = [each for each in others if joined[each.id] <= begin]
    new = young + chance.sample(old, min(max(NEW - len(young), 0), len(old) // 3))
    fresh = {each.id for each in new}
    for each in bakery.followers:
        first, last = (max(joined[each.id], begin), at) if each.id in fresh else (joined[each.id], begin)
        bakery.since[each.id] = first + (last - first) * chance.random()
    here = {each.id for each in bakery.followers}
    quiet = [each.id for each in light if not each.domain]
    bakery.silent = set(chance.sample(quiet, min(sum(_APART.values()), len(quiet) // 2)))
    strangers = [each for each in everybody if each.light and each.id not in here and each.made_at < begin]
    return [
        _lost(who, bakery, begin, at, chance) for who in chance.sample(strangers, min(LOST, len(strangers)))
    ]


def _lost(who: Person, bakery: Person, begin: datetime, at: datetime, chance: Random) -> Lost:
    until = begin + (at - begin) * chance.uniform(0.05, 0.98)
    first = max(who.made_at, bakery.made_at)
    return Lost(who, first + (until - first) * chance.random(), until)


def write_lost(bakery: Person, lost: Sequence[Lost], *, ids: Ids) -> None:
    """Their follows, as they stood before they were ended."""
    columns = ("id", "follower_id", "followed_id", "show_boosts", "notify", "made_at")
    copy_rows(
        "people_follow",
        columns,
        ((ids.at(each.since), each.who.id, bakery.id, True, False, each.since) for each in lost),
    )


def end_lost(bakery: Person, lost: Sequence[Lost]) -> None:
    """Their leaving, told to the history, and no follow any more."""
    for each in lost:
        told = people.Unfollowed(
            follower=each.who.id, followed=bakery.id, follow_id=0, by=each.who.id, at=each.until
        )
        following.unfollowed(told)
    sql.execute(_GONE, page=bakery.id, who=[each.who.id for each in lost])


def set_apart(bakery: Person, *, at: datetime, ids: Ids, chance: Random) -> Apart:
    """Let those who never answer the bakery mute it, filter it, and so on, as they would themselves."""
    chosen = sorted(bakery.silent)
    chance.shuffle(chosen)
    apart = Apart()
    for name, count in _APART.items():
        some, chosen = chosen[:count], chosen[count:]
        getattr(apart, name).update({who: _since(bakery.since[who], at, chance) for who in some})
    _mute(bakery, apart.muted, ids)
    _filter(apart.filtered, ids)
    sql.execute(
        _CHOOSE_LANGUAGE, page=bakery.id, who=list(apart.language), languages=json.encode(["ar"]).decode()
    )
    sql.execute(_HIDE_BOOSTS, page=bakery.id, who=list(apart.quiet))
    for place, (who, moment) in enumerate(apart.unmeasured.items()):
        mine.switch_off(by=who, at=moment)
        if place < 2:  # two think better of it
            mine.switch_on(by=who, at=moment + (at - moment) / 2)
    return apart


def _since(followed: datetime, at: datetime, chance: Random) -> datetime:
    first = max(followed, at - timedelta(weeks=WEEKS))
    return first + (at - first) * chance.random() * 0.3


def _mute(bakery: Person, muted: dict[int, datetime], ids: Ids) -> None:
    columns = ("id", "muter_id", "muted_id", "notifications", "made_at")
    copy_rows(
        "people_mute", columns, ((ids.at(since), who, bakery.id, True, since) for who, since in muted.items())
    )


def _filter(filtered: dict[int, datetime], ids: Ids) -> None:
    made = [(ids.at(since), who, since) for who, since in filtered.items()]
    contexts = json.encode(["home"]).decode()
    columns = ("id", "owner_id", "title", "contexts", "action", "made_at")
    copy_rows(
        "feeds_filter",
        columns,
        ((id_, who, KEYWORDS[0], contexts, "hide", since) for id_, who, since in made),
    )
    words = ((ids.at(since), id_, word, True) for id_, _who, since in made for word in KEYWORDS)
    copy_rows("feeds_filterkeyword", ("id", "filter_id", "keyword", "whole_word"), words)


def hidden_by_words(texts: Iterable[tuple[int, str]]) -> set[int]:
    """Which posts have one of the filtered words, as the filters themselves find them."""
    pattern = pattern_of([(word, True) for word in KEYWORDS])
    assert pattern is not None  # noqa: S101  # there are words
    return {post_id for post_id, text in texts if pattern.search(fold(text.casefold()))}
