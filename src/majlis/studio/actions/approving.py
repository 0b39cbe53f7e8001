"""A second pair of eyes: asking for a yes, giving it or asking for changes, and talking about it.

Invariant: a yes is to one version of what goes out. Whoever changes a word takes it back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput, NotAllowed
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.core.text.length import require_length
from majlis.studio import access
from majlis.studio.access import Reviewer
from majlis.studio.actions import asking
from majlis.studio.actions.entries import ChangedMeanwhile
from majlis.studio.changing import did
from majlis.studio.content import check
from majlis.studio.entries import SeenEntry
from majlis.studio.statements import SQL

LONGEST_COMMENT: Final = 2_000
LONGEST_NAME: Final = 120


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Yes or no to the version that was read, and what there is to say about it."""

    version: int
    approved: bool
    text: str = ""


def ask(*, team: OnTeam, entry_id: int, at: datetime) -> None:
    """Ask for somebody's yes. From then on the entry does not leave without. Those who may give it are told, by
    mail too; asking once more before there is an answer tells nobody again.

    Raises:
        BadInput: it could not be published as it stands. NotThere, Conflict: see ``access.open_entry``.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        found = access.open_entry(team=team, entry_id=entry_id)
        check(found.content, by=team.page_id)
        if found.waits:
            return  # those who may answer were told
        sql.execute(SQL["ask"], id=entry_id, by=team.by, at=at)
        did(team, "entry.asked", at=at, subject=entry_id, version=found.version)
        asking.asked(team, found, at=at)


def withdraw(*, team: OnTeam, entry_id: int, at: datetime) -> None:
    """Ask no longer. Where the page wants a yes for everything, it goes on being needed.

    Raises:
        NotThere, Conflict: see ``access.open_entry``.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        access.open_entry(team=team, entry_id=entry_id)
        sql.execute(SQL["ask"], id=entry_id, by=None, at=None)
        did(team, "entry.asked_no_more", at=at, subject=entry_id)
        asking.ended(team, entry_id, at=at)


def decide(*, team: OnTeam, entry_id: int, answer: Answer, at: datetime) -> None:
    """Say yes, or ask for changes.

    Raises:
        ChangedMeanwhile: there is a newer version than the one she read.
        NotAllowed: it is her own, and the page wants somebody else's yes.
        BadInput: changes are asked for without saying which. NotThere, Conflict: see ``access.open_entry``.
    """
    with transaction.atomic():
        asked = access.again(team, Permission.APPROVE)
        found = access.open_entry(team=team, entry_id=entry_id)
        if answer.approved and asked.approval_needed and found.changed_by == team.by:
            raise NotAllowed(
                _("You wrote this version yourself. This page wants somebody else's yes."), code="own"
            )
        _answer(found, answer, by=team.by, at=at)
        action = "entry.approved" if answer.approved else "entry.refused"
        did(team, action, at=at, subject=entry_id, version=answer.version)
        asking.answered(team, found, approved=answer.approved, text=_words(answer.text), by_name=None, at=at)


def answer_by_link(*, by: Reviewer, entry_id: int, answer: Answer, name: str, at: datetime) -> None:
    """The same by link, under the name that was typed, or the one the link was made for.

    Raises:
        NotThere: the link does not show it, or it is out already. Others: as :func:`decide`.
    """
    with transaction.atomic():
        found = access.reviewed(by=by, entry_id=entry_id)
        _answer(found, answer, link=by, name=_named(name, by), at=at)
        action = "entry.approved" if answer.approved else "entry.refused"
        page = _of_link(by)
        did(page, action, at=at, subject=entry_id, version=answer.version, link=by.name)
        asking.answered(
            page, found, approved=answer.approved, text=_words(answer.text), by_name=_named(name, by), at=at
        )


def _answer(
    found: SeenEntry,
    answer: Answer,
    *,
    at: datetime,
    by: int | None = None,
    link: Reviewer | None = None,
    name: str = "",
) -> None:
    if answer.version != found.version:
        raise ChangedMeanwhile(found)
    text = _words(answer.text)
    if not answer.approved and not text:
        raise BadInput(_("Say what should be changed."), field="text", code="empty")
    who = {"by": by, "link": link.link_id if link else None, "name": name}
    if text:
        sql.execute(SQL["say"], id=new_id(), entry=found.id, version=found.version, text=text, at=at, **who)
    sql.execute(
        SQL["decide"],
        id=new_id(),
        entry=found.id,
        version=found.version,
        approved=answer.approved,
        at=at,
        **who,
    )
    if not answer.approved:
        sql.execute(SQL["was_refused"], id=found.id, at=at)


def comment(*, team: OnTeam, entry_id: int, text: str, at: datetime) -> None:
    """Say something about an entry; whoever is on the team may.

    Raises:
        BadInput: nothing, or too much. NotThere: no such entry.
    """
    words = _required(text)
    with transaction.atomic():
        access.again(team, Permission.READ)
        found = access.entry(team=team, entry_id=entry_id)
        sql.execute(
            SQL["say"],
            id=new_id(),
            entry=entry_id,
            version=found.version,
            by=team.by,
            link=None,
            name="",
            text=words,
            at=at,
        )
        did(team, "entry.commented", at=at, subject=entry_id)


def comment_by_link(*, by: Reviewer, entry_id: int, text: str, name: str, at: datetime) -> None:
    """The same by link.

    Raises:
        BadInput: nothing, or too much. NotThere: the link does not show it.
    """
    words = _required(text)
    with transaction.atomic():
        found = access.reviewed(by=by, entry_id=entry_id)
        sql.execute(
            SQL["say"],
            id=new_id(),
            entry=entry_id,
            version=found.version,
            by=None,
            link=by.link_id,
            name=_named(name, by),
            text=words,
            at=at,
        )
        did(_of_link(by), "entry.commented", at=at, subject=entry_id, link=by.name)


def _of_link(by: Reviewer) -> OnTeam:
    """What comes by link is noted in the page's own name, with that of the link beside it."""
    return team_door(page_id=by.page_id, by=by.page_id, needs=Permission.READ)


def _named(name: str, by: Reviewer) -> str:
    return " ".join(clean_text(name).split())[:LONGEST_NAME] or by.name


def _words(text: str) -> str:
    words = clean_text(text).strip()
    require_length(words, most=LONGEST_COMMENT, field="text")
    return words


def _required(text: str) -> str:
    words = _words(text)
    if not words:
        raise BadInput(_("There is nothing in this comment yet."), field="text", code="empty")
    return words
