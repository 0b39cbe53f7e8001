"""Open streams: Mastodon's over WebSocket and server-sent events, and the browser's ``/live``.

https://docs.joinmastodon.org/methods/streaming/ — a stream closes within a second when its token is revoked,
its session ends, or its profile is withdrawn.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from majlis.accounts import bearers
from majlis.accounts.tokens import Bearer, checksum
from majlis.core import addresses, json
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotAllowed, NotSignedIn, NotThere, Refused
from majlis.fastlane import answers, identity
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.fastlane.streams import CLOSE, Broadcaster, Event, Stream, require_team
from majlis.people import access as people_access
from majlis.people import queries as people
from majlis.posts.composing import tag_key

HEARTBEAT: Final = 15.0  # seconds
MOST_CHANNELS: Final = 20
LONGEST_MESSAGE: Final = 4_096
"""Bytes; what apps send is a hundred. More ends the connection: the server underneath has no limit to set, and
holds up to 64 MiB of a message before it is seen here (docs/security.md)."""
TOO_LONG: Final = 1009  # RFC 6455, section 7.4.1
ROOT: Final = "/api/v1/streaming"

_STREAM_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

# name → (scope that is needed or "", the channel made from the parameters)
Channel = tuple[str, ...]
_CHANNELS: Final[Mapping[str, tuple[str, Callable[[Mapping[str, str]], Channel]]]] = {
    "user": ("read:statuses", lambda given: ("user",)),
    "user:notification": ("read:notifications", lambda given: ("user", "notification")),
    "public": ("read:statuses", lambda given: ("public",)),
    "public:media": ("read:statuses", lambda given: ("public", "media")),
    "public:local": ("read:statuses", lambda given: ("public", "local")),
    "public:local:media": ("read:statuses", lambda given: ("public", "local", "media")),
    "public:remote": ("read:statuses", lambda given: ("public_remote",)),
    "public:remote:media": ("read:statuses", lambda given: ("public_remote", "media")),
    "hashtag": ("read:statuses", lambda given: ("hashtag", tag_key(_needed(given, "tag")))),
    "hashtag:local": ("read:statuses", lambda given: ("hashtag", tag_key(_needed(given, "tag")), "local")),
    "list": ("read:lists", lambda given: ("list", _needed(given, "list"))),
    "direct": ("read:statuses", lambda given: ("direct",)),
}
_OF_A_MEMBER: Final = frozenset({"user", "user:notification", "list", "direct"})


def _needed(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or not value or (name == "list" and not value.isdecimal()):
        raise BadInput(_("Say which hashtag or list is to be streamed."), field=name)
    return value


class Live:
    """Opens streams and writes what comes out of their queues."""

    def __init__(self, broadcaster: Broadcaster, threads: Executor) -> None:
        self._broadcaster = broadcaster
        self._threads = threads

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    # server-sent events ---------------------------------------------------------------------------

    async def browser(self, scope: Scope, receive: Receive, send: Send) -> None:
        """``/live``: ids of new posts for the home feed, and of notifications, for a signed-in browser.

        ``/live?page=<id>``, for the team of a page: event ``studio`` with a word for what changed there.
        """
        loop = asyncio.get_running_loop()
        try:
            _refuse_other_pages(scope)
            page = _page_of(answers.query(scope))
            again = partial(_browser, answers.header(scope, b"cookie"), page)
            who = await self._in_thread(again)
        except Refused as error:
            await answers.refuse(send, error)
            return
        stream = Stream(loop, who.profile_id, session_checksum=who.checksum, browser=True, page=page)
        stream.channels.add(("user",) if page is None else ("studio",))
        await self._serve(stream, receive, send, _STREAM_HEADERS, again)

    async def events(self, scope: Scope, receive: Receive, send: Send) -> None:
        """``/api/v1/streaming/…`` as server-sent events."""
        name = scope["path"].removeprefix(ROOT).strip("/").replace("/", ":")
        if name == "health":
            await answers.answer(send, 200, b"OK", [(b"content-type", b"text/plain")])
            return
        given = answers.query(scope)
        name = name or given.get("stream", "")
        stream = Stream(asyncio.get_running_loop(), None)
        try:
            token = answers.bearer_token(scope, given)
            bearer = await self._in_thread(lambda: _bearer(token))
            stream.token_checksum = checksum(token)
            stream.channels.add(await self._in_thread(lambda: _open(stream, bearer, name, given)))
        except Refused as error:
            await answers.refuse(send, error)
            return
        await self._serve(stream, receive, send, [*_STREAM_HEADERS, *answers.OPEN], partial(_bearer, token))

    def _join(self, stream: Stream, again: Callable[[], object]) -> None:
        """Join, and ask again: what was revoked before the stream could hear of it is noticed here."""
        self._broadcaster.join(stream, at=now())
        try:
            again()
        except Refused:
            stream.put(CLOSE)

    async def _serve(
        self,
        stream: Stream,
        receive: Receive,
        send: Send,
        headers: answers.Headers,
        again: Callable[[], object],
    ) -> None:
        await self._in_thread(partial(self._join, stream, again))
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b":)\n", "more_body": True})
            while not gone.done():
                event = await _next(stream, gone)
                if event is CLOSE:
                    break
                body = b":thump\n" if event is None else _sse(event)
                await send({"type": "http.response.body", "body": body, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            self._broadcaster.leave(stream)

    # WebSocket ------------------------------------------------------------------------------------

    async def socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """``/api/v1/streaming`` as a WebSocket; the token in the address, a header, or as sub-protocol."""
        await receive()
        given = answers.query(scope)
        protocol = answers.header(scope, b"sec-websocket-protocol")
        token = answers.bearer_token(scope, given) or protocol.split(",")[0].strip()
        stream = Stream(asyncio.get_running_loop(), None)
        try:
            if scope["path"].rstrip("/") != ROOT:
                raise NotThere(_("There is no such stream."))
            bearer = await self._in_thread(lambda: _bearer(token))
            if name := given.get("stream", ""):
                stream.channels.add(await self._in_thread(lambda: _open(stream, bearer, name, given)))
        except Refused:
            await send({"type": "websocket.close", "code": 4401})
            return
        except (OperationalError, InterfaceError):
            await send({"type": "websocket.close", "code": 1013})  # RFC 6455's registry: try again later
            return
        stream.viewer, stream.token_checksum = bearer.profile_id, checksum(token)
        # the protocol that was offered has to be repeated, or browsers hang up
        subprotocol = {"subprotocol": protocol.split(",")[0].strip()} if protocol else {}
        # before it is told that it hears: what is posted right then must not be missed
        await self._in_thread(partial(self._join, stream, partial(_bearer, token)))
        try:
            await send({"type": "websocket.accept", **subprotocol})
            await self._converse(stream, bearer, receive, send)
        finally:
            self._broadcaster.leave(stream)

    async def _converse(self, stream: Stream, bearer: Bearer, receive: Receive, send: Send) -> None:
        hearing = asyncio.ensure_future(self._hear(stream, bearer, receive, send))
        try:
            while not hearing.done():
                event = await _next(stream, hearing)
                if event is CLOSE:
                    await _hang_up(hearing, send)
                    break
                if event is not None:
                    await send({"type": "websocket.send", "text": _message(event)})
            else:
                if hearing.exception() is None and hearing.result():
                    await _say_close(send, TOO_LONG)
        finally:
            hearing.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await asyncio.wait_for(hearing, 1)

    async def _hear(self, stream: Stream, bearer: Bearer, receive: Receive, send: Send) -> bool:
        """``{"type": "subscribe", "stream": …}`` and its opposite, until the other side hangs up (False) or says
        too much at a time (True)."""
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return False
            said = message.get("text") or message.get("bytes") or b""
            if len(said) > LONGEST_MESSAGE:
                return True
            text = said if isinstance(said, str) else said.decode("utf-8", "replace")
            if len(text.encode()) > LONGEST_MESSAGE:
                return True
            try:
                await self._in_thread(partial(self._obey, stream, bearer, text))
            except Refused as error:
                reply = {"error": str(error.sentence), "status": error.status}
                await send({"type": "websocket.send", "text": json.encode(reply).decode()})

    def _obey(self, stream: Stream, bearer: Bearer, text: str) -> None:
        asked = json.decode(text.encode(), largest=LONGEST_MESSAGE)
        if not isinstance(asked, dict):
            raise BadInput(_("A stream is asked for with an object."))
        channel = _open(stream, bearer, str(asked.get("stream", "")), asked)
        if asked.get("type") == "unsubscribe":
            stream.channels.discard(channel)
        elif len(stream.channels) >= MOST_CHANNELS:
            raise BadInput(_("These are more streams than one connection takes."))
        else:
            stream.channels.add(channel)


def _bearer(token: str) -> Bearer:
    return bearers.require(token, at=now())


def _open(stream: Stream, bearer: Bearer, name: str, given: Mapping[str, Any]) -> Channel:
    """The channel, when this token may hear it (GHSA-7gwh-mw97-qjgp: each channel asks for its scope).

    Raises:
        NotThere: no such stream, or no such list of hers.
        NotAllowed: the scope is missing, or a member is needed.
    """
    if name not in _CHANNELS:
        raise NotThere(_("There is no such stream."))
    scope, make = _CHANNELS[name]
    if name in _OF_A_MEMBER:
        identity.require_member(bearer, scope)
    elif not bearer.allows(scope):
        raise NotAllowed(_("This action is outside the authorized scopes."), code="outside_scopes")
    channel = make(given)
    if channel[0] == "list":
        if bearer.profile_id is None:
            raise NotSignedIn(_("Please sign in first."))
        people_access.own_list(list_id=int(channel[1]), by=bearer.profile_id)
    if bearer.profile_id is not None:
        own = people.profile(bearer.profile_id)
        if own is None or own.withdrawn:
            raise NotAllowed(_("This profile is not in use."), code="withdrawn")
    stream.viewer = bearer.profile_id
    return channel


def _page_of(given: Mapping[str, str]) -> int | None:
    """The page whose team's screen asks; None for the home feed."""
    if "page" not in given:
        return None
    text = given["page"]
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < 2**63):
        raise NotThere(_("There is no such page."))
    return int(text)


