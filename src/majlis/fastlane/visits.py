"""Who follows a link: a person, or something that only looks at what is behind it; and how often one comes."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Final

from majlis.accounts import limits
from majlis.fastlane import answers
from majlis.fastlane.answers import Scope
from majlis.studio.links.visitors import is_program

_AHEAD: Final = (b"prefetch", b"prerender", b"preview")
_PREFETCH: Final = (b"purpose", b"sec-purpose", b"x-purpose", b"x-moz")


def is_click(scope: Scope) -> bool:
    """Whether a person follows the link now: no HEAD, no program, nothing fetched ahead, no picture or frame."""
    if scope["method"] != "GET":
        return False
    agent = ""
    for name, value in scope["headers"]:
        if name == b"user-agent":
            agent = bytes(value).decode("latin-1")
        elif (name in _PREFETCH and any(word in value for word in _AHEAD)) or (
            name == b"sec-fetch-dest" and value != b"document"
        ):
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


class Recent:
    """What was answered a moment ago to the same one: asked again, it is the same answer."""

    def __init__(self, *, seconds: float, most: int = 20_000) -> None:
        self._seconds = seconds
        self._most = most
        self._answers: dict[bytes, tuple[float, bytes]] = {}

    def get(self, key: bytes) -> bytes | None:
        """The answer, if it was given within the time."""
        found = self._answers.get(key)
        return found[1] if found is not None and time.monotonic() - found[0] < self._seconds else None

    def keep(self, key: bytes, answer: bytes) -> None:
        """Remember an answer; when there are too many the older half goes."""
        if len(self._answers) >= self._most:
            for old in list(self._answers)[: self._most // 2]:
                del self._answers[old]
        self._answers.pop(key, None)
        self._answers[key] = time.monotonic(), answer
