"""What a team says about its voice: its own words, its survey, how a text sounds; and figures it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.insights.moods import Sound
from majlis.studio.access import again
from majlis.studio.rivals.naming import checked, words_of
from majlis.studio.voice.mentions import Mention
from majlis.studio.voice.statements import SQL
from majlis.studio.voice.telling import Voices

_MOST_ASKED: Final = 10_000_000
_MOST_KEPT: Final = 120


class Recall(msgspec.Struct, frozen=True):
    """Of ``asked`` people ``recalled`` named the brand unaided."""

    asked: int
    recalled: int
    asked_on: date


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Share of voice as it was told. ``rivals``: against whom, each with its mentions and reach."""

    share: float | None
    weighted: float | None
    mentions: int
    reach: int
    net: float | None
    rivals: tuple[tuple[str, int, int], ...]


_read_told: Final = json.own_reader(Told)


class Kept(msgspec.Struct, frozen=True):
    """A figure that was kept, and of when."""

    id: int
    since: datetime
    until: datetime
    told: Told
    kept_at: datetime


def own_words(team: OnTeam) -> tuple[str, ...]:
    """The words a page is spoken of by, besides its handle; empty: its name."""
    row = sql.one(SQL["voice"], page=team.page_id)
    return words_of(row[0]) if row else ()


def keep_words(team: OnTeam, *, words: Sequence[str], at: datetime) -> None:
    """By which words the page is spoken of from now on; none: by its name.

    Raises:
        BadInput: one that cannot be looked for, or too many.
    """
    with transaction.atomic():
        again(team, Permission.TRACK)
        found = checked(words)
        sql.execute(SQL["keep_words"], page=team.page_id, words=json.encode(found).decode())
        deeds.note(team, "voice.words", at=at)


def recall(team: OnTeam) -> Recall | None:
    """What the page's survey found."""
    row = sql.one(SQL["voice"], page=team.page_id)
    return Recall(*row[1:]) if row and row[1] is not None else None


def keep_recall(team: OnTeam, *, asked: int | None, recalled: int | None, day: date, at: datetime) -> None:
    """What a survey of the page's own found; ``asked`` None: there is none after all.

    Raises:
        BadInput: more recalled than were asked, nobody asked, or a day to come.
    """
    if asked is not None and (not 0 < asked <= _MOST_ASKED or recalled is None or not 0 <= recalled <= asked):
        raise BadInput(_("Say how many were asked, and how many of them named you."), field="asked")
    if day > at.date() or day.year < 1990:
        raise BadInput(_("This day is too far away."), field="day")
    with transaction.atomic():
        again(team, Permission.TRACK)
        none = asked is None
        sql.execute(SQL["keep_recall"], page=team.page_id, asked=asked, recalled=None if none else recalled,
                    day=None if none else day)  # fmt: skip
        deeds.note(team, "voice.recall", at=at)


def say_mood(team: OnTeam, heard: Sequence[Mention], *, post_id: int, sound: str, at: datetime) -> None:
    """How a text sounds, against what was read; ``sound`` empty: as it was read. ``heard``: the mentions shown.

    Raises:
        BadInput: no such mood.
        NotThere: it is no mention of the page.
    """
    found = next((each for each in heard if each.post_id == post_id), None)
    if found is None:
        raise NotThere(_("There is no such mention."))
    if sound and sound not in set(Sound):
        raise BadInput(_("Say whether it is negative, neutral or positive."), field="sound")
    with transaction.atomic():
        again(team, Permission.TRACK)
        if sound:
            sql.execute(SQL["say_mood"], page=team.page_id, post=post_id, sound=sound,
                        read=found.reading.sound.value, by=team.by, at=at)  # fmt: skip
        else:
            sql.execute(SQL["unsay_mood"], page=team.page_id, post=post_id)
        deeds.note(team, "voice.mood", at=at, subject=post_id)


def keep(team: OnTeam, found: Voices, *, at: datetime) -> int:
    """Keep the share of voice with the rivals it is told against; its id."""
    own, *others = found.spoken
    told = Told(
        share=own.share, weighted=own.weighted, mentions=own.mentions, reach=own.reach, net=own.net,
        rivals=tuple((each.subject.name, each.mentions, each.reach) for each in others),
    )  # fmt: skip
    with transaction.atomic():
        again(team, Permission.TRACK)
        made = new_id()
        sql.execute(
            SQL["keep"], id=made, page=team.page_id, since=found.window.since, until=found.window.until,
            told=json.encode(told).decode(), by=team.by, at=at,
        )  # fmt: skip
        deeds.note(team, "voice.kept", at=at)
    return made


def kept(team: OnTeam) -> list[Kept]:
    """What was kept, newest first."""
    team.require(Permission.MEASURE)
    return [_kept(row) for row in sql.rows(SQL["kept"], page=team.page_id, limit=_MOST_KEPT)]


def _kept(row: Sequence[Any]) -> Kept:
    return Kept(row[0], row[1], row[2], _read_told(row[3]), row[4])
