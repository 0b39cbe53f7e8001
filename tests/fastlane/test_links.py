"""``/l/CODE`` on a running server: who is led on, who is counted, who is told nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import houses
from houses import Answer, House, until

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
_MADE = """
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.studio.links import actions as links
if "bakery" not in globals():
    bakery = cast.bakery()
team = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.TRACK)
"""
_LINK = (
    _MADE
    + """
made = links.make_link(team, target=given["target"], utm=links.Utm(**given.get("utm", {})), at=now())
result = [str(made.id), made.code]
"""
)
_CLICKS = """
from majlis.studio.models import Click
from majlis.insights.models import Fact, Member
result = [
    [click.token, str(click.viewer), click.source, click.paid,
     Fact.objects.filter(kind=10, nonce=click.id, link_id=click.link_id).count()]
    for click in Click.objects.filter(link_id=int(given)).order_by("id")
]
"""


class Shop:
    """A bakery's links in a running house."""

    def __init__(self, house: House) -> None:
        self.house = house

    def link(self, target: str = "https://shop.example/bread?size=2#top", **utm: str) -> tuple[str, str]:
        link_id, code = self.house.hand(_LINK, {"target": target, "utm": utm})
        return link_id, code

    def follow(self, code: str, *, method: str = "GET", query: str = "", **headers: str) -> Answer:
        given = {"user-agent": BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.house.ask(f"/l/{code}{query}", method=method, headers=given)

    def clicks(self, link_id: str, count: int) -> list[Any]:
        return until(lambda: len(found := self.house.hand(_CLICKS, link_id)) >= count and found)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def shop(running_house: House) -> Shop:
    return Shop(running_house)


def token_of(answer: Answer) -> str:
    return parse_qs(urlsplit(answer.headers["location"]).query).get("mj", [""])[0]


def test_a_click_leads_on_with_its_token_and_is_a_fact(shop: Shop) -> None:
    link_id, code = shop.link(source="majlis", campaign="خبز طازج")
    answers = [shop.follow(code) for _time in range(3)]
    for answer in answers:
        assert answer.status == 302
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "strict-origin"
        assert "set-cookie" not in answer.headers
        address = urlsplit(answer.headers["location"])
        assert (address.netloc, address.path, address.fragment) == ("shop.example", "/bread", "top")
        query = parse_qs(address.query)
        assert (query["size"], query["utm_source"], query["utm_campaign"]) == (
            ["2"],
            ["majlis"],
            ["خبز طازج"],
        )
    kept = shop.clicks(link_id, 3)
    assert [each[0] for each in kept] == [token_of(answer) for answer in answers]
    assert {tuple(each[1:]) for each in kept} == {("0", 6, False, 1)}


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"purpose": "prefetch"}),
        ("GET", {"sec_purpose": "prefetch;prerender"}),
        ("GET", {"x_moz": "prefetch"}),
        ("GET", {"x_purpose": "preview"}),
        ("GET", {"sec_fetch_dest": "image"}),
        ("GET", {"sec_fetch_dest": "iframe"}),
        ("GET", {"sec_fetch_dest": "empty"}),
        ("GET", {"user_agent": ""}),
        ("GET", {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}),
        ("GET", {"user_agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"}),
        ("GET", {"user_agent": "WhatsApp/2.23.20.0 A"}),
        ("GET", {"user_agent": "TelegramBot (like TwitterBot)"}),
        ("GET", {"user_agent": "Mastodon/4.5.0 (http.rb/5.3.1; +https://mastodon.example/)"}),
        ("GET", {"user_agent": "Mozilla/5.0 (Macintosh) AppleWebKit/600.2.5 (Applebot/0.1)"}),
        ("GET", {"user_agent": "Mozilla/5.0 (X11) AppleWebKit/537.36 HeadlessChrome/130.0 Safari/537.36"}),
        ("GET", {"user_agent": "curl/8.0"}),
        ("GET", {"user_agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}),
    ],
)
def test_what_only_looks_is_led_on_and_not_counted(shop: Shop, method: str, headers: dict[str, str]) -> None:
    link_id, code = shop.link()
    answer = shop.follow(code, method=method, **headers)
    assert answer.status == 302
    assert answer.headers["location"] == "https://shop.example/bread?size=2#top"
    counted = shop.follow(code)
    assert [each[0] for each in shop.clicks(link_id, 1)] == [token_of(counted)]


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile Instagram 350.0 (iPhone15,2)",
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/490.0]",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0",
        "Mozilla/5.0 (Linux; Android 10; Pinterest) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36",
    ],
)
def test_browsers_inside_other_apps_are_people(shop: Shop, agent: str) -> None:
    _id, code = shop.link()
    assert token_of(shop.follow(code, user_agent=agent))
    assert token_of(shop.follow(code, sec_fetch_dest="document"))


def test_tracked_link_no_parameter_says_where_it_leads(shop: Shop) -> None:
    _id, code = shop.link("https://shop.example/")
    evil = "https%3A%2F%2Fevil.example%2F"
    for query in (
        *(f"?{name}={evil}" for name in ("url", "to", "target", "next", "u", "t", "mj")),
        f"?{evil}",
        "#//evil.example",
    ):
        where = shop.follow(code, query=query).headers["location"]
        assert where.startswith("https://shop.example/?"), query
        assert "evil" not in where
    for path in (f"{evil}", "//evil.example", f"/..//evil.example/{code}", "\\evil.example"):
        assert shop.house.ask(f"/l/{path}", headers={"user-agent": BROWSER}).status == 404, path


