"""One request after another until there is an answer: each hop checked, its body read within the limits.

Apart from ``client`` because the libraries below take long to load, and most processes never ask anybody.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import BinaryIO, Final

import httpcore2
import httpx2

from majlis.core.http.addresses import Network
from majlis.core.http.client import Answer, Call
from majlis.core.http.errors import Code, FetchFailed
from majlis.core.http.resolver import Resolver
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

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CREDENTIAL_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
# What compression may add: headers of gzip and of blocks that hold nothing.
_SLACK: Final = 64 * 1024


class Exchange:
    """The connections of a client and what its requests have in common. Safe to share between threads."""

    def __init__(
        self,
        *,
        user_agent: str,
        ports: Collection[int],
        resolver: Resolver,
        allowed: tuple[Network, ...],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._ports = ports
        self._headers = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        tls = tls or httpx2.create_ssl_context(trust_env=False)
        self._transport = PinnedTransport(PinnedBackend(resolver, allowed), tls)

    def close(self) -> None:
        """Close the connections kept open."""
        self._transport.close()

    def fetch(self, url: str, call: Call) -> Answer:
        """Make the request and follow its redirects."""
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

    def _request(self, url: httpx2.URL, call: Call) -> httpx2.Request:
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


def _read(answer: httpx2.Response, call: Call) -> Answer:
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
