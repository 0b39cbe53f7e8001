"""Small things every answer of the lane needs: headers, JSON errors, the query string."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qsl

from majlis.core import json
from majlis.core.errors import Refused, TooMany

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

JSON: Final = (b"content-type", b"application/json; charset=utf-8")
# apps in browsers live on other hosts; the token is what protects, not the origin
OPEN: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"),
]
PRIVATE: Final[Headers] = [
    (b"cache-control", b"private, no-store"),
    (b"vary", b"Authorization"),
    (b"x-content-type-options", b"nosniff"),
]
_OWN: Final = [JSON, *PRIVATE, *OPEN]


def messages(status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> tuple[Message, Message]:
    """The two messages of a whole answer."""
    own = [*headers, (b"content-length", b"%d" % len(body))]
    start = {"type": "http.response.start", "status": status, "headers": own}
    return start, {"type": "http.response.body", "body": body}


def messages_of_json(body: bytes, headers: Headers) -> tuple[Message, Message]:
    """The two messages of JSON that is one member's own."""
    return messages(200, body, [*_OWN, *headers])


async def answer(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Send a whole answer."""
    for message in messages(status, body, headers):
        await send(message)


async def refuse(send: Send, error: Refused, *, retry_after: int = 0) -> None:
    """Send a refusal as the API does. ``retry_after``: seconds; 0: as the refusal itself says, if it does."""
    headers = list(_OWN)
    if seconds := error.retry_after if isinstance(error, TooMany) else retry_after:
        headers.append((b"retry-after", b"%d" % seconds))
    await answer(send, error.status, json.encode({"error": str(error.sentence), "code": error.code}), headers)


def header(scope: Scope, name: bytes) -> str:
    """The first header of this name (lower case), or an empty text."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return ""


def query(scope: Scope) -> dict[str, str]:
    """The query string; of a repeated name the last."""
    raw = scope["query_string"]
    return dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)) if raw else {}


def bearer_token(scope: Scope, parameters: dict[str, str]) -> str:
    """The access token: from the Authorization header, else from the address (streams, as browsers need)."""
    given = header(scope, b"authorization")
    if given[:7].lower() == "bearer ":
        return given[7:].strip()
    return parameters.get("access_token", "")
