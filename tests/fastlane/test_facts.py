"""Beacons over HTTP: what counts, and all that does not move a number."""

from __future__ import annotations

import json
import re
import time
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

import pytest

from houses import Answer, House, until

_CAST = """
import secrets
from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from majlis.insights.models import Fact, Encounter, Hourly, Member
def browser(member):
    store = SessionStore()
    store[SESSION_KEY] = str(member.user_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    store["profile_id"] = member.id
    store.save()
    UserSession.objects.create(user=member.user, session_key=store.session_key, ip="127.0.0.1", user_agent="a test")
    return store.session_key
if "bakery" not in globals():  # the house is shared with other files
    bakery = cast.bakery()
fatima, ghassan = cast.member("fatima"), cast.member("ghassan")
for who in (fatima, ghassan):
    people.follow(by=who.id, whom=bakery.page.seen, at=now())
result = [bakery.page.id, browser(fatima), browser(ghassan)]
"""
_POST = """
result = posts.publish(by=given, params=PostParams(text="Bread " + secrets.token_hex(4)), at=now()).post_id
"""
_COUNT = """
found = Fact.objects.filter(post_id=given, kind__in=[2, 3])
result = [found.filter(kind=2).count(), found.filter(kind=3).count(),
          Encounter.objects.filter(post_id=given).exclude(viewed_at=None).count()]
"""
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@dataclass
class Bakery:
    """A page and two followers' browsers."""

    house: House
    page: int
    cookies: dict[str, str]

    def post(self) -> int:
        found: int = self.house.hand(_POST, self.page)
        return found

    def counted(self, post: int) -> list[int]:
        """Impressions, clicks, and members who viewed it."""
        found: list[int] = self.house.hand(_COUNT, post)
        return found

    def ticket(self, post: int, who: str, path: str = "/home") -> str:
        # the post was made in another process: this one hears of it a moment later
        def shown() -> re.Match[str] | None:
            page = self.house.ask(path, headers=self.headers(who)).body.decode()
            return re.search(rf'data-post="{post}" data-ticket="([^"]+)"', page)

        found = until(shown, 5)
        assert found
        return found[1]  # type: ignore[no-any-return]

    def headers(self, who: str, **more: str) -> dict[str, str]:
        cookie = {"Cookie": f"majlis_session={self.cookies[who]}"} if who else {}
        return {"User-Agent": AGENT, **cookie, **more}

    def beacon(self, lines: Any, who: str = "fatima", **more: str) -> Answer:
        origin = {"Origin": f"http://127.0.0.1:{self.house.port}"}
        return self.house.ask(
            "/facts", method="POST", send=lines, headers=self.headers(who, **{**origin, **more})
        )


@pytest.fixture(scope="session")
def bakery(running_house: House) -> Bakery:
    page, fatima, ghassan = running_house.hand(_CAST)
    return Bakery(running_house, page, {"fatima": fatima, "ghassan": ghassan})


def line(post: int, ticket: str, kind: int = 2, age: float = 40) -> list[Any]:
    return [str(post), ticket, kind, age]


def ripe(bakery: Bakery, post: int, who: str = "fatima", path: str = "/home") -> str:
    """A ticket a second old, as it is when a post has been seen for that long."""
    ticket = bakery.ticket(post, who, path)
    made = int.from_bytes(urlsafe_b64decode(ticket)[8:12])
    until(lambda: time.time() > made + 1.01, 5)
    return ticket


def test_a_report_counts_once_however_often_it_comes(bakery: Bakery) -> None:
    post = bakery.post()
    ticket = ripe(bakery, post)
    for _time in range(3):
        assert bakery.beacon([line(post, ticket), line(post, ticket, kind=3)]).status == 204
    assert bakery.counted(post) == [1, 1, 1]


def test_another_load_is_another_impression_of_the_same_viewer(bakery: Bakery) -> None:
    post = bakery.post()
    for _load in range(2):
        bakery.beacon([line(post, ripe(bakery, post))])
    assert bakery.counted(post) == [2, 0, 1]


