"""The storm: everything is killed again and again while people post; nothing that was answered is lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field

import psycopg
import pytest

import houses
from houses import House, until
from town import Person, Town

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("MAJLIS_TESTS_STORM_SECONDS", "40"))
CLIENTS = 4


@dataclass
class Client:
    """Posts, and tries again with the same key until it has an answer."""

    person: Person
    mention: str
    over: threading.Event
    acknowledged: dict[str, str] = field(default_factory=dict)
    attempts: int = 0
    refused: dict[int, int] = field(default_factory=dict)

    def run(self) -> None:
        number = 0
        while not self.over.is_set():
            number += 1
            self._insist(f"{self.person.handle} {number}")

    def _insist(self, text: str) -> None:
        while True:
            self.attempts += 1
            try:
                answer = self.person.ask(
                    "/api/v1/statuses",
                    method="POST",
                    send={"status": f"{text} @{self.mention}"},
                    headers={"Idempotency-Key": text},
                    timeout=10,
                )
            except (OSError, houses.http.client.HTTPException):
                time.sleep(0.05)
                continue
            if answer.status == 200:
                self.acknowledged[text] = answer.json()["id"]
                return
            self.refused[answer.status] = self.refused.get(answer.status, 0) + 1
            assert answer.status == 503, answer
            time.sleep(0.05)


def _storm(house: House, over: float) -> dict[str, int]:
    """Kill at random until the time is over; how many of each kind."""
    chance = random.Random(7)
    killed = {"server": 0, "worker": 0, "database": 0}
    while time.monotonic() < over:
        kind = chance.choice(["server", "server", "worker", "worker", "database"])
        found = {
            "server": house.server_processes,
            "worker": house.job_processes,
            "database": lambda: [pid for pid in [house.database_process()] if pid],
        }[kind]()
        if found:
            try:
                os.kill(chance.choice(found), signal.SIGKILL)
                killed[kind] += 1
            except ProcessLookupError:
                continue
        if kind == "database":
            until(lambda before=frozenset(found): house.database_process() not in {0, *before}, 60)
        time.sleep(chance.uniform(0.2, 3.0))
    return killed


def test_every_acknowledged_post_exists_once_after_the_storm() -> None:
    with houses.house(workers=2) as house:
        town = Town(house)
        reader = town.person("bob")
        over = threading.Event()
        clients = [Client(town.person("writer"), reader.handle, over) for _ in range(CLIENTS)]
        reader.follow(*(client.person for client in clients))
        threads = [threading.Thread(target=client.run) for client in clients]
        for thread in threads:
            thread.start()
        killed = _storm(house, time.monotonic() + SECONDS)
        over.set()
        for thread in threads:
            thread.join(90)
            assert not thread.is_alive(), house.log[-3000:]
        until(house.answers, 60)
        posts = sum(len(client.acknowledged) for client in clients)
        attempts = sum(client.attempts for client in clients)
        refused = [client.refused for client in clients]
        print(f"killed {killed}; {posts} posts in {attempts} attempts; refused {refused}")
        assert posts > CLIENTS
        assert min(killed.values()) > 0
        _each_is_there_once(house, clients)
        _all_are_told(house, reader, posts)
        _home_shows_them(house, reader, clients)


def _each_is_there_once(house: House, clients: list[Client]) -> None:
    """No post without an answer is left either: each client insisted until it had one."""
    with psycopg.connect(house.database_url()) as connection:
        for client in clients:
            rows = connection.execute(
                "SELECT p.id FROM posts_post p WHERE p.author_id = %s", (client.person.id,)
            ).fetchall()
            assert sorted(str(row[0]) for row in rows) == sorted(client.acknowledged.values())
            assert len(set(client.acknowledged.values())) == len(client.acknowledged)
    for client in clients:
        found = client.person.ask(f"/api/v1/accounts/{client.person.id}").json()
        assert found["statuses_count"] == len(client.acknowledged)


def _all_are_told(house: House, reader: Person, posts: int) -> None:
    """The jobs ran, each to one effect: a mention is told once."""
    query = """
        SELECT count(*), count(DISTINCT n.post_id) FROM notifications_notification n
        WHERE n.recipient_id = %s AND n.kind = 'mention'
    """
    with psycopg.connect(house.database_url(), autocommit=True) as connection:
        until(lambda: connection.execute(query, (reader.id,)).fetchone() == (posts, posts), 90, every=0.5,
              why=f"told: {connection.execute(query, (reader.id,)).fetchone()} of {posts}")  # fmt: skip


def _home_shows_them(house: House, reader: Person, clients: list[Client]) -> None:
    wanted = sorted(
        (id_ for client in clients for id_ in client.acknowledged.values()), key=int, reverse=True
    )
    for _time in range(40):  # every process
        assert [post["id"] for post in reader.home("?limit=40")] == wanted[:40]
    seen: list[str] = []
    while page := reader.home(f"?limit=40&max_id={seen[-1]}" if seen else "?limit=40"):
        seen += [post["id"] for post in page]
    assert seen == wanted
