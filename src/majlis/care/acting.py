"""What a team does with a conversation: answers, notes, states, tags, merging and splitting.

Each is one transaction behind the door, with a step that says who did it, and clocks worked out anew.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import actions as brands
from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, roles_with
from majlis.care import access, sources
from majlis.care.access import OwnConversation, Priority, Status
from majlis.care.events import ConversationChanged
from majlis.care.intake import answer_key
from majlis.care.models import ConversationTag
from majlis.care.settling import gather, settle
from majlis.care.statements import SQL
from majlis.core import json, sql
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.people import access as people
from majlis.people import actions as people_actions
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.safety import actions as safety

LONGEST_NOTE: Final = 5_000
LONGEST_TAG: Final = 40
MOST_TAGS: Final = 20
LONGEST_SNOOZE: Final = timedelta(days=366)
_AFTER_ANSWER: Final = (Status.WAITING, Status.SOLVED, Status.OPEN)


def step(
    found: OwnConversation,
    what: str,
    *,
    by: int | None,
    at: datetime,
    status: Status | None = None,
    by_customer: bool = False,
    **details: Any,
) -> None:
    """Write down what was done, bring the conversation into its state and tell it. In the caller's transaction; whoever
    changed something on which clocks depend, settles afterwards."""
    sql.execute(
        SQL["step"], id=new_id(), conversation=found.id, what=what, status=status or "", by=by, by_customer=by_customer,
        details=json.encode(details).decode(), at=at,
    )  # fmt: skip
    emit(ConversationChanged(page_id=found.page_id, conversation_id=found.id, what=what, by=by, at=at))


def turn(
    found: OwnConversation,
    status: Status,
    *,
    what: str,
    by: int | None,
    at: datetime,
    by_customer: bool = False,
    until: datetime | None = None,
    **details: Any,
) -> None:
    """Bring a conversation into a state, from ``at`` on, and work its clocks out anew. In the caller's transaction."""
    reopened = found.status in (Status.SOLVED, Status.CONFIRMED) and status not in (
        Status.SOLVED,
        Status.CONFIRMED,
    )
    sql.execute(SQL["turn"], id=found.id, status=status, at=at, until=until, reopened=reopened)
    step(found, what, by=by, at=at, status=status, by_customer=by_customer, **details)
    settle([found.id], at=at)


def answer(
    team: OnTeam,
    *,
    conversation_id: int,
    text: str,
    then: Status = Status.WAITING,
    photo_ids: tuple[int, ...] = (),
    key: str = "",
    at: datetime,
) -> int | None:
    """Answer in the page's name where the customer spoke last: a reply in the thread, seen by those who saw hers; a reply
    to the review; by the adapter of an outside network. Then the customer is waited for, or it counts as solved, or it
    stays open. The id of the post, if it is one. The same ``key`` twice answers once.

    Raises:
        BadInput: no words, or the post or review cannot take them.
        Conflict: what was said last is gone, so that there is nothing to answer.
        NotAllowed: there is no way to answer this source from here.
    """
    if then not in _AFTER_ANSWER:
        raise BadInput(_("An answered conversation waits, is solved, or stays open."), field="then")
    if not text.strip() and not photo_ids:
        raise BadInput(_("Write an answer first."), field="text", code="blank")
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        last = sql.one(SQL["last_of_customer"], conversation=found.id)
        if last is None:
            raise Conflict(_("What was said is gone: there is nothing left to answer."), code="gone")
        post, review, outside, source, audience, handle, thread, channel, message = last
        made: int | None = None
        if post is None and key and sql.one(SQL["answered_with_key"], conversation=found.id, key=key):
            return None
        if post is not None:
            params = _reply(text, to=post, audience=audience, handle=handle, photos=photo_ids)
            published = posts.publish(by=team.page_id, params=params, key=key, at=at)
            made = published.post_id
            if not published.fresh:
                return made
            deeds.note(team, "post.published", at=at, subject=made, conversation=str(found.id))
            _say(found, team, source=source, at=at, post=made)
        elif review is not None:
            brands.answer_review(team, review_id=review, text=text, at=at)
            _say(found, team, source=source, at=at, outside=answer_key(review, at))
        else:
            made_there = _outside(
                team, source=source, thread=thread, answers=outside, to=channel, text=text, at=at
            )
            _say(found, team, source=source, at=at, outside=made_there, text=clean_text(text))
        turn(found, then, what="answered", by=team.by, at=at, message=str(message), key=key)
    return made


