"""``/l/CODE``: a tracked link, answered from memory; the click is written a moment later.

Warm, nothing of it touches the database: the code is remembered, its click goes to :class:`~clicks.ClickWriter`.
A code that leads nowhere gets the page of every address that is not there, whether it is mistyped, retired or
guessed. Who guesses much is not answered for a while, codes that exist included.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from hashlib import blake2b
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from majlis.core.clock import now
from majlis.core.errors import TooMany
from majlis.fastlane import answers, visits
from majlis.fastlane.answers import Application, Receive, Scope, Send
from majlis.fastlane.clicks import ClickWriter, Visit
from majlis.fastlane.visits import Counter, Recent
from majlis.studio.links import codes, memory
from majlis.studio.links.memory import Destination

PREFIX: Final = codes.PATH
GUESSES: Final = 20
"""Codes that lead nowhere, from one address in a window."""
VISITS: Final = 120
"""Visits from one address in a window that are counted; more are led on all the same."""
WINDOW: Final = 300.0
AGAIN: Final = 10.0
"""Seconds within which the same browser on the same link is the same click, token included."""
_HEADERS: Final = [
    (b"cache-control", b"no-store"),
    # the site learns the host they came from, not the code
    (b"referrer-policy", b"strict-origin"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"content-length", b"0"),
]


class Links:
    """The endpoint. ``missing`` answers for codes that lead nowhere, ``threads`` look up what is not in memory."""

    def __init__(self, writer: ClickWriter, *, missing: Application, threads: Executor) -> None:
        self._writer = writer
        self._missing = missing
        self._threads = threads
        self._guesses = Counter(most=GUESSES, window=WINDOW)
        self._visits = Counter(most=VISITS, window=WINDOW)
        self._recent = Recent(seconds=AGAIN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._guesses.full(visits.network(scope)):
            await answers.refuse(
                send,
                TooMany(_("Too often. Please try again later."), retry_after=self._guesses.ends_in()),
            )
            return
        code = scope["path"][len(PREFIX) :].rstrip("/")
        found = memory.remembered(code)
        if found is None and codes.is_code(code):
            found = await asyncio.get_running_loop().run_in_executor(self._threads, memory.find, code)
        if found is None:
            if settings.MAJLIS.limits:
                self._guesses.take(visits.network(scope))
            await self._missing(scope, receive, send)
            return
        location = self._location(scope, code, found)
        await send(
            {"type": "http.response.start", "status": 302, "headers": [*_HEADERS, (b"location", location)]}
        )
        await send({"type": "http.response.body", "body": b""})

    def _location(self, scope: Scope, code: str, found: Destination) -> bytes:
        if not visits.is_click(scope):
            return found.plain
        if not settings.MAJLIS.limits:
            return self._visit(scope, found)
        network = visits.network(scope)
        # remembered as a sum: headers may be as long as their sender likes
        who = blake2b(
            "\n".join(
                (code, network, answers.header(scope, b"user-agent"), answers.header(scope, b"cookie"))
            ).encode(),
            digest_size=16,
        ).digest()
        again = self._recent.get(who)
        if again is not None and found.led_to(again):
            return again
        if not self._visits.take(network):
            return found.plain
        location = self._visit(scope, found)
        self._recent.keep(who, location)
        return location

    def _visit(self, scope: Scope, found: Destination) -> bytes:
        token = codes.new_token()
        if found.other is not None:
            found = found.for_click(token)
        visit = Visit(
            found,
            token,
            now(),
            answers.header(scope, b"cookie"),
            answers.query(scope).get("t", "") if scope["query_string"] else "",
        )
        self._writer.put(visit)
        return found.before + token.encode() + found.after
