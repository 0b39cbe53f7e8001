"""Every address that Django answers, with nasty words wherever a word fits: it is refused or shown, never a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import cast
from cast import MOMENT
from majlis.accounts.tokens import issue_token

pytestmark = pytest.mark.django_db

NASTY: Final = {
    "a zero byte": b"a\0b",
    "half a pair": b"\xed\xa0\x80",
    "no UTF-8": b"\xff\xfe",
    "climbing": b"../../../../etc/passwd",
    "a quote": b"' OR 1=1; --",
    "wildcards": b"%_\\",
    "a long number": b"9" * 30,
    "another line": b"a\r\nSet-Cookie: pwned=1",
    "another host": b"//evil.example/\\@evil.example",
    "turned around": "\u202e\u2066قهوة\u0301\U0001f469\u200d\U0001f469".encode(),
    "long": b"x" * 3000,
}
#: Parameters that some address or other reads.
NAMES: Final = [
    "max_id", "min_id", "since_id", "limit", "offset", "q", "type", "next", "lang", "page", "only", "draft", "reply_to",
    "quote", "mention", "kind", "name", "title", "acct", "id", "id[]", "types[]", "text", "state", "code", "scope",
    "client_id", "redirect_uri", "response_type", "resource", "access_token", "timeline[]", "local", "url", "grant_type",
    "client_secret", "token", "reason", "rule", "day", "order", "account_id", "exclude_types[]", "tagged", "any[]",
]  # fmt: skip


def patterns(found: Any = None, before: str = "") -> Iterator[str]:
    """Every address, with ``{}`` where a word stands."""
    for each in (found or get_resolver()).url_patterns:
        own = str(each.pattern).removeprefix("^").removesuffix("\\Z").removesuffix("$")
        if isinstance(each, URLResolver):
            yield from patterns(each, before + own)
        elif isinstance(each, URLPattern):
            whole = re.sub(
                r"<[^<>]+>", "{}", re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "{}", before + own)
            )
            yield "/" + re.sub(r"\\(.)", r"\1", whole).replace("/?", "")


@pytest.fixture
def clients() -> dict[str, Client]:
    """Alice in a browser and in an app, and a guest."""
    her = cast.alice()
    scopes = "read write follow push"
    token = issue_token(user_id=her.user_id, profile_id=her.id, application="x", scopes=scopes, at=MOMENT)
    browser = Client()
    browser.force_login(her.user)
    return {
        "browser": browser,
        "app": Client(headers={"authorization": f"Bearer {token}"}),
        "guest": Client(),
    }


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if kind == "a zero byte" else [pytest.mark.slow]) for kind in NASTY]
)
def test_cve_2018_14574_cve_2018_1000164_cve_2024_42005_cve_2026_115192_nothing_nasty_is_a_failure(
    clients: dict[str, Client], kind: str
) -> None:
    word = quote(NASTY[kind], safe="")
    query = "&".join(f"{quote(name)}={word}" for name in NAMES)
    wrong = []
    for address in sorted(set(patterns())):
        for who, client in clients.items():
            client.raise_request_exception = False
            if who == "app" and not address.startswith(("/api/", "/oauth/")):
                continue
            for method in ("GET", "POST"):
                if method == "POST" and address.startswith("/accounts/logout"):
                    continue
                answer = client.generic(
                    method, address.replace("{}", word), query.encode() if method == "POST" else b"",
                    content_type="application/x-www-form-urlencoded", QUERY_STRING=query if method == "GET" else "",
                )  # fmt: skip
                if answer.status_code >= 500:
                    wrong.append((who, method, address, answer.status_code))
                if re.match(r"(https?:)?[/\\]{2}(?!testserver)", answer.headers.get("Location", "")):
                    wrong.append((who, method, address, answer["Location"]))
                assert "pwned" not in answer.cookies
    assert not wrong, "\n".join(map(str, wrong))
