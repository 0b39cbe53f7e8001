"""What promotion costs the web's home page: a reader who is shown it beside one who switched it off, in turns."""

from __future__ import annotations

import socket
from statistics import median

from bench.house import House, house
from bench.load import answer_to
from bench.report import Figure

SEED = """
from datetime import timedelta
from decimal import Decimal
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from majlis.accounts.models import User
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
def login(name):
    return User.objects.create_user(f"{name}@example.org", "a walk by the sea", joined_at=now(), confirmed_at=now())
def made(handle, user=None, kind="person"):
    return people.create_profile(user_id=user, handle=handle, display_name=handle, kind=kind, at=now())
authors = [made(f"author_{number}") for number in range(30)]
users = {name: login(name) for name in ("shown", "off")}
readers = {name: made(f"reader_{name}", user.id) for name, user in users.items()}
people.change_preferences(by=readers["off"], changes={"promotions": False}, at=now())
for number in range(10):
    made(f"neighbour_{number}", login(f"neighbour_{number}").id)
people.follow_in_bulk(pairs=[(reader, author) for reader in readers.values() for author in authors], at=now())
for number in range(2):
    for author in authors:
        text = f"Bread number {number}: a usual post with #bread, a few words and https://example.org/bread"
        posts.publish(by=author, params=PostParams(text=text), at=now())
for name, user in users.items():
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["profile_id"] = readers[name]
    store.save()
    print(store.session_key)
"""
PROMOTE = """
import sys
from datetime import timedelta
from decimal import Decimal
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.studio.models import Promotion
from majlis.studio.promotion import account, actions
from majlis.studio.promotion.audience import Audience
user = User.objects.create_user("shop@example.org", "a walk by the sea", joined_at=now(), confirmed_at=now())
shop = people.create_profile(user_id=user.id, handle="shop", kind="business", at=now())
account.top_up(page_id=shop, amount=Decimal(1000), note="", by=user.id, at=now())
team = team_door(page_id=shop, by=shop, needs=Permission.PROMOTE)
for number in range(int(sys.argv[1])):
    post = posts.publish(by=shop, params=PostParams(text=f"Offer {number}: warm bread from six"), at=now()).post_id
    plan = actions.Plan(
        post_id=post, audience=Audience(), budget=Decimal(50), bid=Decimal("0.05") + Decimal(number) / 1000, cap=20,
        starts_at=now(), ends_at=now() + timedelta(days=9))
    made = actions.make(team=team, plan=plan, at=now())
    Promotion.objects.filter(id=made).update(cap=32000)  # a reader here looks more often than anybody would
    if not number:
        first = made
actions.pause(team=team, promotion_id=first, at=now())  # tells the server, which may have read the caps before
"""
RUNNING = 20


def measure(*, quick: bool = False) -> list[Figure]:
    """Target: at most a twentieth more CPU of the server for a page with two promoted posts among twenty."""
    count, rounds = (40, 5) if quick else (150, 9)
    with house() as where:
        sessions = where.run(SEED).split()
        idle = _ratio(where, sessions, count, rounds)
        where.run(PROMOTE, str(RUNNING + 1))
        shown = _ratio(where, sessions, count, rounds)
    return [
        Figure("web home page, nothing promoted: CPU beside switched off", idle[0], "", 1.05, beside=idle[1]),
        Figure(
            f"web home page, 2 promoted of {RUNNING} running: CPU beside switched off", shown[0], "", 1.05,
            beside=shown[1],
        ),
    ]  # fmt: skip


def _ratio(where: House, sessions: list[str], count: int, rounds: int) -> tuple[float, str]:
    """The CPU of the one who is shown it over that of the other, in turns, and both in words."""
    costs: list[list[float]] = [[], []]
    promoted = 0
    with socket.create_connection(("127.0.0.1", where.port)) as line:
        asked = [
            f"GET /home HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: majlis_session={session}\r\n\r\n".encode()
            for session in sessions
        ]
        for _number in range(20):
            promoted = answer_to(line, asked[0]).count(b"/home/promoted/")
            answer_to(line, asked[1])
        for _round in range(rounds):
            for place, request in enumerate(asked):
                before = where.cpu()
                for _each in range(count):
                    answer_to(line, request)
                costs[place].append((where.cpu() - before) / count * 1e3)
    ratio = median(one / other for one, other in zip(*costs, strict=True))
    return ratio, f"{median(costs[0]):.2f} ms with {promoted}, {median(costs[1]):.2f} ms without"