def test_codes_that_lead_nowhere_are_told_apart_by_nothing(shop: Shop) -> None:
    link_id, code = shop.link()
    assert shop.follow(code).status == 302
    shop.house.hand(_MADE + "links.retire_link(team, link_id=int(given), at=now())", link_id)
    until(lambda: shop.follow(code).status == 404)
    retired = shop.follow(code)
    guesses = ("abcdefghij", "x", "", code.swapcase(), code + "x", code[:-1])
    for other in (*guesses, "%00", "..%2fhome", "https:%2f%2fevil.example"):
        answer = shop.follow(other)
        assert (answer.status, answer.body) == (404, retired.body), other
        assert "location" not in answer.headers
        assert set(answer.headers) == set(retired.headers)
    assert shop.follow("abcdefghij", query="?url=https://evil.example&t=x").status == 404


def test_another_address_holds_at_once_in_every_process(shop: Shop) -> None:
    link_id, code = shop.link()
    assert shop.follow(code).headers["location"].startswith("https://shop.example/")
    change = (
        _MADE + """links.change_link(team, link_id=int(given), target="https://new.example/", at=now())"""
    )
    shop.house.hand(change, link_id)
    until(lambda: shop.follow(code).headers["location"].startswith("https://new.example/?mj="))


def test_the_links_of_a_page_that_is_gone_lead_nowhere(shop: Shop) -> None:
    code = shop.house.hand(
        """
from majlis.brands.access import OnTeam
other = people.create_profile(user_id=None, handle="gone_soon", display_name="", kind="business", at=now())
team = team_door(page_id=other, by=other, needs=Permission.TRACK)
result = [str(other), links.make_link(team, target="https://shop.example/", at=now()).code]
"""
    )
    page, code = code
    assert shop.follow(code).status == 302
    shop.house.hand("people.withdraw_profile(profile_id=int(given), at=now())", page)
    until(lambda: shop.follow(code).status == 404)


def test_a_member_is_a_pseudonym_with_a_ticket_and_nobody_when_she_is_not_measured(shop: Shop) -> None:
    link_id, code = shop.link()
    cookie, profile = shop.house.hand(
        """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
dana = cast.dana()
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(dana.user_id), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = dana.user.get_session_auth_hash()
session.save()
result = [settings.SESSION_COOKIE_NAME + "=" + session.session_key, str(dana.id)]
"""
    )
    ticket = shop.house.hand(
        """
from majlis.insights import tickets
from majlis.insights.kinds import Source
result = tickets.issue(viewer=int(given), post_id=0, source=Source.HOME, paid=True, load=7, at=now())
""",
        profile,
    )
    shop.follow(code, query=f"?t={ticket}", cookie=cookie)
    shop.follow(code, query=f"?t={ticket}")  # somebody else's ticket
    shop.follow(code, query="?t=forged", cookie=cookie)
    shop.follow(code, cookie="majlis_session=nonsense")
    first, foreign, forged, nobody = shop.clicks(link_id, 4)
    pseudonym = shop.house.hand("result = str(Member.objects.get(profile_id=int(given)).pseudonym)", profile)
    assert first[1:] == [pseudonym, 1, True, 1]
    assert pseudonym != profile
    assert foreign[1:] == ["0", 6, False, 1]
    assert forged[1:] == [pseudonym, 6, False, 1]
    assert nobody[1:] == ["0", 6, False, 1]
    shop.house.hand("Member.objects.filter(profile_id=int(given)).update(measured=False)", profile)
    shop.follow(code, cookie=cookie)
    assert shop.clicks(link_id, 5)[4][1:] == ["0", 6, False, 1]


def test_posting_to_a_link_is_no_click(shop: Shop) -> None:
    link_id, code = shop.link()
    assert shop.follow(code, method="POST").status in (403, 404, 405)
    counted = shop.follow(code)
    assert [each[0] for each in shop.clicks(link_id, 1)] == [token_of(counted)]


@pytest.mark.slow
def test_who_guesses_is_not_answered_for_a_while_and_who_knocks_much_is_counted_no_more() -> None:
    with houses.house(MAJLIS_LIMITS="true", MAJLIS_TRUSTED_PROXIES="1") as house:
        shop = Shop(house)
        link_id, code = shop.link()
        statuses = [shop.follow("abcdefgh" + two, x_forwarded_for="192.0.2.7").status for two in _guesses(30)]
        assert statuses.count(404) == 20
        assert statuses[-1] == 429
        assert shop.follow(code, x_forwarded_for="192.0.2.7").status == 429
        assert shop.follow(code, x_forwarded_for="192.0.2.8").status == 302
        twice = {token_of(shop.follow(code, x_forwarded_for="192.0.2.8")) for _time in range(3)}
        assert len(twice) == 1  # a click that is repeated at once is one
        other = shop.follow(code, x_forwarded_for="192.0.2.8", user_agent=BROWSER + " Other/1")
        assert token_of(other) not in twice
        tokens = [
            token_of(shop.follow(code, x_forwarded_for="192.0.2.9", user_agent=f"{BROWSER} Tab/{number}"))
            for number in range(130)
        ]
        assert [bool(token) for token in tokens].count(True) == 120  # led on, but counted no more
        assert len(shop.clicks(link_id, 122)) == 122


def _guesses(count: int) -> list[str]:
    return [f"{chr(97 + number // 8)}{number % 8 + 1}" for number in range(count)]
