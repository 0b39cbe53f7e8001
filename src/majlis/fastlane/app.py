"""The lane in front of Django: its few endpoints answered here, everything else passed on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import Error as DatabaseError

from majlis.core import away
from majlis.fastlane import answers
from majlis.fastlane.answers import Application, Receive, Scope, Send

log = logging.getLogger(__name__)

_HEALTHY: Final = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]


async def health(scope: Scope, receive: Receive, send: Send) -> None:
    """``/health``: this process answers."""
    await answers.answer(send, 200, b"OK", _HEALTHY)


class Lane:
    """``exact`` are paths, ``prefixes`` beginnings of paths, both for GET and HEAD; ``posted`` are paths for
    POST; ``sockets`` takes all WebSockets. Everything else goes to ``behind``."""

    def __init__(
        self,
        *,
        exact: dict[str, Application],
        prefixes: dict[str, Application],
        sockets: Application,
        behind: Application,
        posted: Mapping[str, Application] = MappingProxyType({}),
    ) -> None:
        self._posted = posted
        self._exact = {**exact, "/health": health}
        self._prefixes = tuple(prefixes.items())
        self._sockets = sockets
        self._behind = behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http":
            await self._answered(self._to(scope["method"], scope["path"]), scope, receive, send)
        elif kind == "websocket":
            await self._sockets(scope, receive, send)
        else:
            await self._behind(scope, receive, send)

    async def _answered(self, application: Application, scope: Scope, receive: Receive, send: Send) -> None:
        """What the lane answers reads before it sends: without a database the answer is a sentence."""
        try:
            await application(scope, receive, send)
        except DatabaseError as error:
            refusal = away.refusal(error)
            if refusal is None:
                raise
            log.warning("no database for %s: %s", scope["path"], error)
            await answers.refuse(send, refusal, retry_after=away.RETRY_AFTER)

    def _to(self, method: str, path: str) -> Application:
        if method in ("GET", "HEAD"):
            return self._of(path)
        return self._posted.get(path, self._behind) if method == "POST" else self._behind

    def _of(self, path: str) -> Application:
        # the same endpoint with a slash at its end: some clients write it so
        found = self._exact.get(path) or self._exact.get(path.rstrip("/"))
        if found is not None:
            return found
        for beginning, application in self._prefixes:
            if path.startswith(beginning):
                return application
        return self._behind
