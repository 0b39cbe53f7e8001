"""``POST /facts``: what browsers report of posts they showed. Answered when it is written down, no sooner.

Reports are gathered while a transaction runs and go with the next one, so that a thousand browsers cost as
many commits as the disk gives, not as many as there are browsers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.core import changes
from majlis.core.clock import now
from majlis.core.errors import NotAllowed, NotSignedIn, Refused
from majlis.core.json import JsonTooLarge
from majlis.core.memory import Cache
from majlis.fastlane import answers, identity, sessions
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.fastlane.threads import DatabaseThreads
from majlis.insights import beacons

PATH: Final = "/facts"
AT_ONCE: Final = 4_000
KEPT_FOR: Final = 60.0
"""Seconds for which it is remembered who a browser's session acts as; switching is noticed after that, or as
soon as a ticket does not fit."""
PATIENCE: Final = 10.0
_NOTHING: Final = [(b"cache-control", b"no-store")]


class Facts:
    """The endpoint. ``threads`` look sessions up; one thread of its own writes."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._writer: ThreadPoolExecutor = DatabaseThreads(1, thread_name_prefix="facts")
        self._waiting: list[tuple[Sequence[beacons.Seen], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._pages = beacons.Pages()
        self._members: Cache[str, tuple[int, float]] = Cache(20_000)

    def listen(self) -> None:
        """Forget who a session was when it ends."""
        changes.listen("session.ended", lambda line: self._members.invalidate(line.data["checksum"]))

    def stop(self) -> None:
        """Write what is on its way, and end."""
        self._writer.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _refuse_others(scope)
            async with asyncio.timeout(PATIENCE):
                reports = beacons.read(await _body(receive))
            if not beacons.is_program(answers.header(scope, b"user-agent")):
                seen = await self._valid(reports, scope, now())
                if seen:
                    await self._written(seen)
        except Refused as error:
            await answers.refuse(send, error)
            return
        except TimeoutError:
            await answers.answer(send, 408, b"", _NOTHING)
            return
        await answers.answer(send, 204, b"", _NOTHING)

    async def _valid(self, reports: list[beacons.Report], scope: Scope, at: datetime) -> list[beacons.Seen]:
        cookie = answers.header(scope, b"cookie")
        checksum = _session_of(cookie)
        if checksum is None:
            return beacons.valid(reports, viewer=0, address=_address(scope), now=at)
        kept = self._members.get(checksum)
        if kept is not None and at.timestamp() - kept[1] < KEPT_FOR:
            seen = beacons.valid(reports, viewer=kept[0], address="", now=at)
            if len(seen) == len(reports):
                return seen
        loop = asyncio.get_running_loop()
        viewer = await loop.run_in_executor(self._threads, self._look_up, cookie, checksum, at)
        return beacons.valid(reports, viewer=viewer, address=_address(scope), now=at)

    def _look_up(self, cookie: str, checksum: str, at: datetime) -> int:
        mark = self._members.mark()
        try:
            viewer = identity.browser(cookie).profile_id
        except NotSignedIn:
            return 0
        self._members.store(checksum, (viewer, at.timestamp()), mark)
        return viewer

    async def _written(self, seen: list[beacons.Seen]) -> None:
        """Wait until these are committed, together with whatever came meanwhile."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((seen, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch = self._take()
            together = [each for seen, _done in batch for each in seen]
            try:
                await loop.run_in_executor(self._writer, self._write, together)
            except Exception as error:  # each of them answers for itself
                for _seen, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _seen, done in batch:
                    if not done.done():
                        done.set_result(None)

    def _take(self) -> list[tuple[Sequence[beacons.Seen], asyncio.Future[None]]]:
        size = place = 0
        while place < len(self._waiting) and size < AT_ONCE:
            size += len(self._waiting[place][0])
            place += 1
        batch, self._waiting = self._waiting[:place], self._waiting[place:]
        return batch

    def _write(self, seen: list[beacons.Seen]) -> None:
        with transaction.atomic():
            beacons.take(seen, pages=self._pages, at=now())


def _address(scope: Scope) -> str:
    """What counts as one client (``accounts.limits.network``)."""
    client = scope.get("client")
    forwarded = answers.header(scope, b"x-forwarded-for")
    return limits.network(limits.address_of(forwarded=forwarded, peer=client[0] if client else ""))


def _refuse_others(scope: Scope) -> None:
    """Pages of other sites cannot report: a browser says where a request comes from.

    Raises:
        NotAllowed: it comes from elsewhere, or does not say.
    """
    origin, host = answers.header(scope, b"origin"), answers.header(scope, b"host")
    site = answers.header(scope, b"sec-fetch-site")
    same = (urlsplit(origin).netloc == host) if origin else site == "same-origin"
    if not same or site not in ("", "same-origin"):
        raise NotAllowed(_("Only pages of this house report what they show."), code="cross_origin")


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > beacons.LARGEST:
            raise JsonTooLarge(_("The data sent is too large."))
        more = message.get("more_body", False)
    return b"".join(parts)


def _session_of(cookie: str) -> str | None:
    """The name under which a browser's session is remembered; None for none."""
    key = sessions.key_of(cookie)
    return sha256(key.encode()).hexdigest() if key else None