def _reply(text: str, *, to: int, audience: str, handle: str, photos: tuple[int, ...]) -> PostParams:
    # to the page's own followers a word to a customer is nothing: where hers was not for all, ours is for her
    if audience in ("public", "unlisted"):
        return PostParams(text=text, audience=audience, reply_to_id=to, photo_ids=photos)
    named = text if f"@{handle}" in text else f"@{handle} {text}"
    return PostParams(text=named, audience="mentioned", reply_to_id=to, photo_ids=photos)


def _outside(
    team: OnTeam, *, source: str, thread: str, answers: str, to: str, text: str, at: datetime
) -> str:
    send = sources.answering(source)
    if send is None:
        raise NotAllowed(
            _("Please answer this where it was said: there is no way to it from here yet."), code="outside"
        )
    return send(
        sources.Answer(page_id=team.page_id, thread=thread, in_reply_to=answers, to=to, text=text, at=at)
    )


def _say(
    found: OwnConversation,
    team: OnTeam,
    *,
    source: str,
    at: datetime,
    side: str = "team",
    post: int | None = None,
    outside: str = "",
    text: str = "",
) -> int:
    message = new_id()
    sql.execute(
        SQL["say"], page=found.page_id, ids=[message], conversations=[found.id], sides=[side], sources=[source],
        posts=[post], reviews=[None], outsides=[outside], channels=[None], bys=[team.by], texts=[text], moments=[at],
    )  # fmt: skip
    return message


def note(team: OnTeam, *, conversation_id: int, text: str, at: datetime) -> int:
    """A note for the team, which no customer sees; its id.

    Raises:
        BadInput: nothing is written, or too much.
    """
    text = clean_text(text).strip()
    if not text:
        raise BadInput(_("Write something first."), field="text", code="blank")
    if len(text) > LONGEST_NOTE:
        raise BadInput(_("A note has 5,000 characters at the most."), field="text", code="too_long")
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        message = _say(found, team, source="note", at=at, side="note", text=text)
        step(found, "noted", by=team.by, at=at)
    return message


def assign(team: OnTeam, *, conversation_id: int, to: int | None, at: datetime) -> None:
    """Give a conversation to somebody of the team who answers, or to nobody.

    Raises:
        BadInput: she is not on the team, or her role does not answer.
    """
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        if to is not None and not sql.one(
            SQL["answers"], page=team.page_id, member=to, roles=roles_with(Permission.ANSWER)
        ):
            raise BadInput(_("She does not answer for this page."), field="to", code="no_answerer")
        if found.assignee == to:
            return
        sql.execute(SQL["assign"], id=found.id, to=to, at=at)
        step(found, "assigned", by=team.by, at=at, to=str(to) if to else "")


def wait(team: OnTeam, *, conversation_id: int, at: datetime) -> None:
    """It is the customer's turn."""
    _turned(team, conversation_id, Status.WAITING, "waited", at=at)


def solve(team: OnTeam, *, conversation_id: int, at: datetime) -> None:
    """There is nothing left to do."""
    _turned(team, conversation_id, Status.SOLVED, "solved", at=at)


def reopen(team: OnTeam, *, conversation_id: int, at: datetime) -> None:
    """There is something left to do."""
    _turned(team, conversation_id, Status.OPEN, "reopened", at=at)


def snooze(team: OnTeam, *, conversation_id: int, until: datetime, at: datetime) -> None:
    """Out of sight until a moment, or until the customer writes. Its clocks go on.

    Raises:
        BadInput: the moment is over, or more than a year away.
    """
    if not at < until <= at + LONGEST_SNOOZE:
        raise BadInput(_("Choose a moment to come, within a year."), field="until")
    _turned(team, conversation_id, Status.SNOOZED, "snoozed", at=at, until=until, to=until.isoformat())


