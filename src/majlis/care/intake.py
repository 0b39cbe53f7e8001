"""Taking in what is said to a page, or about it.

Whatever publishes words (a post, a review, an adapter) writes one :class:`Arrival` in its own transaction, which costs it
one statement; a job joins arrivals to conversations, in batches and in order. So nothing that was acknowledged is lost,
a burst is taken in as fast as rows are written, and what a conversation needs is worked out once per batch.

Invariant: each word is in one conversation of a page once, however often it arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import events as brands
from majlis.care import sources
from majlis.care.events import CustomersWrote
from majlis.care.settling import hold, settle
from majlis.care.statements import SQL
from majlis.core import jobs, json, sql
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.posts import events as posts

JOB: Final = "care.take_in"
AT_ONCE: Final = 500
LONGEST: Final = 20_000
"""Characters of a text from outside that are kept."""
_MEMBER: Final = "member"
"""The kind of channel by which profiles of this server speak."""
_LONGEST_NAME: Final = 120
_LONGEST_KEY: Final = 200


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said on another network: ``network`` its name, ``thread`` and ``id`` those of the thing there,
    ``author`` the account's key and ``name`` how it is shown. ``team``: the page itself said it; ``automatic``: by a
    machine of the page's. ``followers``: whom the author reaches; 0 for unknown."""

    network: str
    id: str
    thread: str
    author: str
    at: datetime
    text: str
    name: str = ""
    team: bool = False
    automatic: bool = False
    followers: int = 0


# what publishes


def of_post(event: posts.PostPublished) -> None:
    """A post that speaks to a page, or in which a page answers. One statement, and none for what does neither."""
    if event.imported or event.boost_of_id is not None:
        return
    others = {*event.mentioned, event.reply_to_author_id, event.quote_of_author_id} - {None, event.author_id}
    if not others and event.reply_to_id is None:
        return
    candidates = [*others, event.author_id]
    made = sql.column(
        SQL["post_arrives"], ids=[new_id() for _each in range(len(candidates) + 1)], pages=candidates,
        post=event.post_id, thread=event.thread_id or event.post_id, author=event.author_id,
        direct=event.audience == "mentioned", answered=event.reply_to_author_id, at=event.at,
    )  # fmt: skip
    if made:
        wake()


def of_edit(event: posts.PostEdited) -> None:
    """What was read of the words before holds no longer; whom it speaks to only since, hears it now."""
    if sql.execute(SQL["read_again"], post=event.post_id):
        wake_reading()
    fresh = set(event.mentioned) - set(event.mentioned_before) - {event.author_id}
    if fresh and sql.column(
        SQL["post_arrives"], ids=[new_id() for _each in range(len(fresh) + 1)], pages=list(fresh), post=event.post_id,
        thread=event.post_id, author=event.author_id, direct=event.audience == "mentioned", answered=None, at=event.at,
    ):  # fmt: skip
        wake()


def of_deletion(event: posts.PostDeleted) -> None:
    """The words are gone; that something was said stays."""
    sql.execute(SQL["message_gone"], post=event.post_id, at=event.at)


def of_restoration(event: posts.PostRestored) -> None:
    """They are back."""
    sql.execute(SQL["message_back"], post=event.post_id)


def of_review(event: brands.ReviewWritten) -> None:
    """A review was written."""
    _review(event.page_id, event.review_id, sources.REVIEW, event.at)


def of_review_answer(event: brands.ReviewAnswered) -> None:
    """The page answered one, here or where reviews stand."""
    _review(event.page_id, event.review_id, "review_answer", event.at)


def of_review_gone(event: brands.ReviewGone) -> None:
    """A review is gone."""
    sql.execute(SQL["review_gone"], review=event.review_id, at=event.at)


def _review(page_id: int, review_id: int, source: str, at: datetime) -> None:
    sql.execute(
        SQL["arrives"],
        ids=[new_id()],
        page=page_id,
        sources=[source],
        reviews=[review_id],
        given=[None],
        moments=[at],
    )
    wake()


def arrive(*, page_id: int, said: Sequence[Outside]) -> int:
    """Take what was said outside about a page, to be put into conversations; how many. It is kept when this returns
    and its transaction ends. What came before is not taken twice.

    Raises:
        BadInput: one of them lacks its id, its thread, its author or a moment with a zone; nothing was taken.
    """
    kept = [_checked(each) for each in said]
    if not kept:
        return 0
    sql.execute(
        SQL["arrives"],
        ids=[new_id() for _each in kept],
        page=page_id,
        sources=[sources.OUTSIDE + each.network for each in kept],
        reviews=[None] * len(kept),
        given=[json.encode(each).decode() for each in kept],
        moments=[each.at for each in kept],
    )
    wake()
    return len(kept)


