"""``GET /api/v1/timelines/home``: the endpoint that every app asks all day long.

Warm, nothing of it touches the database or leaves the event loop: token, reader, rings, posts and their JSON
are remembered. Where something is missing, Django refuses to query from the loop, and the answer is made
again in a thread, which fills the memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import SynchronousOnlyOperation
from django.utils.translation import gettext_lazy as _

from majlis.accounts import bearers
from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.errors import NotAllowed, Refused
from majlis.core.paging import Page
from majlis.fastlane import answers, identity
from majlis.fastlane.answers import Headers, Message, Receive, Scope, Send
from majlis.feeds.home import FeedPage, home_page, still_true
from majlis.feeds.memory import MEMORY
from majlis.insights import serving
from majlis.insights.kinds import Source
from majlis.studio.experiments import again

Present = Callable[..., bytes]
"""``present(batch, ids, at=…)``: the JSON of a list of statuses."""

PATH = "/api/v1/timelines/home"
SCOPE = "read:statuses"
MOST_KEPT = 400
"""Answers kept for readers who ask again before anything of theirs has changed; about 45 kB each."""


@dataclass(slots=True)
class Made:
    """A page, and the two messages that answer with it, ready to be sent again. ``told`` is when it was last
    said that it was served: the same page sent again within a second tells nothing new."""

    found: FeedPage
    start: Message
    body: Message
    told: float = 0.0
    again: int | None = None  # the post that is placed once more on it

    @property
    def ids(self) -> Sequence[int]:
        """What it shows."""
        return self.found.ids if self.again is None else [*self.found.ids, self.again]


class Home:
    """The endpoint. ``present`` makes the JSON, ``threads`` run what is not in memory."""

    def __init__(self, present: Present, threads: Executor) -> None:
        self._present = present
        self._threads = threads
        self._kept: dict[tuple[int, Page], Made] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        at = now()
        parameters = answers.query(scope)
        token = answers.bearer_token(scope, parameters)
        try:
            page = Page.parse(parameters)
            try:
                made = self._warm(token, page, at)
            except SynchronousOnlyOperation:
                loop = asyncio.get_running_loop()
                made = await loop.run_in_executor(self._threads, self._cold, token, page, at)
        except Refused as error:
            await answers.refuse(send, error)
            return
        if (moment := at.timestamp()) - made.told >= 1.0:
            made.told = moment
            _tell_served(made, page, at)
        await send(made.start)
        await send(made.body)

    def _warm(self, token: str, page: Page, at: datetime) -> Made:
        bearer = bearers.remembered(token, at=at)
        if bearer is None:
            raise SynchronousOnlyOperation
        return self._answer(identity.require_member(bearer, SCOPE), page, at)

    def _cold(self, token: str, page: Page, at: datetime) -> Made:
        bearer = bearers.require(token, at=at)
        return self._answer(identity.require_member(bearer, SCOPE), page, at)

    def _answer(self, viewer: int, page: Page, at: datetime) -> Made:
        kept = self._kept.get((viewer, page))
        if (
            kept is not None
            and still_true(kept.found, viewer=viewer, page=page, at=at)
            and not (again.for_her(viewer=viewer, at=at) and page.first)
        ):
            return kept
        found = home_page(viewer=viewer, page=page, at=at)
        own = found.batch.people.get(viewer)
        if own is None or own.withdrawn:
            raise NotAllowed(_("This profile is not in use."), code="withdrawn")
        offered = again.for_her(viewer=viewer, at=at) and page.first
        placed = again.placed(viewer=viewer, feed=found, at=at) if offered else None
        body = self._present(found.batch, found.ids, at=at, placed=placed)
        made = Made(found, *answers.messages_of_json(body, link_header(found, page)))
        if placed is not None:
            made.again = placed.post_id  # once: the same page asked for again is without it
        elif MEMORY.live:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[viewer, page] = made
        return made


def _tell_served(made: Made, page: Page, at: datetime) -> None:
    """Note that a third-party app was given these; what it shows of them nobody knows."""
    found = made.found
    viewer = found.batch.viewer
    if viewer is not None:
        serving.served(
            viewer=viewer,
            ids=made.ids,
            source=Source.APP,
            left_out=found.unwanted,
            first_page=page.max_id is None and page.min_id is None,
            at=at,
        )


def link_header(found: FeedPage, page: Page) -> Headers:
    """The Link header of a page: ``next`` to older posts, ``prev`` to newer ones."""
    if found.newest is None or found.oldest is None:
        return []
    url = addresses.absolute(PATH)
    limit = "" if page.limit == Page().limit else f"limit={page.limit}&"
    previous = f'<{url}?{limit}min_id={found.newest}>; rel="prev"'
    if found.more or page.upward:
        return [(b"link", f'<{url}?{limit}max_id={found.oldest}>; rel="next", {previous}'.encode())]
    return [(b"link", previous.encode())]
