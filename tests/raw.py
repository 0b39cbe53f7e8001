"""Requests as bytes: what no client library would send."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """What came back: the status (0 when nothing did), the head in lower case, and the rest."""

    status: int
    head: str
    body: bytes


def say(port: int, data: bytes, *, timeout: float = 20.0) -> Heard:
    """Send bytes and read until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        with suppress(ConnectionError):  # refused before all of it was sent: the answer is there all the same
            connection.sendall(data)
        return hear(connection)


def hear(connection: socket.socket) -> Heard:
    """Everything until the server closes the connection."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionError:
        pass
    head, _, body = said.partition(b"\r\n\r\n")
    status = int(head[9:12]) if head.startswith(b"HTTP/1.") else 0
    return Heard(status, head.decode("latin-1").lower(), body)


def request(
    path: str = "/about", *headers: str, method: str = "GET", host: str = "127.0.0.1", body: bytes = b""
) -> bytes:
    """A request after which the server closes the connection."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
