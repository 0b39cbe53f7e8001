"""Two thousand open streams on one process, and one that does not read."""

from __future__ import annotations

import re
import resource
import selectors
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import houses
from houses import House
from streaming import Events
from town import Person, Town

pytestmark = pytest.mark.slow

STREAMS = 2_000


@pytest.fixture
def roomy_house() -> Iterator[House]:
    """A house whose processes, and this one, may open enough files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 3 * STREAMS:
        pytest.skip(f"NOT RUN: a process may open only {hard} files here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (3 * STREAMS, hard))
    with houses.house() as made:
        yield made
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _memory(pid: int) -> int:
    """Bytes that this process alone holds (USS)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return 1024 * sum(int(size) for size in re.findall(r"Private_\w+:\s+(\d+) kB", text))


def _opened(house: House, person: Person, count: int) -> list[socket.socket]:
    request = (
        "GET /api/v1/streaming/user HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {person.token}\r\n\r\n"
    ).encode()
    lines = []
    for start in range(0, count, 100):
        fresh = [socket.create_connection(("127.0.0.1", house.port), timeout=30) for _ in range(100)]
        for line in fresh:
            line.sendall(request)
        for line in fresh:
            data = b""
            while b":)" not in data:
                data += line.recv(4096)
            assert data.startswith(b"HTTP/1.1 200"), (start, data)
        lines += fresh
    return lines


def _seconds_until_all_hear(lines: list[socket.socket], words: bytes, began: float) -> float:
    heard: dict[socket.socket, bytes] = {}
    waiting = selectors.DefaultSelector()
    for line in lines:
        line.setblocking(False)
        waiting.register(line, selectors.EVENT_READ)
    left = set(lines)
    while left:
        assert time.monotonic() - began < 30, f"{len(left)} streams heard nothing"
        for key, _events in waiting.select(1):
            line = key.fileobj
            assert isinstance(line, socket.socket)
            data = line.recv(65536)
            assert data, "a stream was ended"
            heard[line] = heard.get(line, b"") + data
            if words in heard[line]:
                left.discard(line)
    waiting.close()
    return time.monotonic() - began


def test_two_thousand_streams_stay_and_hear(roomy_house: House) -> None:
    house, town = roomy_house, Town(roomy_house)
    alice, bob, _charlie = town.friends()
    readers = [bob, *(town.person("reader") for _ in range(19))]
    for reader in readers[1:]:
        reader.follow(alice)
    warm = _opened(house, bob, 100)
    server = house.server_processes()[0]
    before = _memory(server)
    lines = [line for reader in readers for line in _opened(house, reader, STREAMS // len(readers))]
    each = (_memory(server) - before) / len(lines)
    time.sleep(16)  # a heartbeat goes by
    began = time.monotonic()
    posted = alice.post("bread is ready")["id"]
    took = _seconds_until_all_hear(lines, f'"id":"{posted}"'.encode(), began)
    print(f"{len(lines)} streams: {each / 1024:.1f} kB each, all heard after {took:.2f} s")
    # the process answers others meanwhile and afterwards
    assert bob.ask("/api/v1/timelines/home").status == 200
    assert each < 64 * 1024
    assert took < 10
    for line in (*lines, *warm):
        line.close()


_CHANGES = """
from majlis.core import changes
for _number in range(given[2]):
    with transaction.atomic():
        changes.append("post.changed", given[0], at=now(), author=given[1], tags_before=[])
"""


def test_a_reader_that_does_not_read_is_closed_and_not_buffered_without_end(roomy_house: House) -> None:
    alice, bob, _charlie = Town(roomy_house).friends()
    posted = alice.post("bread and olives " * 1_200, majlis={"title": "An article"})
    server = roomy_house.server_processes()[0]
    size = len(bob.ask("/api/v1/timelines/home").body)
    with (
        Events(roomy_house.port, "/api/v1/streaming/user", token=bob.token, buffer=4096) as slow,
        bob.hears() as quick,
    ):
        before = _memory(server)
        for _round in range(40):
            roomy_house.hand(_CHANGES, [int(posted["id"]), alice.id, 100])
            for _number in range(100):
                event = quick.next(20)
                assert event is not None
        grown = _memory(server) - before
        told = 0
        while (event := slow.next(10)) is not None:
            told += 1
        print(
            f"{size} bytes an event: the server grew by {grown / 1e6:.1f} MB, the slow one got {told} of 4000"
        )
        assert told < 4_000
        assert grown < 0.5 * 4_000 * size
