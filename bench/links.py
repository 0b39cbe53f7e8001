"""A tracked link: CPU of a redirect that counts, its click written included, beside prebuilt bytes in the same run."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from statistics import median

from bench.house import House, house
from bench.report import Figure

SEED = """
import sys
from majlis.accounts import tokens
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.people import actions as people
from majlis.studio.links import actions
from majlis.studio.links.actions import Utm
page = people.create_profile(user_id=None, handle="bakery", display_name="", kind="business", at=now())
team = team_door(page_id=page, by=page, needs=Permission.TRACK)
utm = Utm(source="majlis", medium="social", campaign="bread")
print(*(actions.make_link(team, target=f"https://shop.example/{n}?a=1#b", utm=utm, at=now()).code for n in range(100)))
"""
MEMBERS = """
import sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.people import actions as people
for n in range(int(sys.argv[1])):
    user = User.objects.create_user(f"m{n}@example.org", "a long walk by the sea", joined_at=now(), confirmed_at=now())
    people.create_profile(user_id=user.id, handle=f"m{n}", display_name="", kind="person", at=now())
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.id), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(settings.SESSION_COOKIE_NAME + "=" + session.session_key)
"""
COUNT = """
from majlis.studio.models import Click
print(Click.objects.count())
"""
KNOWN = """
from majlis.studio.models import Click
print(Click.objects.exclude(viewer=0).values("viewer").distinct().count())
"""
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def measure(*, quick: bool = False) -> list[Figure]:
    """Target: ≤ 200 µs of CPU in the server for a redirect, its share of the group commits included."""
    with house() as where:
        codes = where.run(SEED).split()
        paths = [f"/l/{code}" for code in codes]
        requests = 2_000 if quick else 8_000
        _ask(where, paths, len(paths))
        _ask(where, ["/bench/keep" + paths[0]], 1)
        _settled(where)
        before = int(where.run(COUNT))
        rounds = [_round(where, paths, requests) for _number in range(3 if quick else 5)]
        kept = int(where.run(COUNT)) - before
        members = where.run(MEMBERS, "200" if quick else "1000").split()
        signed_in, _rate = _measured(where, paths, len(members), BROWSER, members)
        assert int(where.run(KNOWN)) == len(members)
        counted, rate, looked, limit_cpu, limit_rate = (median(each) for each in zip(*rounds, strict=True))
        sent = requests * len(rounds)
        beside = f"prebuilt {limit_cpu:.0f} µs"
        rates = f"{rate:.0f} against {limit_rate:.0f} requests/s"
        return [
            Figure("tracked link, counted, click written: CPU a request", counted, "µs", 200, beside=beside),
            Figure("tracked link, each by another member: CPU a request", signed_in, "µs", 200, beside=beside),
            Figure("tracked link, not counted (programs): CPU a request", looked, "µs", 200, beside=beside),
            Figure("tracked link, counted: rate beside prebuilt", rate / limit_rate, "", None, "at least", rates),
            Figure("tracked link: redirects whose click is there", kept / sent, "", 1, "at least", f"{kept} of {sent}"),
        ]  # fmt: skip


def _round(where: House, paths: list[str], requests: int) -> tuple[float, float, float, float, float]:
    counted, rate = _measured(where, paths, requests, BROWSER)
    looked, _rate = _measured(where, paths, requests, "curl/8")
    limit, limit_rate = _measured(where, ["/bench/prebuilt"], requests, BROWSER)
    return counted, rate, looked, limit, limit_rate


def _measured(
    where: House, paths: list[str], requests: int, agent: str, cookies: Sequence[str] = ("",)
) -> tuple[float, float]:
    before, began = where.cpu(), time.perf_counter()
    share = requests // 4
    threads = [
        threading.Thread(target=_ask, args=(where, paths, share, agent, cookies[part::4] or cookies))
        for part in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    _settled(where)
    return (where.cpu() - before) / requests * 1e6, requests / seconds


def _settled(where: House) -> None:
    """Until the server has written what waits: two looks at its CPU that are the same."""
    last = -1.0
    while (used := where.cpu()) != last:
        last = used
        time.sleep(0.3)


def _ask(
    where: House, paths: list[str], requests: int, agent: str = BROWSER, cookies: Sequence[str] = ("",)
) -> None:
    with socket.create_connection(("127.0.0.1", where.port)) as connection:
        connection.settimeout(30)
        for number in range(requests):
            path = paths[number % len(paths)]
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {agent}\r\n"
            if cookie := cookies[number % len(cookies)]:
                head += f"Cookie: {cookie}\r\n"
            connection.sendall(f"{head}\r\n".encode())
            answer = connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 302"), answer
