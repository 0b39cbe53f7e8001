"""``/media/…``: stored pictures, under names that cannot be guessed, as inert as a file can be."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import Final

from majlis.core.errors import NotThere
from majlis.fastlane import answers
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.media.store import URL_PREFIX, FolderStore

_HEADERS: Final = [
    # a stored name never gets other bytes
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]


class Files:
    """Serves the media folder."""

    def __init__(self, store: FolderStore, threads: Executor) -> None:
        self._store = store
        self._threads = threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = scope["path"].removeprefix(URL_PREFIX)
        try:
            mime, body = await asyncio.get_running_loop().run_in_executor(self._threads, self._read, address)
        except NotThere as error:
            await answers.refuse(send, error)
            return
        if scope["method"] == "HEAD":
            body = b""
        await answers.answer(send, 200, body, [*_HEADERS, (b"content-type", mime.encode())])

    def _read(self, address: str) -> tuple[str, bytes]:
        found = self._store.locate(address=address)
        return found.mime, found.path.read_bytes()
