"""The people of a running house, each with an app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from houses import Answer, House
from streaming import Events

_MAKE = """
made = cast.member(given["handle"], given["handle"].title())
result = {"id": made.id, "user_id": made.user_id}
"""
_TOKEN = """
result = tokens.issue_token(
    user_id=given["user_id"], profile_id=given["id"], application="a test", scopes=given["scopes"], at=now()
)
"""
_FOLLOW = """
people.follow(by=given[0], whom=people_access.see_profile(profile_id=given[1], viewer_id=None), at=now())
"""


@dataclass(frozen=True)
class Person:
    """A member of the running house and an app of hers that may do everything."""

    house: House
    handle: str
    id: int
    user_id: int
    token: str

    def ask(self, path: str, **how: Any) -> Answer:
        return self.house.ask(path, token=self.token, **how)

    def post(self, text: str, **fields: Any) -> dict[str, Any]:
        """Publish through the API; the Status."""
        answer = self.ask("/api/v1/statuses", method="POST", send={"status": text, **fields})
        assert answer.status == 200, answer.body
        posted: dict[str, Any] = answer.json()
        return posted

    def home(self, query: str = "") -> list[dict[str, Any]]:
        answer = self.ask(f"/api/v1/timelines/home{query}")
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.json()
        return found

    def with_scopes(self, scopes: str) -> str:
        """Another token of hers."""
        given = {"id": self.id, "user_id": self.user_id, "scopes": scopes}
        return str(self.house.hand(_TOKEN, given))

    def follow(self, *others: Person) -> None:
        for other in others:
            self.house.hand(_FOLLOW, [self.id, other.id])

    def hears(self, path: str = "user", *, token: str = "") -> Events:
        """A stream of server-sent events, open when this returns."""
        return Events(self.house.port, f"/api/v1/streaming/{path}", token=token or self.token)


class Town:
    """The running house and everybody in it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._count = 0

    def person(self, name: str) -> Person:
        """A new member whom nobody else in the suite knows."""
        self._count += 1
        handle = f"{name}_{self._count}"
        made = self.house.hand(_MAKE, {"handle": handle})
        token = self.house.hand(_TOKEN, {**made, "scopes": "read write follow push"})
        return Person(self.house, handle, made["id"], made["user_id"], token)

    def friends(self) -> tuple[Person, Person, Person]:
        """Alice and Bob, who follow each other, and Charlie, who is a stranger."""
        alice, bob, charlie = self.person("alice"), self.person("bob"), self.person("charlie")
        alice.follow(bob)
        bob.follow(alice)
        return alice, bob, charlie
