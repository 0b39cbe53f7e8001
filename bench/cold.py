"""The home feed cold: everything but the rings is forgotten before each request, and read from the database."""

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
        home, forget = request("/api/v1/timelines/home", token), request("/bench/forget", "")
        _send(where, [forget, home], 20)
        rounds = []
        for _number in range(3):
            both, alone = _send(where, [forget, home], count), _send(where, [forget], count)
            rounds.append((both - alone) * 1e3)
        return [
            Figure(
                "home of 20, cold: CPU a request",
                median(rounds),
                "ms",
                1,
                beside=f"forgetting: {alone * 1e3:.2f} ms",
            )
        ]


def _send(where: House, requests: list[bytes], count: int) -> float:
    """Seconds of CPU per round."""
    before = where.cpu()
    with socket.create_connection(("127.0.0.1", where.port)) as connection:
        for _number in range(count):
            for each in requests:
                answer_to(connection, each)
    return (where.cpu() - before) / count
