"""The client: requests to outside within limits of size, time and hops. ``exchange`` makes them.

Invariants: each hop of a redirect is checked as the first was; credentials go to the origin they were
given for and no further; the environment (proxies, .netrc, certificate variables) is not read; no
cookie is kept; a request ends within its total time whatever the other side does.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from majlis.core.http.addresses import Network
from majlis.core.http.errors import FetchFailed
from majlis.core.http.resolver import Resolver, resolve

# (method, address) -> headers that sign exactly this request; asked again for every hop
Signer = Callable[[str, str], Mapping[str, str]]

_TRY_AGAIN: Final = frozenset({408, 421, 423, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes after decompression, times in seconds."""

    largest: int = 1024 * 1024
    total: float = 30.0
    connect: float = 5.0
    read: float = 10.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``url`` is where it came from, after redirects; ids are trusted by its host."""

    status: int
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    cut: bool = False

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        """The media type in lower case without parameters; empty when none was stated."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body in the charset stated, else UTF-8; what cannot be read becomes U+FFFD."""
        stated = self.headers.get("content-type", "").lower().partition("charset=")[2]
        charset = stated.partition(";")[0].strip(" \"'") or "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except (LookupError, ValueError):
            return self.body.decode("utf-8", "replace")

    def require_ok(self) -> Answer:
        """This answer when its status is 2xx, else FetchFailed: permanent for 3xx and 4xx but "try later"."""
        if self.ok:
            return self
        permanent = 300 <= self.status < 500 and self.status not in _TRY_AGAIN
        raise FetchFailed("status", url=self.url, cause=f"answered {self.status}", permanent=permanent)


@dataclass(frozen=True, slots=True)
class Call:
    """What a caller asked for, apart from where; the headers shrink on the way through redirects."""

    method: str
    headers: dict[str, str]
    sign: Signer | None
    limits: Limits
    content: bytes | None = None
    cut: bool = False
    into: BinaryIO | None = None


class Client:
    """Makes every request of the house to outside; safe to share between threads.

    ``resolver`` and ``allowed`` are for tests (loopback is refused unless a test allows it) and for an
    operator with a network of his own; ``ports`` and ``tls`` likewise.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        limits: Limits | None = None,
        ports: Collection[int] = (80, 443),
        resolver: Resolver = resolve,
        allowed: Collection[Network] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        from majlis.core.http.exchange import Exchange  # noqa: PLC0415 - loads httpx2; no start waits for it

        self._limits = limits or Limits()
        self._exchange = Exchange(
            user_agent=user_agent, ports=frozenset(ports), resolver=resolver, allowed=tuple(allowed), tls=tls
        )

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        sign: Signer | None = None,
        limits: Limits | None = None,
        cut: bool = False,
        into: BinaryIO | None = None,
    ) -> Answer:
        """Fetch an address, following redirects; raises FetchFailed, also for an answer too large.

        With ``cut`` a body that is too large is read up to the limit and marked (link previews read
        only the head of a page). With ``into`` the body is written there and ``Answer.body`` is empty.
        An ``Authorization`` or ``Cookie`` header goes only to the origin of ``url``. Statuses are the
        caller's to judge: :meth:`Answer.require_ok`.
        """
        call = Call("GET", dict(headers or {}), sign, limits or self._limits, cut=cut, into=into)
        return self._exchange.fetch(url, call)

    def send(
        self,
        method: str,
        url: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        sign: Signer | None = None,
        limits: Limits | None = None,
    ) -> Answer:
        """Send a POST, PUT, PATCH, DELETE or HEAD. Redirects are not followed, but returned as they are."""
        call = Call(method.upper(), dict(headers or {}), sign, limits or self._limits, content=content)
        return self._exchange.fetch(url, call)

    def close(self) -> None:
        """Close the connections kept open."""
        self._exchange.close()
