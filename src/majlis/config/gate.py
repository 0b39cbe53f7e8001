"""In front of Django's threads: a request enters when all of it is here, and no thread waits for a slow reader.

There are a few threads (``MAJLIS_WEB_THREADS``) and any number of connections. A body that trickles in, or
an answer that is fetched a byte at a time, would hold one as long as it likes; six of them would close the
house. So bodies are gathered here in the event loop, in time and up to a limit, and files are sent from here.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, cast

from a2wsgi.wsgi import build_environ
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from majlis.accounts import bearers
from majlis.core.clock import now
from majlis.core.errors import NotNow, NotThere, Refused, TooLarge
from majlis.fastlane import answers, identity
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.media.actions import most_bytes
from majlis.networks.actions import MOST_BYTES as LARGEST_ARCHIVE
from majlis.posts.composing import MOST_PHOTOS
from majlis.web.middleware import RefusalMiddleware

MEGABYTE: Final = 1024 * 1024
ORDINARY: Final = 2 * MEGABYTE
"""Bytes that anybody may send. More is taken from members only."""
PATIENCE: Final = 30.0
"""Seconds a body has to arrive, and a piece of a file to be fetched."""
SLOWEST: Final = 16 * 1024
"""Bytes a second: what has arrived of a body buys it this much more time."""
_IN_MEMORY: Final = 256 * 1024
_PIECE: Final = 256 * 1024
_REFUSAL: Final = "majlis.refusal"
_FILE: Final = "majlis.file"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class TooSlow(Refused):
    """The request did not arrive in time."""

    status = 408
    default_code = "too_slow"


class _Gone(Exception):
    """The client left before its request was whole: nothing of it is done."""


class Gate:
    """``wsgi`` behind the gate, in ``workers`` threads. Large bodies wait on disk in ``folder``, unnamed.
    ``identify`` runs what looks a member up."""

    def __init__(self, wsgi: Wsgi, *, workers: int, identify: Executor, folder: Path) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="pages")
        self._identify = identify
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(self._folder)
        try:
            if _announces_body(scope):
                await self._gather(body, scope, receive)
        except Refused as refusal:
            scope[_REFUSAL] = refusal
            body.clear()
        except _Gone:  # or it sent what is no chunk: then it still hears this
            body.close()
            await answers.answer(send, 400, b"", [])
            return
        scope["headers"] = _headers(scope, body.length)
        environ = build_environ(cast("Any", scope), cast("Any", body.opened()))
        work = partial(contextvars.copy_context().run, self._run, cast("dict[str, Any]", environ))
        try:
            said = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            body.close()
        await send({"type": "http.response.start", "status": said.status, "headers": said.headers})
        if said.file is not None and not await _sent(said.file, scope, receive, send):
            return  # the connection ends before its length: nobody takes a part for the whole
        await send({"type": "http.response.body", "body": said.body})

    def _run(self, environ: dict[str, Any]) -> _Said:
        """The whole request in one piece of work: a hop between thread and loop for each part of an answer
        costs more than a page's own (docs/decisions/0007)."""
        said = _Said()
        environ["wsgi.file_wrapper"] = _HandedFile
        answer = self._wsgi(environ, said.start_response)
        if isinstance(answer, _HandedFile):
            said.file = answer.file
            return said
        try:
            said.body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        return said

    async def _gather(self, body: _Body, scope: Scope, receive: Receive) -> None:
        allowed = await self._allowed(scope, _stated(scope))
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(began + PATIENCE) as patience:
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Gone
                    await body.take(message.get("body", b""))
                    more = message.get("more_body", False)
                    if body.length > allowed:
                        allowed = await self._allowed(scope, body.length)
                    patience.reschedule(began + PATIENCE + body.length / SLOWEST)
        except TimeoutError as error:
            raise TooSlow(
                _("This took too long to arrive. Please try again."), cause=f"{body.length} bytes"
            ) from error

    async def _allowed(self, scope: Scope, length: int) -> int:
        """How many bytes this request may bring, when it brings ``length`` at least.

        Raises:
            TooLarge: fewer than that.
            NotSignedIn: a stranger brings more than an ordinary form.
        """
        if length <= ORDINARY:
            return ORDINARY
        largest = _largest(scope["path"])
        if length > largest:
            raise TooLarge(_("The data sent is too large."), cause=f"{length} bytes")
        await asyncio.get_running_loop().run_in_executor(self._identify, _require_member, scope)
        if shutil.disk_usage(self._folder).free < 2 * length:  # it is copied once more on its way
            raise _no_room(f"{length} bytes")
        return largest