def _turned(
    team: OnTeam,
    conversation_id: int,
    status: Status,
    what: str,
    *,
    at: datetime,
    until: datetime | None = None,
    **details: Any,
) -> None:
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        if found.status is status and until is None:
            return
        turn(found, status, what=what, by=team.by, at=at, until=until, **details)


def prioritise(team: OnTeam, *, conversation_id: int, priority: int, at: datetime) -> None:
    """Another priority, and with it other clocks.

    Raises:
        BadInput: there is no such priority.
    """
    if priority not in Priority.values:
        raise BadInput(_("There is no such priority."), field="priority")
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        sql.execute(SQL["prioritise"], id=found.id, priority=priority)
        step(found, "prioritised", by=team.by, at=at, to=priority, before=int(found.priority))
        settle([found.id], at=at)


def tag(team: OnTeam, *, conversation_id: int, names: Collection[str], at: datetime) -> None:
    """These tags and no others.

    Raises:
        BadInput: one is too long, or there are too many.
    """
    kept = sorted({tidy for name in names if (tidy := " ".join(_printable(name).split()))})
    if len(kept) > MOST_TAGS:
        raise BadInput(_("Twenty tags are enough."), field="tags", code="too_many")
    if any(len(name) > LONGEST_TAG for name in kept):
        raise BadInput(_("A tag has 40 characters at the most."), field="tags", code="too_long")
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        ConversationTag.objects.filter(conversation_id=found.id).exclude(name__in=kept).delete()
        rows = [ConversationTag(conversation_id=found.id, page_id=found.page_id, name=name) for name in kept]
        ConversationTag.objects.bulk_create(rows, ignore_conflicts=True)
        step(found, "tagged", by=team.by, at=at, tags=kept)


def _printable(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each)[0] != "C" or each == "\u200c")


def give_cause(team: OnTeam, *, conversation_id: int, cause: int | None, at: datetime) -> None:
    """Why she complains, of the page's own list; None: it is not known.

    Raises:
        NotThere: the page has no such cause, or has it no longer.
    """
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        if cause is not None and not sql.one(SQL["cause"], page=team.page_id, cause=cause):
            raise NotThere(_("There is no such cause."))
        sql.execute(SQL["give_cause"], id=found.id, cause=cause)
        step(found, "cause", by=team.by, at=at, to=str(cause) if cause else "")


def merge(team: OnTeam, *, kept_id: int, gone_id: int, at: datetime) -> None:
    """Two conversations of one person are one from now on: words, and those to come, stand in ``kept``. See :func:`part`.

    Raises:
        BadInput: it is the same; they are of two people who are not known to be one.
    """
    with transaction.atomic():
        first, second = sorted((kept_id, gone_id))
        both = {each: access.conversation(team, conversation_id=each, lock=True) for each in (first, second)}
        kept, gone = both[kept_id], both[gone_id]
        if kept.id == gone.id:
            raise BadInput(_("This is one conversation already."), field="with", code="itself")
        if kept.person_id != gone.person_id:
            raise BadInput(
                _("These are two people. Say first that they are one, if they told you so."), field="with", code="two_people"
            )  # fmt: skip
        sql.execute(SQL["merge"], kept=kept.id, gone=gone.id)
        step(kept, "merged", by=team.by, at=at, other=str(gone.id))
        if kept.status is not Status.OPEN and gone.status is Status.OPEN:
            turn(kept, Status.OPEN, what="reopened", by=team.by, at=at)
        gather(kept.page_id, [kept.id], at=at)