def _checked(said: Outside) -> Outside:
    if not said.network.isidentifier() or len(said.network) > 16 or said.network == _MEMBER:
        raise BadInput(
            _("“%(name)s” is no name of a network.") % {"name": said.network[:20]}, field="network"
        )
    for field in ("id", "thread", "author"):
        value = getattr(said, field)
        if not value.strip() or len(value) > _LONGEST_KEY or "\0" in value:
            raise BadInput(_("Something that was said lacks its id, its thread or its author."), field=field)
    if said.at.tzinfo is None:
        raise BadInput(_("A moment without a time zone could be any of several."), field="at")
    return msgspec.structs.replace(
        said,
        at=min(said.at, now()),  # another machine's clock may be ahead: nothing was said in the future
        text=clean_text(said.text)[:LONGEST],
        name=clean_text(said.name)[:_LONGEST_NAME],
        followers=max(said.followers, 0),
    )


def wake() -> None:
    """Let arrivals be taken in once this transaction ends."""
    jobs.enqueue(JOB, key="all")


def wake_reading() -> None:
    """Let what was said be read once this transaction ends."""
    jobs.enqueue("care.read", key="all")


# taking in


class _Item(msgspec.Struct):
    """An arrival, as it will stand in a conversation."""

    arrival: int
    page: int
    side: str
    source: str
    at: datetime
    strands: list[str]
    channel: tuple[str, str]
    post: int | None = None
    review: int | None = None
    outside: str = ""
    text: str = ""
    name: str = ""
    by: int | None = None
    conversation: int | None = None

    @property
    def customer(self) -> bool:
        return self.side == "customer"

    @property
    def begins(self) -> bool:
        """A conversation may begin with it."""
        return self.customer or sources.is_outside(self.source)


def take_in(*, at: datetime) -> int:
    """Put the oldest arrivals into conversations, in order; how many there were. One batch at a time, of all
    processes."""
    with transaction.atomic():
        sql.rows(SQL["one_at_a_time"])
        rows = sql.rows(SQL["arrivals"], limit=AT_ONCE)
        if not rows:
            return 0
        items = [item for row in rows for item in _item(row)]
        for page in sorted({item.page for item in items}):
            _take_in(page, [item for item in items if item.page == page], at=at)
        sql.execute(SQL["taken_in"], ids=[row[0] for row in rows])
    return len(rows)


def _item(row: sql.Row) -> Iterable[_Item]:
    """An arrival with what it is about; none when that is gone, or says nothing to anybody."""
    arrival, page, source, moment, post, review, given, author, thread, answered, named, reviewer, by = row
    if given is not None:
        yield _outside(arrival, page, json.own_reader(Outside)(given))
    elif post is not None and author is not None:
        if author == page:
            to = dict.fromkeys(each for each in (answered, *named) if each and each != page)
            strands = [_thread(thread, each) for each in to]
            if strands:
                yield _Item(arrival, page, "team", source, moment, strands, ("", ""), post=post, by=by)
        else:
            yield _Item(
                arrival,
                page,
                "customer",
                source,
                moment,
                [_thread(thread, author)],
                (_MEMBER, str(author)),
                post=post,
            )
    elif review is not None and reviewer is not None:
        strands, channel = [f"review:{review}"], (_MEMBER, str(reviewer))
        if source == sources.REVIEW:
            yield _Item(arrival, page, "customer", source, moment, strands, channel, review=review)
        else:
            yield _Item(
                arrival,
                page,
                "team",
                sources.REVIEW,
                moment,
                strands,
                channel,
                outside=answer_key(review, moment),
                by=by,
            )


def answer_key(review: int, at: datetime) -> str:
    """By which the page's answer to a review is known: each time it is written is a word of its own."""
    return f"{review}:answer:{at.timestamp()}"


def _thread(thread: int, customer: int) -> str:
    return f"thread:{thread}:{customer}"


def _outside(arrival: int, page: int, said: Outside) -> _Item:
    side = "automatic" if said.automatic else "team" if said.team else "customer"
    source = sources.OUTSIDE + said.network
    channel = (said.network, said.author if side == "customer" else f"thread {said.thread}"[:_LONGEST_KEY])
    return _Item(
        arrival, page, side, source, said.at, [f"{source}:{said.thread}"], channel, outside=said.id, text=said.text,
        name=said.name or said.author if side == "customer" else "",
    )  # fmt: skip


def _take_in(page: int, items: list[_Item], *, at: datetime) -> None:
    known = _known(page, [key for each in items for key in each.strands])
    # a page answers outside before we hear of the question: such a thread opens a conversation as well
    fresh = [each for each in items if each.begins and not any(key in known for key in each.strands)]
    persons = _persons(page, [each for each in items if each.channel[0] and each.begins], at=at)
    opened = _open(page, fresh, persons, known)
    _claim(page, items, known, persons)
    placed = []
    for item in items:
        item.conversation = next((known[key] for key in item.strands if key in known), None)
        if item.conversation is not None:
            placed.append(item)
    written = _say(page, placed, persons)
    if not written:
        return
    reopened = _reopen(page, [each for each in written if each.customer], opened)
    _wait(page, [each for each in written if each.side == "team"])
    touched = sorted({each.conversation for each in written if each.conversation})
    settle(touched, at=at)
    by_customers = tuple(
        dict.fromkeys(each.conversation for each in written if each.customer and each.conversation)
    )
    if by_customers:
        wake_reading()
        emit(
            CustomersWrote(
                page_id=page,
                opened=tuple(opened & set(by_customers)),
                reopened=reopened,
                written=by_customers,
                at=at,
            )
        )


