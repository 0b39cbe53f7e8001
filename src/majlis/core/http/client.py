"""The client: requests to outside within limits of size, time and hops.

Invariants: each hop of a redirect is checked as the first was; credentials go to the origin they were
given for and no further; the environment (proxies, .netrc, certificate variables) is not read; no
cookie is kept; a request ends within its total time whatever the other side does.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

import httpcore2
import httpx2

from majlis.core.http.addresses import Network
from majlis.core.http.errors import Code, FetchFailed
from majlis.core.http.resolver import Resolver, resolve
from majlis.core.http.transport import (
    AddressRefused,
    OutOfTime,
    PinnedBackend,
    PinnedTransport,
    TooManyBytes,
    UnknownHost,
    deadline,
)
from majlis.core.http.urls import checked_url, same_origin

# (method, address) -> headers that sign exactly this request; asked again for every hop
Signer = Callable[[str, str], Mapping[str, str]]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN: Final = frozenset({408, 421, 423, 425, 429})
_CREDENTIAL_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
# What compression may add: headers of gzip and of blocks that hold nothing.
_SLACK: Final = 64 * 1024


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
        self._limits = limits or Limits()
        self._ports = frozenset(ports)
        self._headers = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        tls = tls or httpx2.create_ssl_context(trust_env=False)
        self._transport = PinnedTransport(PinnedBackend(resolver, tuple(allowed)), tls)

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
        call = _Call("GET", dict(headers or {}), sign, limits or self._limits, cut=cut, into=into)
        return self._fetch(url, call)

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
        call = _Call(method.upper(), dict(headers or {}), sign, limits or self._limits, content=content)
        return self._fetch(url, call)

    def close(self) -> None:
        """Close the connections kept open."""
        self._transport.close()

    def _fetch(self, url: str, call: _Call) -> Answer:
        here = checked_url(url, ports=self._ports)
        with _within(call.limits.total):
            for _hop in range(call.limits.redirects + 1):
                request = self._request(here, call)
                with _translated(here), closing(self._transport.handle_request(request)) as answer:
                    answer.request = request
                    target = _target(answer)
                    if target is None:
                        return _read(answer, call)
                there = checked_url(target, ports=self._ports, base=here)
                call = replace(call, headers=_headers_for(there, here, call.headers))
                here = there
        raise FetchFailed("redirects", url=url, cause=f"more than {call.limits.redirects} redirects")

    def _request(self, url: httpx2.URL, call: _Call) -> httpx2.Request:
        signed = call.sign(call.method, str(url)) if call.sign else {}
        headers = {**self._headers, **call.headers, **signed}
        try:
            request = httpx2.Request(call.method, url, headers=headers, content=call.content)
        except (UnicodeEncodeError, TypeError) as error:
            raise FetchFailed("bad_url", url=str(url), cause=f"a header cannot be sent: {error}") from None
        request.headers["Host"] = url.netloc.decode("ascii")
        limits = call.limits
        times = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
        request.extensions = {"timeout": times, "most_bytes": limits.largest + _SLACK}
        return request


@dataclass(frozen=True, slots=True)
class _Call:
    """What a caller asked for, apart from where; the headers shrink on the way through redirects."""

    method: str
    headers: dict[str, str]
    sign: Signer | None
    limits: Limits
    content: bytes | None = None
    cut: bool = False
    into: BinaryIO | None = None


def _target(answer: httpx2.Response) -> str | None:
    """Where a redirect leads that is to be followed."""
    if answer.request.method != "GET" or answer.status_code not in _REDIRECTS:
        return None
    return answer.headers.get("location") or None


def _headers_for(there: httpx2.URL, here: httpx2.URL, headers: dict[str, str]) -> dict[str, str]:
    """The headers for the next hop: credentials stay behind when scheme, host or port change."""
    carried = {name for name in headers if name.lower() in _CREDENTIAL_HEADERS}
    if carried and here.scheme == "https" and there.scheme == "http":
        raise FetchFailed("redirects", url=str(there), cause="from https to http with credentials")
    if same_origin(here, there):
        return headers
    return {name: value for name, value in headers.items() if name not in carried}


def _read(answer: httpx2.Response, call: _Call) -> Answer:
    """The answer with its body, decompressed piece by piece within the limit."""
    url = str(answer.request.url)
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchFailed("encoding", url=url, cause=f"compressed as {encoding[:50]}")
    kept: list[bytes] = []
    room = call.limits.largest
    for piece in answer.iter_bytes():
        if time.monotonic() > deadline.get():
            raise FetchFailed("timeout", url=url, cause="decompression took too long")
        _keep(piece[:room], kept, call.into)
        if len(piece) > room:
            if not call.cut:
                raise FetchFailed("too_large", url=url, cause=f"more than {call.limits.largest} bytes")
            return Answer(answer.status_code, url, answer.headers, b"".join(kept), cut=True)
        room -= len(piece)
    return Answer(answer.status_code, url, answer.headers, b"".join(kept))


def _keep(piece: bytes, kept: list[bytes], into: BinaryIO | None) -> None:
    if into is None:
        kept.append(piece)
    else:
        into.write(piece)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    token = deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        deadline.reset(token)


@contextmanager
def _translated(url: httpx2.URL) -> Iterator[None]:
    """Errors of the libraries below as FetchFailed."""
    try:
        yield
    except AddressRefused as error:
        raise FetchFailed("address_refused", url=str(url), cause=str(error)) from error
    except UnknownHost as error:
        raise FetchFailed("unknown_host", url=str(url), cause=str(error)) from error
    except TooManyBytes as error:
        raise FetchFailed("too_large", url=str(url), cause=str(error)) from error
    except (OutOfTime, httpcore2.TimeoutException, TimeoutError) as error:
        raise FetchFailed("timeout", url=str(url), cause=str(error) or type(error).__name__) from error
    except httpcore2.ConnectError as error:
        untrusted = any(isinstance(below, ssl.SSLCertVerificationError) for below in error.args)
        code: Code = "bad_certificate" if untrusted else "no_connection"
        raise FetchFailed(code, url=str(url), cause=str(error)) from error
    except httpx2.DecodingError as error:
        raise FetchFailed("encoding", url=str(url), cause=str(error)) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
        raise FetchFailed("protocol", url=str(url), cause=str(error)) from error
    except httpx2.RemoteProtocolError as error:
        raise FetchFailed("protocol", url=str(url), cause=str(error)) from error
