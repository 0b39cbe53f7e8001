"""Connections pinned to addresses that were checked.

Invariant: a name is looked up once for a connection, and the socket is opened to the very address
that passed the table. Nothing between the check and the connection asks again, so an answer that
changes (DNS rebinding) changes nothing. TLS still proves the name, since only the number is replaced.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Final

import httpcore2
import httpx2

from majlis.core.http.addresses import Network, refusal
from majlis.core.http.resolver import Resolver

# When the request under way must be over, by time.monotonic(). Reads and writes of its connection,
# which may have served others before, look here.
deadline: Final[ContextVar[float]] = ContextVar("deadline")

_SocketOption = httpcore2.SOCKET_OPTION


class AddressRefused(httpcore2.ConnectError):
    """Every address of the host is private or special."""


class UnknownHost(httpcore2.ConnectError):
    """The host has no address."""


class OutOfTime(httpcore2.ReadTimeout):
    """The whole request took longer than it may."""


class TooManyBytes(httpcore2.ReadError):
    """More came over the wire than is read."""


def _left(timeout: float | None) -> float:
    """Seconds this step may take: its own limit, or what is left of the whole."""
    left = deadline.get(float("inf")) - time.monotonic()
    if left <= 0:
        raise OutOfTime("the whole request took too long")
    return min(left, 60 if timeout is None else timeout)


class PinnedBackend(httpcore2.NetworkBackend):
    """Opens sockets to checked addresses only."""

    def __init__(self, resolve: Resolver, allowed: Collection[Network]) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first checked address that answers."""
        failure: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for address in self._checked(host, port, _left(timeout)):
            try:
                stream = self._sockets.connect_tcp(address, port, _left(timeout), None, socket_options)
                return _TimedStream(stream)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or UnknownHost(f"{host} has no address")

    def _checked(self, host: str, port: int, timeout: float) -> Sequence[str]:
        addresses = self._resolve(host, port, timeout)
        if not addresses:
            raise UnknownHost(f"{host} has no address")
        why = {address: refusal(address, allowed=self._allowed) for address in addresses}
        if good := [address for address in addresses if why[address] is None]:
            return good
        raise AddressRefused(f"{host} is {', '.join(f'{address} ({why[address]})' for address in why)}")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[_SocketOption] | None = None
    ) -> httpcore2.NetworkStream:
        """Never."""
        raise AddressRefused("no unix sockets")


class _TimedStream(httpcore2.NetworkStream):
    """A connection whose every step ends when the request's time is over, so that dripping is of no use."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class PinnedTransport(httpx2.BaseTransport):
    """httpx2's transport over a pool of pinned connections. Keeps no cookies, reads no environment."""

    def __init__(self, backend: PinnedBackend, tls: ssl.SSLContext, *, connections: int = 50) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls,
            max_connections=connections,
            max_keepalive_connections=connections // 2,
            keepalive_expiry=15,
            http2=False,
            retries=0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; the body of the answer is read later, within its caps."""
        url = request.url
        sent = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.content,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(sent)
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_CountedStream(answer, request.extensions["most_bytes"]),
            extensions={"http_version": b"HTTP/1.1"},
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _CountedStream(httpx2.SyncByteStream):
    """The bytes of a body as they come, before decompression, up to a number."""

    def __init__(self, answer: httpcore2.Response, most: int) -> None:
        self._answer = answer
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        for chunk in self._answer.iter_stream():
            seen += len(chunk)
            if seen > self._most:
                raise TooManyBytes("the body is too large before decompression")
            yield chunk

    def close(self) -> None:
        self._answer.close()
