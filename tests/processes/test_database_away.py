"""The database is stopped for real: every address says so in a sentence, and all is well when it is back."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import houses
from houses import House, until
from streaming import Events
from town import Town

pytestmark = pytest.mark.slow

_SESSION = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
user = User.objects.get(pk=given)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
result = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
"""
OF_PROGRAMS = (
    ("GET", "/api/v1/timelines/home"),
    ("GET", "/api/v1/timelines/public"),
    ("GET", "/api/v1/accounts/verify_credentials"),
    ("GET", "/api/v2/search?q=bread"),
    ("GET", "/api/v1/streaming/user"),
    ("POST", "/api/v1/statuses"),
    ("POST", "/api/v1/apps"),
    ("POST", "/oauth/token"),
    ("GET", "/.well-known/webfinger?resource=acct:somebody@127.0.0.1"),
)
PAGES = (
    "/", "/home", "/explore", "/notifications", "/settings", "/search?q=bread", "/@somebody", "/accounts/login/",
    "/accounts/signup/", "/oauth/authorize?client_id=a&response_type=code", "/live",
)  # fmt: skip


@contextmanager
def stopped(house: House) -> Iterator[None]:
    """The database is shut down, and who would start it again is held meanwhile."""
    os.kill(house.process.pid, signal.SIGSTOP)
    try:
        os.kill(house.database_process(), signal.SIGINT)
        until(lambda: not house.database_process(), 30, why="the database does not stop")
        yield
    finally:
        os.kill(house.process.pid, signal.SIGCONT)


def test_every_address_says_that_the_database_is_away() -> None:
    with houses.house() as house:
        town = Town(house)
        alice = town.person("alice")
        alice.post("before #bread")
        cookie = house.hand(_SESSION, alice.user_id)
        strange = house.hand("result = given.split('=')[0]", cookie) + "=0123456789abcdefghijklmnopqrstuv"
        assert house.ask("/home", headers={"Cookie": cookie}).status == 200
        with stopped(house):
            assert house.ask("/health").status == 200
            for method, path in OF_PROGRAMS:
                send = {} if method == "POST" else None
                for token in (alice.token, "unknown"):
                    answer = house.ask(path, method=method, send=send, token=token)
                    if answer.status in (200, 401, 422):
                        continue  # from memory: still true, or refused before anything is asked
                    assert answer.status == 503, (path, answer)
                    assert answer.headers["retry-after"] == "5", path
                    assert answer.json()["error"].startswith("This is not possible just now."), path
            for path in PAGES:
                for headers in ({}, {"Cookie": cookie}, {"Cookie": strange}):
                    answer = house.ask(path, headers={**headers, "Accept": "text/html"})
                    if answer.status in (200, 302, 401):
                        continue  # asks the database for nothing
                    assert answer.status == 503, (path, answer)
                    assert answer.headers["retry-after"] == "5", path
                    assert "Traceback" not in answer.body.decode(), path
            page = house.ask("/home", headers={"Cookie": cookie, "Accept-Language": "ar"})
            assert page.status == 503
            assert page.headers["content-type"].startswith("text/html")
            assert re.search(r'<html[^>]* lang="ar"', page.body.decode())
            assert house.ask("/notifications", headers={"Cookie": cookie}).status == 503
            assert house.ask("/api/v1/timelines/public", token="unknown").status == 503
            with Events(house.port, "/api/v1/streaming/user", token="unknown") as refused:
                assert refused.status == 503
        until(lambda: house.ask("/home", headers={"Cookie": cookie}).status == 200, 60)
        until(lambda: alice.ask("/api/v1/timelines/home").status == 200, 60)
        assert "Internal Server Error" not in house.log, house.log
        alice.post("after")
