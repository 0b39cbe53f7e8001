"""Who the rivals are: named, changed and let go by those who look after the page's words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.core.text.arabic import tokens_for_query
from majlis.core.text.entities import hashtag_key
from majlis.people import access as people
from majlis.posts.visibility import SEES
from majlis.studio.access import again

SQL: Final = sql.load("majlis.studio.rivals", visible=SEES)
MOST_RIVALS: Final = 8
MOST_WORDS: Final = 12
LONGEST: Final = 60
_LONGEST_NAME: Final = 80
words_of: Final = json.own_reader(tuple[str, ...])
"""The words of a column."""


class Rival(msgspec.Struct, frozen=True):
    """A rival. ``handle`` is empty where no profile of this server is meant, or it is gone."""

    id: int
    name: str
    profile_id: int | None
    handle: str
    words: tuple[str, ...]
    made_at: datetime


def rivals(team: OnTeam) -> list[Rival]:
    """The rivals of a page, by name. One query.

    Raises:
        NotAllowed: her role does not include figures.
    """
    team.require(Permission.MEASURE)
    return [_rival(row) for row in sql.rows(SQL["rivals"], page=team.page_id)]


def rival(team: OnTeam, *, rival_id: int) -> Rival:
    """One of them.

    Raises:
        NotThere: it is not, or it is another page's.
    """
    found = next((each for each in rivals(team) if each.id == rival_id), None)
    if found is None:
        raise NotThere(_("There is no such rival."))
    return found


def _rival(row: Sequence[Any]) -> Rival:
    return Rival(row[0], row[1], row[2], row[3] or "", words_of(row[4]), row[5])


def name_rival(
    team: OnTeam, *, name: str = "", acct: str = "", words: Sequence[str] = (), at: datetime
) -> int:
    """Name a rival by a profile here (``acct``), by words to be found in public posts, or both; its id.

    Raises:
        BadInput: neither is given, or what is given cannot be looked for; the page itself.
        NotThere: there is no such profile.
        Conflict: a rival of that name is named already, or there are eight.
    """
    with transaction.atomic():
        again(team, Permission.TRACK)
        profile = people.see_acct(acct=acct.strip(), viewer_id=team.by) if acct.strip() else None
        if profile is not None and profile.id == team.page_id:
            raise BadInput(_("This is the page itself."), field="acct", code="itself")
        known = rivals(team)
        if len(known) >= MOST_RIVALS:
            raise Conflict(_("Eight rivals are enough to compare with. Let one go first."), code="too_many")
        found = checked(words)
        title = _title(name, profile.display_name or profile.handle if profile else "")
        if not found and profile is None:
            found = checked([title])
        _alone(known, title, profile.id if profile else None)
        made = new_id()
        sql.execute(
            SQL["name_rival"], id=made, page=team.page_id, name=title, profile=profile.id if profile else None,
            words=json.encode(found).decode(), by=team.by, at=at,
        )  # fmt: skip
        deeds.note(team, "rival.named", at=at, name=title)
    return made


def change_words(team: OnTeam, *, rival_id: int, words: Sequence[str], at: datetime) -> None:
    """Other words to find a rival by.

    Raises:
        BadInput: they cannot be looked for, or none are left for a rival without a profile.
        NotThere: there is no such rival.
    """
    with transaction.atomic():
        again(team, Permission.TRACK)
        kept, found = rival(team, rival_id=rival_id), checked(words)
        if not found and kept.profile_id is None:
            raise BadInput(_("Say by which words it is found."), field="words", code="blank")
        sql.execute(SQL["change_words"], id=rival_id, words=json.encode(found).decode())
        deeds.note(team, "rival.changed", at=at, name=kept.name)


def let_go(team: OnTeam, *, rival_id: int, at: datetime) -> None:
    """Compare with a rival no longer. Figures that were kept still name it.

    Raises:
        NotThere: there is no such rival.
    """
    with transaction.atomic():
        again(team, Permission.TRACK)
        kept = rival(team, rival_id=rival_id)
        sql.execute(SQL["let_go"], id=rival_id, at=at)
        deeds.note(team, "rival.let_go", at=at, name=kept.name)


def checked(words: Sequence[str]) -> list[str]:
    """Words as they are kept: tidied, each once.

    Raises:
        BadInput: too many, too long, or nothing in them that a search could find.
    """
    tidy = dict.fromkeys(filter(None, (_tidy(word) for word in words)))
    if len(tidy) > MOST_WORDS:
        raise BadInput(_("Twelve words and hashtags are enough."), field="words", code="too_many")
    for word in tidy:
        if len(word) > LONGEST:
            raise BadInput(_("“%(word)s” is too long to be found.") % {"word": word[:20]}, field="words")
        if not (hashtag_key(word[1:]) if word.startswith("#") else tokens_for_query(word)):
            raise BadInput(
                _("“%(word)s” is too common a word to be found.") % {"word": word},
                field="words",
                code="common",
            )
    return list(tidy)


def _tidy(word: str) -> str:
    shown = "".join(each for each in word if unicodedata.category(each)[0] != "C" or each == "\u200c")
    return " ".join(shown.replace('"', " ").split()).replace("# ", "#")


def _title(name: str, usual: str) -> str:
    title = _tidy(name)[:_LONGEST_NAME] or _tidy(usual)[:_LONGEST_NAME]
    if not title:
        raise BadInput(_("Say who the rival is: a name, or an account here."), field="name", code="blank")
    return title


def _alone(known: Sequence[Rival], title: str, profile: int | None) -> None:
    if any(each.name == title or (profile and each.profile_id == profile) for each in known):
        raise Conflict(_("This rival is named already."), code="named")