def _browser(cookies: str, page: int | None) -> identity.Browser:
    """Who is signed in, and of a page's screen: whether she is on the team."""
    who = identity.browser(cookies)
    if page is not None:
        require_team(page_id=page, by=who.profile_id)
    return who


def _refuse_other_pages(scope: Scope) -> None:
    """A cookie comes along from everywhere: pages of other origins are told nothing."""
    origin = answers.header(scope, b"origin")
    if origin not in ("", addresses.absolute("").rstrip("/")):
        raise NotAllowed(_("This is not allowed."), code="other_origin")
    if answers.header(scope, b"sec-fetch-site") not in ("", "same-origin", "none"):
        raise NotAllowed(_("This is not allowed."), code="other_origin")


async def _hang_up(hearing: asyncio.Future[bool], send: Send) -> None:
    """Close a WebSocket. While somebody waits in ``receive`` Granian sends no close frame."""
    hearing.cancel()
    await _say_close(send, 1001)


async def _say_close(send: Send, code: int) -> None:
    """Once the frame has left, the other side may take its time to confirm it."""
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(send({"type": "websocket.close", "code": code}), 1)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _next(stream: Stream, end: asyncio.Future[bool] | asyncio.Future[None]) -> Event | None:
    """The next event; None when it is time for a heartbeat, or the other side is gone."""
    waiting = asyncio.ensure_future(stream.queue.get())
    both: set[asyncio.Future[Any]] = {waiting, end}
    await asyncio.wait(both, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    waiting.cancel()
    return None


def _sse(event: Event) -> bytes:
    return f"event: {event.name}\ndata: {event.payload}\n\n".encode()


_NAMES: Final = {
    ("user", "notification"): ["user:notification"],
    ("public", "media"): ["public:media"],
    ("public", "local"): ["public:local"],
    ("public", "local", "media"): ["public:local:media"],
}


def _message(event: Event) -> str:
    channel = event.channel
    stream = _NAMES.get(channel) or list(channel[:2] if channel[0] in ("list", "hashtag") else channel[:1])
    return json.encode({"stream": stream, "event": event.name, "payload": event.payload}).decode()
