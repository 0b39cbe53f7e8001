"""``POST /facts``: what browsers report of posts they showed. Answered when it is written down, no sooner.

Reports are gathered for a moment, and while a transaction runs, and go together: a thousand browsers cost as many
commits as the disk gives, and a post that all of them show is counted up once. Nobody waits for the answer: a
browser sends reports in the background, also when the page is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.core import away
from majlis.core.clock import now
from majlis.core.errors import NotAllowed, Refused
from majlis.core.json import JsonTooLarge
from majlis.fastlane import answers, identity
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.fastlane.members import Members
from majlis.fastlane.threads import DatabaseThreads
from majlis.insights import beacons

PATH: Final = "/facts"
AT_ONCE: Final = 4_000
GATHERED: Final = 0.02
"""Seconds that the first report waits for others. It is acknowledged after the commit, so none is lost by waiting."""
PATIENCE: Final = 10.0
_NOTHING: Final = [(b"cache-control", b"no-store")]
_Waiting = tuple[Sequence[beacons.Seen], asyncio.Future[None]]


class Facts:
    """The endpoint. ``threads`` look sessions up; one thread of its own writes."""

    def __init__(self, threads: Executor) -> None:
        self._writer: ThreadPoolExecutor = DatabaseThreads(1, thread_name_prefix="facts")
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None
        self._pages = beacons.Pages()
        self._members = Members(threads)

    def listen(self) -> None:
        """Forget who a session was when it ends."""
        self._members.listen()

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
        key = identity.session_key(cookie)
        if not key:
            return beacons.valid(reports, viewer=0, address=_address(scope), now=at)
        checksum = identity.checksum(key)
        kept = self._members.remembered(checksum, at.timestamp())
        if kept is not None:
            seen = beacons.valid(reports, viewer=kept, address="", now=at)
            if len(seen) == len(reports):
                return seen
        viewer = await self._members.find(cookie, checksum)
        return beacons.valid(reports, viewer=viewer, address=_address(scope), now=at)

    async def _written(self, seen: list[beacons.Seen]) -> None:
        """Wait until these are committed, together with whatever came meanwhile."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((seen, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHERED)
            batch = self._take()
            try:
                await self._commit([each for seen, _done in batch for each in seen])
            except Exception as error:
                await self._one_by_one(batch, error)
            else:
                for _seen, done in batch:
                    if not done.done():
                        done.set_result(None)

    async def _one_by_one(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """What cannot be written must not take down what came with it; each answers for itself."""
        alone = len(batch) == 1 or away.refusal(error) is not None
        for seen, done in batch:
            try:
                if alone:
                    raise error
                await self._commit(seen)
            except Exception as own:
                if not done.done():
                    done.set_exception(own)
            else:
                if not done.done():
                    done.set_result(None)

    async def _commit(self, seen: Sequence[beacons.Seen]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, self._write, seen)

    def _take(self) -> list[_Waiting]:
        size = place = 0
        while place < len(self._waiting) and size < AT_ONCE:
            size += len(self._waiting[place][0])
            place += 1
        batch, self._waiting = self._waiting[:place], self._waiting[place:]
        return batch

    def _write(self, seen: Sequence[beacons.Seen]) -> None:
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
