"""A post is visible in home feeds 50 ms after its answer, whether 15 or 1,000,000 follow; nobody waits for the large."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from statistics import median

from bench.house import House, house
from bench.load import answer_to, request
from bench.posting import post
from bench.report import Figure

SIZES = (15, 500, 15_000, 1_000_000)
READERS = 3
# a crowd of rows that only follow: what would slow filling is dropped, and the followers' indexes made after
SEED = """
import json, sys
from django.db import connection
from majlis.accounts import tokens
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.people import actions as people
sizes = json.loads(sys.argv[1])
def made(handle):
    user = User.objects.create_user(handle + "@example.org", "a walk by the sea", joined_at=now(), confirmed_at=now())
    id = people.create_profile(user_id=user.id, handle=handle, display_name=handle, kind="person", at=now())
    return id, tokens.issue_token(user_id=user.id, profile_id=id, application="bench", scopes="read write", at=now())
authors = [made(f"author_{size}") for size in sizes]
readers = [made(f"reader_{number}") for number in range(int(sys.argv[2]))]
people.follow_in_bulk(pairs=[(reader, author) for reader, _t in readers for author, _t in authors], at=now())
SLOW = ["people_handle_trigrams", "people_name_trigrams", "people_search"]
LATER = ["people_follow_once", "people_followers", "people_following", "people_listeners"]
other = {"id": "n", "handle": "concat('crowd_', n)", "skeleton": "concat('crowd', n)", "user_id": "NULL"}
with connection.cursor() as cursor:
    cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'people_follow'::regclass AND contype = 'f'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE people_follow DROP CONSTRAINT "{name}"')
    cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [SLOW + LATER])
    indexes = dict(cursor.fetchall())
    for name in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'people_profile'")
    columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(other.get(name, f"p.{name}") for name in columns)
    cursor.execute(
        f"INSERT INTO people_profile ({', '.join(columns)}) "
        f"SELECT {values} FROM people_profile p, generate_series(1, %s) n WHERE p.id = %s",
        [max(sizes), readers[0][0]],
    )
    for size, (author, _token) in zip(sizes, authors):
        cursor.execute(
            "INSERT INTO people_follow (id, show_boosts, notify, made_at, followed_id, follower_id) "
            "SELECT %s::bigint * 10000000 + n, true, false, now(), %s, n FROM generate_series(1, %s) n",
            [size, author, size],
        )
        cursor.execute("UPDATE people_profilecount SET followers = followers + %s WHERE profile_id = %s", [size, author])
    for name in LATER:
        cursor.execute(indexes[name])
    cursor.execute("ANALYZE people_follow")
    cursor.execute("ANALYZE people_profile")
print(json.dumps({"authors": authors, "readers": readers}))
"""


def measure(*, quick: bool = False) -> list[Figure]:
    """Targets: visible everywhere ≤ 50 ms after the answer for every size; a large author slows no small one."""
    sizes = SIZES[:3] if quick else SIZES
    with house(workers=2) as where:
        seeded = json.loads(where.run(SEED, json.dumps(sizes), str(READERS)))
        tokens = [token for _id, token in seeded["readers"]]
        figures, answered = [], []
        for size, (_id, token) in zip(sizes, seeded["authors"], strict=True):
            seen, took = _rounds(where, token, tokens, 10 if quick else 30)
            answered.append(took)
            figures.append(
                Figure(f"author with {size:,} followers: visible in homes after the answer", seen, "ms", 50,
                       beside=f"the answer itself took {took:.1f} ms")
            )  # fmt: skip
        figures.append(
            Figure(
                "posting with the most followers beside posting with 15", answered[-1] / answered[0], "×", 1.5
            )
        )
        return figures


def _rounds(where: House, token: str, readers: list[str], count: int) -> tuple[float, float]:
    """Milliseconds: until the last of all readers could see it, over every connection, in the worst of the
    rounds; and of the answer, in the middle."""
    late, took = [], []
    with socket.create_connection(("127.0.0.1", where.port)) as writing, ExitStack() as open_lines:
        lines = [
            open_lines.enter_context(socket.create_connection(("127.0.0.1", where.port)))
            for _number in range(8)
        ]
        asked = [(line, request("/api/v1/timelines/home", reader)) for line in lines for reader in readers]
        for line, each in asked:
            answer_to(line, each)
        for number in range(count):
            began = time.perf_counter()
            posted = post(writing, token, f"number {number} at {began}")
            answered = time.perf_counter()
            late.append(max(_unseen_until(line, each, posted) for line, each in asked) - answered)
            took.append(answered - began)
    return max(0.0, *late) * 1e3, median(took) * 1e3


def _unseen_until(line: socket.socket, asked: bytes, post_id: str) -> float:
    """The last moment at which this reader asked and did not see the post; 0 when she saw it at once."""
    latest = 0.0
    while True:
        moment = time.perf_counter()
        if f'"id":"{post_id}"'.encode() in answer_to(line, asked):
            return latest
        latest = moment
