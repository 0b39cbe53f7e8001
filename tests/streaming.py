"""Readers of live streams, for tests."""

from __future__ import annotations

import json
import socket
import time
from typing import Any


class Events:
    """Server-sent events, read from a socket. Refused with ``status`` other than 200."""

    def __init__(
        self, port: int, path: str, *, token: str = "", headers: dict[str, str] | None = None, buffer: int = 0
    ) -> None:
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", port))
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._raw = b""
        self._text = b""
        self.ended = False
        head = self._head()
        self.status = int(head.split(" ", 2)[1])
        self.headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        self.comments: list[str] = []
        if self.status == 200:
            self._line(10)  # the greeting: from here on the stream is open

    def __enter__(self) -> Events:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def next(self, timeout: float = 30) -> tuple[str, Any] | None:
        """The next event: its name and its payload. None when the stream was ended."""
        name = ""
        end = time.monotonic() + timeout
        while (line := self._line(end - time.monotonic())) is not None:
            if line.startswith(":"):
                self.comments.append(line)
            elif line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                text = line[6:]
                return name, json.loads(text) if text.startswith("{") else text
        return None

    def next_post(self, timeout: float = 30) -> tuple[str, Any] | None:
        """The next event that is no notification."""
        while (event := self.next(timeout)) is not None and event[0] == "notification":
            pass
        return event

    def names_until(self, marker: str, timeout: float = 30) -> list[str]:
        """The ids of posts in the events up to the one of ``marker``, that one left out.

        Notifications are passed over: of a post that mentions her she is told twice, in two ways.
        """
        ids = []
        while True:
            event = self.next_post(timeout)
            assert event is not None, "the stream was ended"
            if event[0] == "notification":
                continue
            id_ = event[1]["id"] if isinstance(event[1], dict) else event[1]
            if id_ == marker:
                return ids
            ids.append(id_)

    def ends_within(self, seconds: float) -> bool:
        """Whether the server ends the stream in time."""
        try:
            while self.next(seconds) is not None:
                pass
        except TimeoutError:
            return False
        return True

    def _head(self) -> str:
        while b"\r\n\r\n" not in self._raw:
            self._receive(10)
        head, self._raw = self._raw.split(b"\r\n\r\n", 1)
        return head.decode("latin-1")

    def _receive(self, timeout: float) -> None:
        self.socket.settimeout(max(timeout, 0.001))
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            self.ended = True
        self._raw += data

    def _line(self, timeout: float) -> str | None:
        end = time.monotonic() + timeout
        while b"\n" not in self._text:
            if not self._chunk():
                if self.ended:
                    return None
                self._receive(end - time.monotonic())
        line, self._text = self._text.split(b"\n", 1)
        return line.decode() or self._line(end - time.monotonic())

    def _chunk(self) -> bool:
        size, found, rest = self._raw.partition(b"\r\n")
        if not found or len(rest) < int(size, 16) + 2:
            return False
        length = int(size, 16)
        if length == 0:
            self.ended = True
            return False
        self._text += rest[:length]
        self._raw = rest[length + 2 :]
        return True
