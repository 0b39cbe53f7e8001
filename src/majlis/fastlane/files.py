"""``/media/…``: stored pictures, under names that cannot be guessed, as inert as a file can be."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.fastlane import answers
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.media.store import URL_PREFIX, FolderStore, StoredFile

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
        head = scope["method"] == "HEAD"
        work = partial(self._read, address, body=not head)
        try:
            found, body = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except NotThere as error:
            await answers.refuse(send, error)
            return
        # the name stands for the bytes, so it is their tag as well
        tag = f'"{address}"'
        headers = [*_HEADERS, (b"content-type", found.mime.encode()), (b"etag", tag.encode())]
        if tag in answers.header(scope, b"if-none-match"):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        length = (b"content-length", b"%d" % (found.size if head else len(body)))
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": body})

    def _read(self, address: str, *, body: bool) -> tuple[StoredFile, bytes]:
        """The file and what is in it; for HEAD it is not read.

        Raises:
            NotThere: no such file, or it was deleted this moment.
        """
        found = self._store.locate(address=address)
        try:
            return found, found.path.read_bytes() if body else b""
        except FileNotFoundError as error:
            raise NotThere(_("There is no such picture."), code="media_not_there") from error
