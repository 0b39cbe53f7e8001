"""Posting: CPU of a post over the API and of the domain call alone, and where it goes."""

from __future__ import annotations

import json
import socket
from statistics import median

from bench.house import House, house
from bench.load import answer_to, load
from bench.report import Figure

SEED = """
from majlis.accounts import tokens
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.people import actions as people
user = User.objects.create_user("writer@example.org", "a long walk by the sea", joined_at=now(), confirmed_at=now())
writer = people.create_profile(user_id=user.id, handle="writer", display_name="Writer", kind="person", at=now())
print(tokens.issue_token(user_id=user.id, profile_id=writer, application="bench", scopes="read write", at=now()))
"""
DOMAIN = """
import statistics, sys, time
from majlis.core.clock import now
from majlis.people.queries import profile_by_acct
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from django.db import connection
writer = %d
def one(number):
    text = f"Bread number {number}: a usual post with #bread, a few words and https://example.org/bread"
    posts.publish(by=writer, params=PostParams(text=text), at=now(), key=f"domain {number}")
for number in range(30):
    one(-number)
rounds = []
for start in range(0, 300, 100):
    began = time.process_time()
    for number in range(start, start + 100):
        one(number)
    rounds.append((time.process_time() - began) / 100)
print(statistics.median(rounds) * 1e3)
"""


def measure(*, quick: bool = False) -> list[Figure]:
    """Target: ≤ 2 ms of the server's CPU for a post over the API, Django's request around it included."""
    count = 100 if quick else 300
    with house() as where:
        token = where.run(SEED)
        _post(where, token, 30, "warm")
        posts, plain = [], []
        for number in range(3):
            before = where.cpu()
            _post(where, token, count, str(number))
            posts.append((where.cpu() - before) / count * 1e3)
            plain.append(
                load(where, "/api/v1/preferences", token=token, requests=count, connections=1).cpu / 1e3
            )
        writer = where.run("from majlis.people.models import Profile\nprint(Profile.objects.get().id)")
        domain = float(
            where.run(DOMAIN.replace("from majlis.people.queries import profile_by_acct\n", "") % int(writer))
        )
        return [
            Figure(
                "a post over the API: CPU of the server", median(posts), "ms", 2,
                beside=f"Django answering /api/v1/preferences: {median(plain):.2f} ms",
            ),
            Figure("a post by the domain call alone: CPU", domain, "ms", beside="in a process without an edge"),
        ]  # fmt: skip


def _post(where: House, token: str, count: int, name: str) -> None:
    with socket.create_connection(("127.0.0.1", where.port)) as connection:
        for number in range(count):
            post(
                connection,
                token,
                f"Bread {name} {number}: a usual post with #bread and https://example.org/bread",
            )


def post(connection: socket.socket, token: str, text: str) -> str:
    """Publish over a kept connection; the post's id."""
    body = json.dumps({"status": text}).encode()
    head = (
        "POST /api/v1/statuses HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nIdempotency-Key: {hash(text)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return str(json.loads(answer_to(connection, head.encode() + body))["id"])