def _largest(path: str) -> int:
    if path.startswith("/settings/import"):
        return LARGEST_ARCHIVE + MEGABYTE
    return MOST_PHOTOS * most_bytes() + MEGABYTE  # each endpoint has a limit of its own besides


def _require_member(scope: Scope) -> None:
    token = answers.bearer_token(scope, answers.query(scope))
    if token:
        bearers.require(token, at=now())
    else:
        identity.browser(answers.header(scope, b"cookie"))


def _announces_body(scope: Scope) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _value in scope["headers"])


def _stated(scope: Scope) -> int:
    stated = answers.header(scope, b"content-length")
    return int(stated) if stated.isdecimal() else 0


def _headers(scope: Scope, length: int) -> list[tuple[bytes, bytes]]:
    """The headers, with the length of what really arrived, and without those that WSGI could not tell from
    others: ``X_Forwarded_For`` and ``X-Forwarded-For`` have one name there."""
    replaced = (b"content-length", b"transfer-encoding")
    kept = [(name, value) for name, value in scope["headers"] if b"_" not in name and name not in replaced]
    return [*kept, (b"content-length", b"%d" % length)] if length else kept


class _Body:
    """What has arrived: the first bytes in memory, more in a file that has no name."""

    def __init__(self, folder: Path) -> None:
        self.length = 0
        self._folder = folder
        self._file: tempfile.SpooledTemporaryFile[bytes] | None = None

    async def take(self, chunk: bytes) -> None:
        if not chunk:
            return
        if self._file is None:
            spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(self._folder))  # noqa: SIM115
            self._file = spooled  # closed by close()
        self.length += len(chunk)
        if self.length <= _IN_MEMORY:
            self._file.write(chunk)
            return
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._file.write, chunk)
        except OSError as error:
            raise _no_room(str(error)) from error

    def opened(self) -> IO[bytes]:
        """The body, to be read from its beginning."""
        if self._file is None:
            return io.BytesIO()
        self._file.seek(0)
        return cast("IO[bytes]", self._file)

    def clear(self) -> None:
        """Nothing arrived."""
        self.close()
        self.length = 0
        self._file = None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _no_room(cause: str) -> NotNow:
    return NotNow(_("There is no room left on this server for the file."), code="no_room", cause=cause)


class _HandedFile:
    """A file that the application leaves to the server to send (``wsgi.file_wrapper``, PEP 3333)."""

    def __init__(self, file: IO[bytes], _block_size: int = 0) -> None:
        self.file = file


@dataclass(slots=True)
class _Said:
    """What the application answered: the body, or a file to send instead."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    file: IO[bytes] | None = None

    def start_response(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _sent(file: IO[bytes], scope: Scope, receive: Receive, send: Send) -> bool:
    """Send a file piece by piece. Whether all of it was fetched."""
    loop = asyncio.get_running_loop()
    gone = loop.create_task(_disconnected(receive))
    try:
        while scope["method"] != "HEAD" and (chunk := await loop.run_in_executor(None, file.read, _PIECE)):
            if gone.done():
                return False
            async with asyncio.timeout(PATIENCE):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except TimeoutError:
        return False
    finally:
        gone.cancel()
        await loop.run_in_executor(None, file.close)
    return True


async def _disconnected(receive: Receive) -> None:
    with suppress(Exception):
        while (await receive())["type"] != "http.disconnect":
            pass


class GateRefusals(RefusalMiddleware):
    """Says in the reader's language what the gate refused. Stands before the check of forms, whose token
    lay in the body that was not taken. No address has a zero byte in it, which PostgreSQL takes in no text."""

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        refusal = request.META.get("asgi.scope", {}).get(_REFUSAL)
        if refusal is None and "\0" in request.path:
            refusal = NotThere(_("This address does not exist."))
        return self.process_exception(request, refusal) if refusal else None