def test_what_is_forged_taken_from_others_or_too_early_moves_nothing(bakery: Bakery) -> None:
    post, other = bakery.post(), bakery.post()
    ticket = bakery.ticket(post, "fatima")
    assert bakery.beacon([line(post, ticket)]).status == 204, "told before a second was over"
    ticket = ripe(bakery, post)
    for lines, who in (
        ([line(post, "A" * 32)], "fatima"),
        ([line(post, ticket[:-1] + ("A" if ticket[-1] != "A" else "B"))], "fatima"),
        ([line(other, ticket)], "fatima"),
        ([line(post, ticket)], "ghassan"),
        ([line(post, ticket)], ""),
        ([line(post, ticket, kind=11)], "fatima"),
        ([line(post, ticket, kind=1)], "fatima"),
        ([[f" {post}", ticket, 2, 0]], "fatima"),
    ):
        assert bakery.beacon(lines, who).status == 204
    assert bakery.counted(post) == bakery.counted(other) == [0, 0, 0]


def test_other_sites_and_programs_move_nothing(bakery: Bakery) -> None:
    post = bakery.post()
    lines = [line(post, ripe(bakery, post))]
    assert bakery.beacon(lines, Origin="https://evil.example").status == 403
    assert bakery.beacon(lines, Origin="null").status == 403
    assert bakery.beacon(lines, Origin="", **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert bakery.beacon(lines, Origin="").status == 403
    bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    assert bakery.beacon(lines, **{"User-Agent": bot}).status == 204
    assert bakery.beacon(lines, **{"User-Agent": "curl/8"}).status == 204
    assert bakery.counted(post) == [0, 0, 0]
    assert bakery.beacon(lines).status == 204
    assert bakery.counted(post) == [1, 0, 1], "and with the same ticket, from where it belongs, it counts"


def test_clocks_of_browsers_do_not_matter(bakery: Bakery) -> None:
    post = bakery.post()
    for age in (-5e9, 3 * 86_400_000, 1e300):
        bakery.beacon([line(post, ripe(bakery, post), age=age)])
    assert bakery.counted(post) == [3, 0, 1]
    code = "result = [abs((now() - f.at).total_seconds()) < 60 for f in Fact.objects.filter(post_id=given, kind=2)]"
    assert bakery.house.hand(code, post) == [True] * 3


def test_who_is_not_signed_in_counts_once_a_day_and_in_no_reach(bakery: Bakery) -> None:
    post = bakery.post()
    for _load in range(3):
        assert bakery.beacon([line(post, ripe(bakery, post, "", "/local"))], "").status == 204
    assert bakery.counted(post) == [1, 0, 0]


def test_an_ended_session_reports_nothing_as_her(bakery: Bakery) -> None:
    post = bakery.post()
    code = "result = browser(cast.Member(fatima.user_id, fatima.id, 'fatima'))"
    bakery.cookies["again"] = bakery.house.hand(code)
    ticket = ripe(bakery, post, "again")
    bakery.house.hand("SessionStore(session_key=given).delete()", bakery.cookies["again"])
    assert bakery.beacon([line(post, ticket)], "again").status == 204
    assert bakery.counted(post) == [0, 0, 0]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b'{"a":1}', b"[[1,2,3,4]]", b'[["1","x",2,0,5]]', b"[" * 50 + b"]" * 50, b"\xff\xfe"],
)
def test_nonsense_is_refused_with_a_sentence(bakery: Bakery, body: bytes) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", bakery.house.port, timeout=30)
    headers = bakery.headers("fatima", Origin=f"http://127.0.0.1:{bakery.house.port}")
    connection.request("POST", "/facts", body=body, headers=headers)
    answer = connection.getresponse()
    assert answer.status == 422
    assert json.loads(answer.read())["error"]
    connection.close()


def test_too_much_is_refused(bakery: Bakery) -> None:
    assert bakery.beacon([line(1, "x" * 32)] * 2_000).status == 413


def test_the_app_and_the_page_say_what_was_served(bakery: Bakery) -> None:
    post = bakery.post()
    token = bakery.house.hand(
        "result = tokens.issue_token(user_id=None, profile_id=fatima.id, application='x', scopes='read', at=now())"
    )
    until(lambda: str(post) in bakery.house.ask("/api/v1/timelines/home", token=token).body.decode())
    bakery.ticket(post, "fatima")
    served = "result = sorted(Fact.objects.filter(post_id=given, kind=1).values_list('source', flat=True))"
    until(lambda: bakery.house.hand(served, post) == [1, 7], 10)