def _known(page: int, keys: Sequence[str]) -> dict[str, int]:
    """The conversations in which words with these keys go on, held: none is merged away before the words stand in it."""
    held: set[int] = set()
    while True:
        known: dict[str, int] = dict(sql.rows(SQL["strands"], page=page, keys=list(keys)))
        if not (fresh := set(known.values()) - held):
            return known
        hold(fresh)
        held |= fresh


def _persons(page: int, items: Sequence[_Item], *, at: datetime) -> dict[tuple[str, str], tuple[int, int]]:
    """Channel and person of each, made where they are not there: (kind, key) → (channel, person)."""
    wanted = list({each.channel: each for each in items}.values())
    if not wanted:
        return {}
    rows = sql.rows(
        SQL["channels"], page=page, at=at,
        kinds=[each.channel[0] for each in wanted], keys=[each.channel[1] for each in wanted],
        names=[each.name for each in wanted],
        profiles=[int(each.channel[1]) if each.channel[0] == _MEMBER else None for each in wanted],
        channel_ids=[new_id() for _each in wanted], person_ids=[new_id() for _each in wanted],
    )  # fmt: skip
    return {(kind, key): (channel, person) for kind, key, channel, person in rows}


def _open(
    page: int, items: Sequence[_Item], persons: dict[tuple[str, str], tuple[int, int]], known: dict[str, int]
) -> set[int]:
    """New conversations, by the first that was said in each; their ids."""
    first: dict[str, _Item] = {}
    for item in sorted(items, key=lambda each: (not each.customer, each.at)):
        first.setdefault(item.strands[0], item)
    opened: dict[str, int] = {key: new_id() for key in first}
    if opened:
        sql.execute(
            SQL["open"], page=page, ids=list(opened.values()), strand_ids=[new_id() for _each in opened], keys=list(opened),
            persons=[persons[each.channel][1] for each in first.values()], sources=[each.source for each in first.values()],
            moments=[each.at for each in first.values()],
        )  # fmt: skip
        known.update(opened)
    return set(opened.values())


def _claim(
    page: int, items: Sequence[_Item], known: dict[str, int], persons: dict[tuple[str, str], tuple[int, int]]
) -> None:
    """A conversation that the page's own word opened is her whose first word comes later."""
    claims = {
        known[each.strands[0]]: persons[each.channel][1]
        for each in items
        if each.customer
        and sources.is_outside(each.source)
        and each.strands[0] in known
        and each.channel in persons
    }
    if claims:
        sql.execute(SQL["claim"], page=page, conversations=list(claims), persons=list(claims.values()))


def _say(page: int, items: Sequence[_Item], persons: dict[tuple[str, str], tuple[int, int]]) -> list[_Item]:
    """The messages; those that were not there before."""
    if not items:
        return []
    by_id = {new_id(): each for each in items}
    made = sql.column(
        SQL["say"], page=page, ids=list(by_id),
        conversations=[each.conversation for each in items], sides=[each.side for each in items],
        sources=[each.source for each in items], posts=[each.post for each in items],
        reviews=[each.review for each in items], outsides=[each.outside for each in items],
        channels=[persons[each.channel][0] if each.customer else None for each in items],
        bys=[each.by for each in items], texts=[each.text for each in items], moments=[each.at for each in items],
    )  # fmt: skip
    return [by_id[each] for each in made]


def _reopen(page: int, items: Sequence[_Item], opened: set[int]) -> tuple[int, ...]:
    """Conversations that do not stay solved, snoozed or waiting when their customer writes again."""
    since: dict[int, datetime] = {}
    here: dict[int, bool] = {}
    for each in items:
        if each.conversation is not None and each.conversation not in opened:
            since[each.conversation] = max(each.at, since.get(each.conversation, each.at))
            here[each.conversation] = not sources.is_outside(each.source)
    if not since:
        return ()
    rows = sql.rows(
        SQL["opens_again"], page=page, conversations=list(since), moments=list(since.values()), here=list(here.values()),
        steps=[new_id() for _each in since],
    )  # fmt: skip
    return tuple(row[0] for row in rows if row[1])


def _wait(page: int, items: Sequence[_Item]) -> None:
    """Where the page answered somewhere else than in its inbox, the customer is waited for now."""
    answered = {
        each.conversation: each for each in sorted(items, key=lambda each: each.at) if each.conversation
    }
    if answered:
        sql.execute(
            SQL["waits"], page=page, conversations=list(answered), moments=[each.at for each in answered.values()],
            bys=[each.by for each in answered.values()], steps=[new_id() for _each in answered],
        )  # fmt: skip
