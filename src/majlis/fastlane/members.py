"""Who acts in the browsers that report: remembered, and looked up many at a time.

Reports of a page come at once, over as many connections as a browser opens, and a thousand browsers come back
after a restart. So those who ask while others are looked up go together with the next look.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import Final

from majlis.core import changes
from majlis.core.clock import now
from majlis.core.memory import Cache
from majlis.fastlane import sessions

KEPT_FOR: Final = 60.0
"""Seconds for which it is remembered who a browser's session acts as; switching is noticed after that, or as
soon as a ticket does not fit."""


class Members:
    """Sessions by their checksum (``identity.checksum``) → profiles, 0 for nobody. ``threads`` look them up."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._kept: Cache[str, tuple[int, float]] = Cache(20_000)
        self._asked: dict[str, tuple[str, asyncio.Future[int]]] = {}
        self._looking: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Forget who a session was when it ends."""
        changes.listen("session.ended", lambda line: self._kept.invalidate(line.data["checksum"]))

    def remembered(self, checksum: str, seconds: float) -> int | None:
        """The profile, if it was looked up within ``KEPT_FOR`` before ``seconds`` (since 1970)."""
        kept = self._kept.get(checksum)
        return kept[0] if kept is not None and seconds - kept[1] < KEPT_FOR else None

    async def find(self, cookie: str, checksum: str) -> int:
        """The profile by the cookie header, as it is now.

        Raises:
            DatabaseError: it could not be looked up.
        """
        if checksum not in self._asked:  # what is being looked up already may be what was a moment ago
            self._asked[checksum] = cookie, asyncio.get_running_loop().create_future()
        found = self._asked[checksum][1]
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(found)  # who gives up does not take it from the others

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while self._asked:
            asked, self._asked = self._asked, {}
            try:
                profiles = await loop.run_in_executor(
                    self._threads, self._look_up, {key: cookie for key, (cookie, _found) in asked.items()}
                )
            except Exception as error:  # each of them answers for itself
                for _cookie, found in asked.values():
                    found.set_exception(error)
            else:
                for checksum, (_cookie, found) in asked.items():
                    found.set_result(profiles[checksum])

    def _look_up(self, cookies: dict[str, str]) -> dict[str, int]:
        mark = self._kept.mark()
        by_cookie = sessions.profiles_of(set(cookies.values()))
        found = {checksum: by_cookie[cookie] for checksum, cookie in cookies.items()}
        seconds = now().timestamp()
        for checksum, profile_id in found.items():
            if profile_id:
                self._kept.store(checksum, (profile_id, seconds), mark)
        return found
