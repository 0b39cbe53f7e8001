"""Who follows a link: a person in a browser, or a program that looks at what is behind it; who comes how often."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from typing import Final

from majlis.accounts import limits
from majlis.fastlane import answers
from majlis.fastlane.answers import Scope

# What fetches a preview, watches a page or reads the web names itself; browsers begin with "Mozilla/5.0" and
# in-app browsers of networks are browsers (their words stand after it). A name is no proof: what hides as a
# browser is counted, which is why a repeated visit and too many from one address are not.
_PROGRAM: Final = re.compile(
    r"bot\b|bot[/;)]|crawl|spider|slurp|archiv|preview|fetcher|scan|monitor|uptime|pingdom|check_http|validator"
    r"|facebookexternalhit|facebookcatalog|meta-external|skypeuripreview|bitlybot|embedly|iframely|vkshare|pinterest/0"
    r"|feed|rss|headless|phantom|lighthouse|pagespeed|gtmetrix|prerender|mastodon/|pleroma|akkoma|misskey|friendica"
    r"|lemmy|gotosocial|majlis|python|aiohttp|httpx|curl|wget|libwww|java/|okhttp|go-http|node|axios|guzzle|php"
    r"|ruby|perl|scrapy|postman|insomnia|dalvik/.*cfnetwork|cfnetwork/.*darwin",
    re.IGNORECASE,
)
_PREFETCH: Final = (b"purpose", b"sec-purpose", b"x-purpose", b"x-moz")


@lru_cache(10_000)
def is_program(agent: str) -> bool:
    """Whether whoever calls itself this is no browser in front of a person."""
    return not agent.startswith("Mozilla/") and not agent.startswith("Opera/") or bool(_PROGRAM.search(agent))


def is_click(scope: Scope) -> bool:
    """Whether a person follows the link now: no HEAD, no program, nothing fetched ahead, no picture or frame."""
    if scope["method"] != "GET":
        return False
    agent = ""
    for name, value in scope["headers"]:
        if name == b"user-agent":
            agent = bytes(value).decode("latin-1")
        elif name in _PREFETCH and (b"prefetch" in value or b"prerender" in value or b"preview" in value):
            return False
        elif name == b"sec-fetch-dest" and value != b"document":
            return False
    return not is_program(agent)


@lru_cache(10_000)
def _network(forwarded: str, peer: str) -> str:
    return limits.network(limits.address_of(forwarded=forwarded, peer=peer))


def network(scope: Scope) -> str:
    """What counts as one client (``accounts.limits.network``)."""
    client = scope.get("client")
    return _network(answers.header(scope, b"x-forwarded-for"), client[0] if client else "")


class Counter:
    """How often each key came in the present window; in this process, and bounded."""

    def __init__(self, *, most: int, window: float, keys: int = 20_000) -> None:
        self._most = most
        self._window = window
        self._keys = keys
        self._began = 0.0
        self._counts: dict[str, int] = {}

    def full(self, key: str) -> bool:
        """Whether no more of this key are taken until the window ends."""
        if not self._counts:
            return False
        self._turn()
        return self._counts.get(key, 0) >= self._most

    def take(self, key: str) -> bool:
        """Count one more. Whether it was within the limit."""
        self._turn()
        count = self._counts.get(key, 0) + 1
        if count > self._most:
            return False
        self._counts[key] = count
        return True

    def ends_in(self) -> int:
        """Seconds until the window ends."""
        return max(1, int(self._began + self._window - time.monotonic()) + 1)

    def _turn(self) -> None:
        now = time.monotonic()
        # a flood of addresses must not fill the memory: then the window ends early
        if now - self._began >= self._window or len(self._counts) > self._keys:
            self._began = now
            self._counts = {}
