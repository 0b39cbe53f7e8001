"""A small load: keep-alive connections from one thread each, bounded in number. Loopback only."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass

from bench.house import House


@dataclass(frozen=True, slots=True)
class Load:
    """What a load gave: requests a second, and CPU of the server per request in microseconds."""

    rate: float
    cpu: float


def load(house: House, path: str, *, token: str = "", requests: int, connections: int = 4) -> Load:
    """Send ``requests`` GETs and measure."""
    share = requests // connections
    threads = [
        threading.Thread(target=_send, args=(house.port, path, token, share)) for _ in range(connections)
    ]
    before, began = house.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return Load(rate=share * connections / seconds, cpu=(house.cpu() - before) / (share * connections) * 1e6)


def get(house: House, path: str, *, token: str = "") -> bytes:
    """One answer's body."""
    with socket.create_connection(("127.0.0.1", house.port)) as connection:
        return answer_to(connection, request(path, token))


def request(path: str, token: str) -> bytes:
    """A GET, as it goes over the wire."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
    return (head + (f"Authorization: Bearer {token}\r\n" if token else "") + "\r\n").encode()


def _send(port: int, path: str, token: str, requests: int) -> None:
    asked = request(path, token)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _number in range(requests):
            answer_to(connection, asked)


def answer_to(connection: socket.socket, request: bytes) -> bytes:
    """The body of the answer to a whole request, sent on a kept connection. It has to be 200."""
    connection.settimeout(30)
    connection.sendall(request)
    data = connection.recv(65536)
    while (end := data.find(b"\r\n\r\n")) < 0:
        more = connection.recv(65536)
        if not more:
            raise ConnectionResetError(f"the server hung up after {data[:80]!r}")
        data += more
    head = data[:end].lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head.decode(errors="replace"))
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    body = bytearray(data[end + 4 :])
    while len(body) < length:
        body += connection.recv(262144)
    return bytes(body)
