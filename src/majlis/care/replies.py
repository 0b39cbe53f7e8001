"""Answers that are given often, with variables, in both languages; and the one that is given by itself.

What is answered by itself never stops a clock (METRICS.md, first-response time), is said once in a conversation and once a
day to a person, and never to another page or a bot, so that two machines cannot answer each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.care import access
from majlis.care.events import CustomersWrote
from majlis.care.statements import SQL
from majlis.care.terms import PageTerms, terms_of
from majlis.core import jobs, sql
from majlis.core.errors import BadInput, Conflict, NotThere, Refused
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.core.text.language import detect_language
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

VARIABLES: Final = ("name", "page", "agent", "cause")
"""What may stand in braces: whom it is to, the page, who answers, why she complained."""
AUTOMATIC: Final = "care.answer_by_itself"
LONGEST: Final = 2_000
MOST: Final = 200
_VARIABLE: Final = re.compile(r"\{([^{}\n]{0,40})\}")
_EVERY: Final = timedelta(days=1)


class Saved(msgspec.Struct, frozen=True):
    """A saved reply of a page."""

    id: int
    name: str
    text: str
    text_ar: str
    cause: int | None
    used: int


def saved(team: OnTeam) -> list[Saved]:
    """The page's saved replies, those used most first. One query.

    Raises:
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    return [Saved(*row) for row in sql.rows(SQL["saved_replies"], page=team.page_id)]


def save(
    team: OnTeam,
    *,
    name: str,
    text: str = "",
    text_ar: str = "",
    cause: int | None = None,
    reply_id: int | None = None,
    at: datetime,
) -> int:
    """Keep a reply, or change one; its id.

    Raises:
        BadInput: it has no name or no words, is too long, or names a variable that there is not.
        Conflict: the page has one of that name.
        NotThere: there is no such reply, or no such cause.
        NotAllowed: her role does not keep replies.
    """
    name, text, text_ar = (
        " ".join(clean_text(name).split())[:60],
        clean_text(text).strip(),
        clean_text(text_ar).strip(),
    )
    if not name:
        raise BadInput(_("Give the reply a name."), field="name", code="blank")
    if not text and not text_ar:
        raise BadInput(_("Write it in one language at least."), field="text", code="blank")
    for field, words in (("text", text), ("text_ar", text_ar)):
        if len(words) > LONGEST:
            raise BadInput(_("A saved reply has 2,000 characters at the most."), field=field, code="too_long")
        for found in _VARIABLE.findall(words):
            if found not in VARIABLES:
                raise BadInput(
                    _("There is no variable {%(name)s}.") % {"name": found}, field=field, code="variable"
                )
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.CARE, lock=True)
        if cause is not None and not sql.one(SQL["cause"], page=team.page_id, cause=cause):
            raise NotThere(_("There is no such cause."))
        values = {"page": team.page_id, "name": name, "text": text, "text_ar": text_ar, "cause": cause}
        if sql.one(SQL["reply_of_name"], page=team.page_id, name=name, but=reply_id or 0):
            raise Conflict(_("There is a reply of this name already."), field="name", code="there")
        if reply_id is not None:
            if not sql.execute(SQL["change_reply"], id=reply_id, **values):
                raise _no_reply()
            return reply_id
        if len(saved(team)) >= MOST:
            raise BadInput(_("Two hundred replies are enough. Remove one first."), code="too_many")
        made = new_id()
        sql.execute(SQL["save_reply"], id=made, by=team.by, at=at, **values)
    return made


def forget(team: OnTeam, *, reply_id: int) -> None:
    """Do without a saved reply.

    Raises:
        NotThere: there is no such reply.
    """
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.CARE, lock=True)
        if not sql.execute(SQL["forget_reply"], page=team.page_id, id=reply_id):
            raise _no_reply()


def _no_reply() -> NotThere:
    return NotThere(_("There is no such reply."))


def filled(team: OnTeam, *, reply_id: int, conversation_id: int) -> str:
    """A saved reply for a conversation, in the customer's language where it is there in it.

    Raises:
        NotThere: there is no such reply, or no such conversation.
    """
    reply = next((each for each in saved(team) if each.id == reply_id), None)
    if reply is None:
        raise _no_reply()
    return _filled(team, [reply], conversation_id)[0]


