"""Public posts that speak of a page or of a rival, and how each sounds.

What is found is what anybody may see who does not hide from search. A name is looked for as search looks for words:
folded and stemmed, so that بالفرن and والفرن are the name الفرن; a name of two words stands together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import msgspec

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.core.text.arabic import tokens_for_index
from majlis.core.text.entities import hashtag_key
from majlis.insights.moods import Reading, Sound, read
from majlis.insights.windows import Window
from majlis.studio.rivals.naming import Rival, words_of
from majlis.studio.voice.statements import SQL

MOST: Final = 2_000
"""Mentions of one of those compared that are read, the newest; more than that is said."""


class Subject(msgspec.Struct, frozen=True):
    """Who is spoken of: the page (``own``) or a rival."""

    name: str
    profile_id: int | None
    words: tuple[str, ...]
    own: bool = False
    rival_id: int | None = None


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A public post. ``followers`` of who wrote it: whom it could reach. ``said``: how it sounds, by somebody of the
    team; None where nobody corrected the reading."""

    post_id: int
    author_id: int
    handle: str
    author: str
    made_at: datetime
    text: str
    language: str
    followers: int
    said: Sound | None

    @property
    def reading(self) -> Reading:
        """As the model reads it."""
        return _read(self.text)

    @property
    def sound(self) -> Sound:
        """What counts: what was said, or else what was read."""
        return self.said or self.reading.sound


@lru_cache(maxsize=4_096)
def _read(text: str) -> Reading:
    return read(text)


def subjects(team: OnTeam, rivals: Sequence[Rival]) -> list[Subject]:
    """The page, by its name and its own words, and then its rivals. One query."""
    row = sql.one(SQL["voice"], page=team.page_id)
    words: tuple[str, ...] = words_of(row[0]) if row else ()
    own = Subject(team.name, team.page_id, words or names_in(team.name), own=True)
    return [own, *(Subject(each.name, each.profile_id, each.words, rival_id=each.id) for each in rivals)]


def names_in(name: str) -> tuple[str, ...]:
    """A name in two scripts (بيت زيتون · Bayt Zaytoun) is two names. What no search would find is none."""
    for mark in "|/–—":
        name = name.replace(mark, "·")
    return tuple(part for each in name.split("·") if tokens_for_index(part := each.strip()))


def phrases(words: Sequence[str]) -> str:
    """Words that are no hashtags as a search for any of them, each as it stands in the index."""
    found = [" ".join(tokens_for_index(word)) for word in words if not word.startswith("#")]
    return " OR ".join(f'"{each}"' for each in dict.fromkeys(found) if each)


def mentions(
    team: OnTeam, subject: Subject, *, window: Window, compared: Sequence[Subject], limit: int = MOST
) -> list[Mention]:
    """What is said of somebody in a window, newest first. Those who are compared do not count themselves. One query.

    Raises:
        NotAllowed: her role does not include figures.
    """
    team.require(Permission.MEASURE)
    if window.since is None:
        raise ValueError("a window without beginning")
    rows = sql.rows(
        SQL["mentions"], page=team.page_id, profile=subject.profile_id, words=phrases(subject.words),
        tags=[hashtag_key(word[1:]) for word in subject.words if word.startswith("#")],
        first=lowest_id_at(window.since), since=window.since, until=window.until, viewer=None, limit=limit,
        compared=[each.profile_id for each in compared if each.profile_id] or [team.page_id],
    )  # fmt: skip
    return [_mention(row) for row in rows]


def _mention(row: Sequence[Any]) -> Mention:
    return Mention(
        post_id=row[0], author_id=row[1], handle=row[2], author=row[3], made_at=row[4], text=row[5], language=row[6],
        followers=row[7], said=Sound(row[8]) if row[8] else None,
    )  # fmt: skip