def split(team: OnTeam, *, conversation_id: int, message_ids: Collection[int], at: datetime) -> int:
    """These messages are about something else: they stand in a conversation of their own; its id.

    Raises:
        BadInput: none of the customer's is among them, or all are.
        NotThere: one of them is not in this conversation.
    """
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        rows = sql.rows(SQL["messages_of"], conversation=found.id)
        chosen = {row[0] for row in rows} & set(message_ids)
        if len(chosen) != len(set(message_ids)):
            raise NotThere(_("This message is not in this conversation."))
        customers = {row[0] for row in rows if row[1] == "customer"}
        if not chosen & customers or customers <= chosen:
            raise BadInput(_("Choose some of what the customer said, not all of it."), field="messages")
        made = new_id()
        sql.execute(SQL["split"], id=made, old=found.id, messages=list(chosen), at=at)
        sql.execute(SQL["strands_of_split"], id=made, old=found.id)
        step(found, "split", by=team.by, at=at, other=str(made))
        other = access.conversation(team, conversation_id=made)
        step(other, "split_from", by=team.by, at=at, other=str(found.id))
        gather(found.page_id, [found.id, made], at=at)
    return made


def join(team: OnTeam, *, conversation_id: int, other_id: int, at: datetime) -> None:
    """Two people are one: she said so. Her channels are joined; each can be parted again.

    Raises:
        BadInput: they are one already.
    """
    with transaction.atomic():
        first, second = sorted((conversation_id, other_id))
        both = {each: access.conversation(team, conversation_id=each, lock=True) for each in (first, second)}
        found, other = both[conversation_id], both[other_id]
        if found.person_id == other.person_id:
            raise BadInput(_("These are known to be one person."), field="with", code="itself")
        sql.execute(SQL["join"], kept=found.person_id, gone=other.person_id, by=team.by, at=at)
        step(found, "joined", by=team.by, at=at, other=str(other.id))


def part(team: OnTeam, *, conversation_id: int, channel_id: int, at: datetime) -> None:
    """A channel is another person's after all: what came by it is hers again.

    Raises:
        NotThere: it was not joined to this person.
    """
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        if not sql.execute(SQL["part"], channel=channel_id, person=found.person_id):
            raise NotThere(_("There is nothing to part."))
        sql.execute(SQL["back_to_first"], channel=channel_id)
        step(found, "parted", by=team.by, at=at)


def block(team: OnTeam, *, conversation_id: int, at: datetime) -> None:
    """The page and this person see nothing of each other any more; the conversation is over.

    Raises:
        NotAllowed: she is of an outside network, or her account is gone.
    """
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        for profile in _profiles(found):
            people_actions.block(by=team.page_id, whom=profile, at=at)
            deeds.note(team, "care.blocked", at=at, subject=profile.id)
        sql.execute(SQL["person_blocked"], person=found.person_id, at=at)
        turn(found, Status.SOLVED, what="blocked", by=team.by, at=at)


def report(team: OnTeam, *, conversation_id: int, comment: str, at: datetime) -> int:
    """Tell the operators of this person and what she wrote here; the report's id.

    Raises:
        NotAllowed: she is of an outside network, or her account is gone.
    """
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        profile = _profiles(found)[0]
        said = sql.column(SQL["posts_of_customer"], conversation=found.id)
        made = safety.report(by=team.page_id, about=profile, post_ids=said, comment=comment, at=at)
        step(found, "reported", by=team.by, at=at)
    return made


def _profiles(found: OwnConversation) -> list[people.SeenProfile]:
    ids = sql.column(SQL["profiles_of_person"], person=found.person_id)
    if not ids:
        raise NotAllowed(
            _("This can be done only with accounts of this server that are there."), code="no_profile"
        )
    return people.see_profiles(profile_ids=ids, viewer_id=found.page_id)


def wake_snoozed(*, at: datetime) -> int:
    """Conversations whose sleep is over are open again; how many."""
    with transaction.atomic():
        ids = sql.column(SQL["wake_snoozed"], at=at)
        for page, conversation in sql.rows(SQL["pages_of"], ids=ids):
            sql.execute(
                SQL["step"], id=new_id(), conversation=conversation, what="woke", status="open", by=None, by_customer=False,
                details="{}", at=at,
            )  # fmt: skip
            emit(ConversationChanged(page_id=page, conversation_id=conversation, what="woke", by=None, at=at))
        settle(ids, at=at)
    return len(ids)
