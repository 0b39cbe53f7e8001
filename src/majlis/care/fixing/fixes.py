"""A fix: what was done about a cause, told once to each who complained of it, in her language.

Invariant: nobody is told of one fix twice, whatever is killed when: telling somebody, and the note that she was told, are
one transaction, and a second one under the same key would be the same post.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.care import acting, causes, readings
from majlis.care.access import Priority, Status, as_own
from majlis.care.fixing import links
from majlis.care.fixing.speaking import speak
from majlis.care.settling import settle
from majlis.care.statements import SQL
from majlis.core import jobs, sql
from majlis.core.errors import BadInput, NotAllowed, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.core.text.entities import find_mentions

JOB: Final = "care.tell_fix"
LONGEST: Final = 1_000
OLDEST: Final = timedelta(days=366)
_AT_ONCE: Final = 20
_SAME: Final = timedelta(hours=1)


class Preview(msgspec.Struct, frozen=True):
    """Whom a fix would be told: people, of how many conversations; those to whom there is no way from here; and those who
    confirmed already or are blocked."""

    people: int
    conversations: int
    cannot: int
    left: int


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """A fix, and how far it is told and answered."""

    id: int
    cause: causes.Cause
    text: str
    text_ar: str
    since: datetime
    by: int | None
    by_name: str
    made_at: datetime
    waiting: int
    told: int
    cannot: int
    confirmed: int
    reopened: int


def preview(team: OnTeam, *, cause_id: int, since: datetime, at: datetime) -> Preview:
    """Whom it would be told, before anything is. One query.

    Raises:
        BadInput: the moment is to come, or more than a year ago.
        NotAllowed: her role does not fix causes.
        NotThere: there is no such cause.
    """
    team.require(Permission.CARE)
    _require_cause(team, cause_id)
    _require_lately(since, at)
    row = sql.one(
        SQL["fix_preview"], page=team.page_id, cause=cause_id, since=since, complaint=readings.COMPLAINT
    )
    return Preview(*(row or (0, 0, 0, 0)))


def _require_cause(team: OnTeam, cause_id: int) -> None:
    if not sql.one(SQL["cause"], page=team.page_id, cause=cause_id):
        raise causes.no_cause()


def _require_lately(since: datetime, at: datetime) -> None:
    if not at - OLDEST <= since <= at:
        raise BadInput(_("Choose a day of the last year."), field="since")


def make(
    team: OnTeam, *, cause_id: int, text: str = "", text_ar: str = "", since: datetime, at: datetime
) -> int:
    """Say what was done about a cause, and have it told to all who complained of it since a moment; its id. The
    same said again within an hour is the same fix.

    Raises:
        BadInput: it says nothing, or too much, or names somebody; the moment is to come, or more than a year ago; nobody
            complained.
        NotAllowed: her role does not fix causes.
        NotThere: there is no such cause.
    """
    text, text_ar = clean_text(text).strip(), clean_text(text_ar).strip()
    if not text and not text_ar:
        raise BadInput(_("Say what was done, in one language at least."), field="text", code="blank")
    if max(len(text), len(text_ar)) > LONGEST:
        raise BadInput(_("Say it in 1,000 characters at the most."), field="text", code="too_long")
    _require_nobody(team, text, text_ar)
    _require_lately(since, at)
    fix_id = new_id()
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.CARE, lock=True)
        if not sql.one(SQL["cause_held"], page=team.page_id, cause=cause_id):
            raise causes.no_cause()
        said = {"page": team.page_id, "cause": cause_id, "text": text, "text_ar": text_ar, "since": since}
        if before := sql.one(SQL["fix_of_words"], **said, after=at - _SAME):
            return int(before[0])
        sql.execute(SQL["make_fix"], id=fix_id, by=team.by, at=at, **said)
        whom = sql.rows(
            SQL["complained"], page=team.page_id, cause=cause_id, since=since, complaint=readings.COMPLAINT
        )
        if not whom:
            raise BadInput(
                _("Nobody who complained of this since then is left to be told."),
                field="since",
                code="nobody",
            )
        sql.execute(
            SQL["to_be_told"], fix=fix_id, ids=[new_id() for _each in whom], persons=[row[0] for row in whom],
            conversations=[row[1] for row in whom],
        )  # fmt: skip
        deeds.note(team, "care.fixed", at=at, subject=fix_id)
        jobs.enqueue(JOB, {"fix_id": fix_id}, key=str(fix_id))
    return fix_id


def _require_nobody(team: OnTeam, *texts: str) -> None:
    """A post to one customer is seen by whomever else it names, and her link with it."""
    for field, text in zip(("text", "text_ar"), texts, strict=True):
        if any(each.key != team.handle.lower() for each in find_mentions(text)):
            raise BadInput(
                _("Each is told alone: name nobody with @ in it."), field=field, code="mentions"
            )  # fmt: skip


def tell_some(*, fix_id: int, at: datetime) -> int:
    """Tell some of those who wait to be told of a fix; how many there were. Each in a transaction of her own."""
    done = 0
    for _each in range(_AT_ONCE):
        with transaction.atomic():
            row = sql.one(SQL["next_to_tell"], fix=fix_id)
            if row is None:
                return done
            _tell(row, fix_id=fix_id, at=at)
        done += 1
    return done


def _tell(row: sql.Row, *, fix_id: int, at: datetime) -> None:
    told, page, conversation, person, language, text, text_ar, round_, blocked, status = row
    if blocked or status == Status.CONFIRMED:
        sql.execute(SQL["told"], id=told, state="left", post=None, at=at)
        return
    found = as_own(page, conversation, lock=True)
    asked = _ask(page, conversation, round_, fix_id, at=at)
    words = ((text_ar or text) if language == "ar" else (text or text_ar)).strip()
    way, post = speak(
        page_id=page,
        conversation_id=conversation,
        text=f"{words}\n{links.link(asked)}",
        key=f"fix {told}",
        at=at,
    )
    sql.execute(SQL["told"], id=told, state="told" if way else "cannot", post=post, at=at)
    if way:
        sql.execute(SQL["person_asked"], person=person, at=at)
        acting.step(found, "fix_told", by=None, at=at, fix=str(fix_id))
        settle([conversation], at=at)


def _ask(page: int, conversation: int, round_: int, fix: int | None, *, at: datetime) -> int:
    row = sql.one(SQL["ask"], id=new_id(), page=page, conversation=conversation, round=round_, fix=fix, at=at)
    return int(row[0]) if row else 0


def fixes(team: OnTeam, *, fix_id: int | None = None) -> list[Fix]:
    """The fixes of a page, the newest first, or one of them. One query.

    Raises:
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    return [
        Fix(
            id=row[0], cause=causes.Cause(*row[1:5]), text=row[5], text_ar=row[6], since=row[7], by=row[8], by_name=row[9],
            made_at=row[10], waiting=row[11], told=row[12], cannot=row[13], confirmed=row[14], reopened=row[15],
        )
        for row in sql.rows(SQL["fixes"], page=team.page_id, fix=fix_id)
    ]  # fmt: skip


