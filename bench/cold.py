"""The home feed cold: of a reader who comes back after a while, and with nothing but the rings remembered."""

from __future__ import annotations

import socket
from statistics import median

from bench.home import SEED
from bench.house import House, house
from bench.load import answer_to, request
from bench.report import Figure


def measure(*, quick: bool = False) -> list[Figure]:
    """Target: ≤ 1 ms of the server's CPU. The request that forgets is measured alone and taken off."""
    count = 100 if quick else 400
    with house() as where:
        token = where.run(SEED, "100" if quick else "300")
        home = request("/api/v1/timelines/home", token)
        reader = _after(where, request("/bench/forget-readers", ""), home, count)
        everything = _after(where, request("/bench/forget", ""), home, count)
        return [
            Figure(
                "home of 20, cold (a reader who comes back): CPU a request", reader[0], "ms", 1,
                beside=f"token, whom she follows, her filters and marks are read; forgetting {reader[1]:.2f} ms",
            ),
            Figure(
                "home of 20, all but the rings forgotten: CPU a request", everything[0], "ms", 1,
                beside=f"posts and people read too, 20 statuses encoded; forgetting {everything[1]:.2f} ms",
            ),
        ]  # fmt: skip


def _after(where: House, forget: bytes, home: bytes, count: int) -> tuple[float, float]:
    """Milliseconds of CPU of home after forgetting, and of forgetting."""
    _send(where, [forget, home], 20)
    rounds, alone = [], 0.0
    for _number in range(3):
        both, alone = _send(where, [forget, home], count), _send(where, [forget], count)
        rounds.append((both - alone) * 1e3)
    return median(rounds), alone * 1e3


def _send(where: House, requests: list[bytes], count: int) -> float:
    """Seconds of CPU per round."""
    before = where.cpu()
    with socket.create_connection(("127.0.0.1", where.port)) as connection:
        for _number in range(count):
            for each in requests:
                answer_to(connection, each)
    return (where.cpu() - before) / count