def offered(team: OnTeam, *, conversation_id: int) -> list[tuple[str, str]]:
    """All saved replies as they would be said in a conversation: name and words. Three queries.

    Raises:
        NotThere: there is no such conversation.
    """
    known = saved(team)
    return [
        (each.name, words) for each, words in zip(known, _filled(team, known, conversation_id), strict=True)
    ]


def _filled(team: OnTeam, known: Sequence[Saved], conversation_id: int) -> list[str]:
    found = access.conversation(team, conversation_id=conversation_id)
    row = sql.one(SQL["for_reply"], conversation=found.id, member=team.by)
    name, agent, cause, cause_ar = row or ("", "", "", "")
    words = []
    for reply in known:
        arabic = (found.language == "ar" and bool(reply.text_ar)) or not reply.text
        values = {
            "name": name.replace("@", ""),  # no name calls somebody else into the answer
            "page": team.name,
            "agent": agent,
            "cause": (cause_ar if arabic else cause) or cause,
        }
        words.append(fill(reply.text_ar if arabic else reply.text, values))
    return words


def was_said(team: OnTeam, *, conversation_id: int, text: str) -> None:
    """An answer was given: a saved reply that it begins with was used once more."""
    known = saved(team)
    for reply, words in zip(known, _filled(team, known, conversation_id), strict=True):
        if words and " ".join(text.split()).startswith(" ".join(words.split())):
            sql.execute(SQL["reply_used"], id=reply.id)
            return


def fill(text: str, values: Mapping[str, str]) -> str:
    """The words with what they are filled with. A variable of which nothing is known leaves no hole: it goes with the space
    before it, and a mark after it closes up."""
    whole = _VARIABLE.sub(lambda found: values.get(found[1], "") or "\0", text)
    return re.sub(r"[ \t]*\0", "", whole).strip()


def customers_wrote(event: CustomersWrote) -> None:
    """What is answered by itself, is by a job: publishing takes its time."""
    if not event.opened:
        return
    terms = terms_of(event.page_id)
    if terms.automatic.when == "never":
        return
    arguments = [{"conversation_id": each, "page_id": event.page_id} for each in event.opened]
    jobs.enqueue_many(AUTOMATIC, arguments)


def answer_by_itself(*, page_id: int, conversation_id: int, at: datetime) -> int | None:
    """Say what the page says by itself, if it still should: the post, or None."""
    terms = terms_of(page_id)
    if not _due(terms, at):
        return None
    with transaction.atomic():
        row = sql.one(
            SQL["to_answer_by_itself"], page=page_id, conversation=conversation_id, since=at - _EVERY
        )
        if row is None:
            return None
        post, audience, handle, text, person = row
        words = _in_language(terms, text)
        direct = audience not in ("public", "unlisted")
        named = f"@{handle} {words}" if direct and f"@{handle}" not in words else words
        params = PostParams(text=named, audience="mentioned" if direct else audience, reply_to_id=post)
        try:
            with transaction.atomic():
                made = posts.publish(by=page_id, params=params, at=at).post_id
        except Refused:
            return None  # she does not want answers: nothing is owed
        sql.execute(
            SQL["say"], page=page_id, ids=[new_id()], conversations=[conversation_id], sides=["automatic"],
            sources=["comment"], posts=[made], reviews=[None], outsides=[""], channels=[None], bys=[None], texts=[""],
            moments=[at],
        )  # fmt: skip
        sql.execute(SQL["answered_by_itself"], person=person, at=at)
    return made


def _due(terms: PageTerms, at: datetime) -> bool:
    if terms.automatic.when == "closed":
        return terms.hours is not None and not terms.hours.state(at).open
    return terms.automatic.when == "always"


def _in_language(terms: PageTerms, text: str) -> str:
    told = terms.automatic
    arabic = detect_language(text) == "ar"
    return (told.ar or told.en) if arabic else (told.en or told.ar)
