"""Servers are killed while browsers report: what was acknowledged is there, and what was told twice is there once."""

from __future__ import annotations

import http.client
import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

import houses
from houses import House, until

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("MAJLIS_TESTS_STORM_SECONDS", "20"))
BROWSERS = 6
_CAST = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from majlis.insights import tickets
from majlis.insights.kinds import Source
from majlis.insights.models import Fact
bakery = cast.bakery()
post = posts.publish(by=bakery.page.id, params=PostParams(text="Bread"), at=now()).post_id
def browser(number):
    member = cast.member(f"reader_{number}")
    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(member.user_id), member.user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store.save()
    sealed = {"viewer": member.id, "post_id": post, "source": Source.HOME, "paid": False,
              "at": now() - timedelta(seconds=60)}
    return store.session_key, [[str(post), tickets.issue(load=number * 10**6 + load, **sealed), 2, 40]
                               for load in range(1, 3_001)]
result = [browser(number) for number in range(given)]
"""
_KEPT = "result = list(Fact.objects.filter(kind=2).values_list('nonce', flat=True))"


@dataclass
class Browser:
    """Tells of one post after another, each until it is acknowledged."""

    house: House
    cookie: str
    lines: list[Any]
    over: threading.Event
    acknowledged: int = 0
    repeated: int = 0
    odd: list[int] = field(default_factory=list)

    def run(self) -> None:
        for line in self.lines:
            while not self._told(line):
                self.repeated += 1
                time.sleep(0.05)
            self.acknowledged += 1
            if self.over.is_set():
                return

    def _told(self, line: Any) -> bool:
        headers = {
            "Origin": f"http://127.0.0.1:{self.house.port}",
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)",
            "Cookie": f"majlis_session={self.cookie}",
        }
        try:
            answer = self.house.ask("/facts", method="POST", send=[line], headers=headers, timeout=10)
        except (OSError, http.client.HTTPException):
            return False
        if answer.status not in (204, 503):
            self.odd.append(answer.status)
        return answer.status == 204


def test_every_acknowledged_report_counts_once_after_the_storm() -> None:
    chance, killed = random.Random(5), 0
    with houses.house() as house:
        over = threading.Event()
        browsers = [Browser(house, *each, over) for each in house.hand(_CAST, BROWSERS)]
        threads = [threading.Thread(target=browser.run) for browser in browsers]
        for thread in threads:
            thread.start()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for pid in house.server_processes():
                try:
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    continue
            time.sleep(chance.uniform(1.0, 3.0))
        over.set()
        for thread in threads:
            thread.join(90)
            assert not thread.is_alive(), house.log[-3000:]
        until(house.answers, 60)
        kept = house.hand(_KEPT)
    told = sum(browser.acknowledged for browser in browsers)
    print(f"killed {killed} servers; {told} acknowledged, {sum(b.repeated for b in browsers)} tried again")
    assert killed > 0
    assert not any(browser.odd for browser in browsers)
    assert len(kept) == len(set(kept)) == told
