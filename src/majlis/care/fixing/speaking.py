"""The page speaks to one customer about her conversation, so that nobody else hears of it: a direct post, or by the adapter
of an outside network. It is no answer to what she asked: no clock stops."""

from __future__ import annotations

from datetime import datetime

from majlis.care import sources
from majlis.care.statements import SQL
from majlis.core import sql
from majlis.core.errors import Refused
from majlis.core.ids import new_id
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams


def speak(
    *, page_id: int, conversation_id: int, text: str, key: str, at: datetime
) -> tuple[bool, int | None]:
    """Say something to the customer of a conversation, once for a ``key``: whether there was a way, and the post if it is
    one. In the caller's transaction."""
    row = sql.one(SQL["to_speak_to"], page=page_id, conversation=conversation_id)
    if row is None:
        return False, None
    handle, post, source, thread, outside, account = row
    if handle:
        params = PostParams(text=f"@{handle} {text}", audience="mentioned", reply_to_id=post)
        try:
            made = posts.publish(by=page_id, params=params, key=key, at=at).post_id
        except Refused:
            return False, None  # she does not want to hear from the page
        _said(page_id, conversation_id, source="direct", post=made, at=at)
        return True, made
    send = sources.answering(source)
    if send is None:
        return False, None
    answer = sources.Answer(page_id=page_id, thread=thread, in_reply_to=outside, to=account, text=text, at=at)
    _said(page_id, conversation_id, source=source, outside=send(answer), text=text, at=at)
    return True, None


def _said(
    page_id: int,
    conversation: int,
    *,
    source: str,
    at: datetime,
    post: int | None = None,
    outside: str = "",
    text: str = "",
) -> None:
    sql.execute(
        SQL["say"], page=page_id, ids=[new_id()], conversations=[conversation], sides=["automatic"], sources=[source],
        posts=[post], reviews=[None], outsides=[outside], channels=[None], bys=[None], texts=[text], moments=[at],
    )  # fmt: skip
