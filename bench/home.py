"""The home feed: warm and cold, beside the same server sending the same bytes prebuilt."""

from __future__ import annotations

from statistics import median

from bench.house import House, house
from bench.load import get, load
from bench.report import Figure

SEED = """
import sys
from majlis.accounts import tokens
from majlis.core.clock import now
from majlis.people import actions as people, queries
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
count = int(sys.argv[1])
def made(handle):
    return people.create_profile(user_id=None, handle=handle, display_name=handle.title(), kind="person", at=now())
reader = made("reader")
authors = [made(f"author_{number}") for number in range(count)]
people.follow_in_bulk(pairs=[(reader, author) for author in authors], at=now())
for number in range(3):
    for author in authors:
        text = f"Bread number {number}: a usual post with #bread, a few words and https://example.org/bread"
        posts.publish(by=author, params=PostParams(text=text), at=now())
print(tokens.issue_token(user_id=None, profile_id=reader, application="bench", scopes="read write", at=now()))
"""


def measure(*, quick: bool = False) -> list[Figure]:
    """Targets: warm ≤ 200 µs of CPU and at least half the rate of prebuilt bytes; cold ≤ 1 ms."""
    with house() as where:
        token = where.run(SEED, "100" if quick else "300")
        size = len(get(where, "/bench/keep", token=token))
        rounds = [_round(where, token, 2_000 if quick else 6_000) for _number in range(3 if quick else 5)]
        warm, rate, limit_cpu, limit_rate, stirred = (median(values) for values in zip(*rounds, strict=True))
        return [
            Figure("home of 20, warm: CPU a request", warm, "µs", 200, beside=f"prebuilt {limit_cpu:.0f} µs, {size} bytes"),
            Figure(
                "home of 20, warm, something changed elsewhere since: CPU a request", stirred, "µs", 200,
                beside="posts, people and rings of the page are looked at again",
            ),
            Figure(
                "home of 20, warm: rate beside prebuilt", rate / limit_rate, "", 0.5, "at least",
                f"{rate:.0f} against {limit_rate:.0f} requests/s",
            ),
        ]  # fmt: skip


def _round(where: House, token: str, requests: int) -> tuple[float, float, float, float, float]:
    warm = load(where, "/api/v1/timelines/home", token=token, requests=requests)
    limit = load(where, "/bench/prebuilt", token=token, requests=requests)
    stirred = load(where, "/bench/stirred", token=token, requests=requests)
    return warm.cpu, warm.rate, limit.cpu, limit.rate, stirred.cpu
