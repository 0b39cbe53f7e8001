"""The product's application, and beside it ``/bench/prebuilt``: the bytes of the answer that was kept, as they are.

This is the limit: the same server, the same bytes, no thought. ``/bench/keep`` keeps home's answer, ``/bench/keep/…``
that of another path. ``/bench/forget`` empties all that is remembered,
``/bench/forget-readers`` what is known of those who read. ``/bench/stirred`` is home after something changed,
``/bench/told`` and ``/bench/untold`` are home that notes what it served, and home that does not.
"""

from __future__ import annotations

from typing import Any

from majlis.config.server import Server  # sets Django up: it comes first

# isort: split
from majlis.accounts import bearers
from majlis.fastlane import home
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.feeds.memory import MEMORY

product = Server()
_tell_served = home._tell_served
_kept: dict[str, Any] = {"start": {"type": "http.response.start", "status": 200, "headers": []}, "body": b""}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """As the product, but for these paths."""
    if scope["type"] != "http":
        await product(scope, receive, send)
    elif scope["path"] == "/bench/prebuilt":
        await send(_kept["start"])
        await send({"type": "http.response.body", "body": _kept["body"]})
    elif scope["path"] in ("/bench/forget", "/bench/forget-readers"):
        if scope["path"] == "/bench/forget":
            MEMORY.forget()
        MEMORY.readers.clear()
        bearers.begin()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
    elif scope["path"] == "/bench/stirred":
        MEMORY.moment += 1
        await product({**scope, "path": "/api/v1/timelines/home"}, receive, send)
    elif scope["path"] in ("/bench/told", "/bench/untold"):
        if scope["path"] == "/bench/untold":
            home._tell_served = _tell_nothing
        await product({**scope, "path": "/api/v1/timelines/home"}, receive, send)
        home._tell_served = _tell_served
    elif scope["path"] == "/bench/keep":
        await product({**scope, "path": "/api/v1/timelines/home"}, receive, _keeping(send))
    elif scope["path"].startswith("/bench/keep/"):
        await product({**scope, "path": scope["path"].removeprefix("/bench/keep")}, receive, _keeping(send))
    else:
        await product(scope, receive, send)


def _tell_nothing(*_given: object) -> None:
    pass


def _keeping(send: Send) -> Send:
    async def keep(message: Any) -> None:
        if message["type"] == "http.response.start":
            _kept["start"] = message
        else:
            _kept["body"] = message["body"]
        await send(message)

    return keep
