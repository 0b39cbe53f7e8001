"""The web's home page: CPU of the whole request, beside the JSON of the same feed."""

from __future__ import annotations

import socket
from statistics import median

from bench.house import house
from bench.load import answer_to, load
from bench.report import Figure

SEED = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from majlis.accounts import tokens
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
def made(handle, user=None):
    return people.create_profile(user_id=user, handle=handle, display_name=handle, kind="person", at=now())
user = User.objects.create_user("reader@example.org", "a walk by the sea", joined_at=now(), confirmed_at=now())
reader = made("reader", user.id)
authors = [made(f"author_{number}") for number in range(30)]
people.follow_in_bulk(pairs=[(reader, author) for author in authors], at=now())
for number in range(2):
    for author in authors:
        text = f"Bread number {number}: a usual post with #bread, a few words and https://example.org/bread"
        posts.publish(by=author, params=PostParams(text=text), at=now())
store = SessionStore()
store[SESSION_KEY] = str(user.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store[HASH_SESSION_KEY] = user.get_session_auth_hash()
store.save()
token = tokens.issue_token(user_id=user.id, profile_id=reader, application="bench", scopes="read", at=now())
print(store.session_key, token)
"""


def measure(*, quick: bool = False) -> list[Figure]:
    """Target: ≤ 15 ms of the server's CPU for the page of a signed-in reader."""
    count = 60 if quick else 200
    with house() as where:
        session, token = where.run(SEED).split()
        asked = f"GET /home HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: majlis_session={session}\r\n\r\n".encode()
        pages, feeds, size = [], [], 0
        with socket.create_connection(("127.0.0.1", where.port)) as line:
            for _number in range(20):
                size = len(answer_to(line, asked))
            for _number in range(3):
                before = where.cpu()
                for _each in range(count):
                    answer_to(line, asked)
                pages.append((where.cpu() - before) / count * 1e3)
                feeds.append(load(where, "/api/v1/timelines/home", token=token, requests=count).cpu / 1e3)
        beside = f"{size} bytes; the feed as JSON {median(feeds):.2f} ms"
        return [Figure("web home page of 20, warm: CPU a request", median(pages), "ms", 15, beside=beside)]