def fix(team: OnTeam, *, fix_id: int) -> Fix:
    """One of them.

    Raises:
        NotThere: there is none, or it is another page's.
    """
    found = fixes(team, fix_id=fix_id)
    if not found:
        raise NotThere(_("There is no such fix."))
    return found[0]


# how content somebody is


ASK: Final = "care.ask"
AFTER: Final = timedelta(hours=1)
"""So long after it was solved a customer is asked: she may write once more."""
_NOT_AGAIN: Final = timedelta(days=30)
CHANGEABLE: Final = timedelta(days=7)


def ask_how_it_was(*, page_id: int, conversation_id: int, text: str, text_ar: str, at: datetime) -> bool:
    """Ask a customer how content she is, where it is still solved and she was not asked for a month; whether she was."""
    with transaction.atomic():
        row = sql.one(SQL["to_ask"], page=page_id, conversation=conversation_id, before=at - _NOT_AGAIN)
        if row is None:
            return False
        person, language, round_ = row
        asked = _ask(page_id, conversation_id, round_, None, at=at)
        words = text_ar if language == "ar" else text
        way, _post = speak(
            page_id=page_id, conversation_id=conversation_id, text=f"{words}\n{links.link(asked)}", key=f"ask {asked}", at=at
        )  # fmt: skip
        if way:
            sql.execute(SQL["person_asked"], person=person, at=at)
            settle([conversation_id], at=at)
    return way


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the link shows: the page, what was fixed, and what she said so far."""

    asked_id: int
    page_id: int
    conversation_id: int
    handle: str
    page: str
    avatar_key: str
    language: str
    text: str
    text_ar: str
    solved: bool
    confirmed: bool
    over: bool
    stars: int | None
    comment: str


def question(token: str) -> Question:
    """What somebody with the link is asked. ``over``: it was opened again since, and is asked no longer. One query.

    Raises:
        NotThere: the link is none of ours, too old, or the page is gone.
    """
    row = sql.one(SQL["question"], asked=links.asked_of(token))
    if row is None:
        raise NotThere(_("This link does not work any more."))
    named = dict(zip(Question.__struct_fields__, row, strict=True))
    return Question(**named)


def confirm(token: str, *, viewer: int | None = None, at: datetime) -> None:
    """It is solved, says she who complained. ``viewer`` is who is signed in where she says it.

    Raises:
        NotThere: the link does not work. BadInput: it was opened again since. NotAllowed: the viewer speaks for the page.
    """
    _said(token, "confirmed", viewer=viewer, at=at)


def not_yet(token: str, *, viewer: int | None = None, at: datetime) -> None:
    """It is not solved, says she: it is open again, and goes before.

    Raises:
        NotThere, BadInput, NotAllowed: see :func:`confirm`.
    """
    _said(token, "reopened", viewer=viewer, at=at)


def _require_customer(asked: Question, viewer: int | None) -> None:
    """The team has the link before its eyes, too: what it says of itself is not what its customer says."""
    if viewer is not None and sql.one(SQL["of_the_team"], page=asked.page_id, viewer=viewer):
        raise NotAllowed(_("You work for this page: this is for its customer to say."), code="team")


def _said(token: str, answer: str, *, viewer: int | None, at: datetime) -> None:
    with transaction.atomic():
        asked = question(token)
        _require_customer(asked, viewer)
        found = as_own(asked.page_id, asked.conversation_id, lock=True)
        asked = question(token)  # as it is now that nobody else can change it
        if asked.over:
            raise BadInput(_("This was opened again meanwhile; we are on it."), code="over")
        if answer == "confirmed":
            if found.status is not Status.CONFIRMED:
                acting.turn(found, Status.CONFIRMED, what="confirmed", by=None, by_customer=True, at=at)
        else:
            acting.turn(found, Status.OPEN, what="reopened", by=None, by_customer=True, at=at)
            if found.priority > Priority.HIGH:
                sql.execute(SQL["prioritise"], id=found.id, priority=int(Priority.HIGH))
                settle([found.id], at=at)
        sql.execute(SQL["fix_answered"], asked=asked.asked_id, answer=answer, at=at)


def rate(token: str, *, stars: int, comment: str = "", viewer: int | None = None, at: datetime) -> None:
    """How content she is, one to five; it can be changed for a week.

    Raises:
        NotThere: the link does not work. BadInput: no such number, too long a comment, or the week is over.
        NotAllowed: the viewer speaks for the page.
    """
    if not 1 <= stars <= 5:
        raise BadInput(_("Choose one to five."), field="stars")
    comment = clean_text(comment).strip()
    if len(comment) > LONGEST:
        raise BadInput(_("Say it in 1,000 characters at the most."), field="comment", code="too_long")
    with transaction.atomic():
        asked = question(token)
        _require_customer(asked, viewer)
        if not sql.execute(
            SQL["rate"], asked=asked.asked_id, stars=stars, comment=comment, at=at, before=at - CHANGEABLE
        ):
            raise BadInput(_("What you said stands by now."), code="over")
        found = as_own(asked.page_id, asked.conversation_id)
        acting.step(found, "rated", by=None, by_customer=True, at=at, stars=stars)
