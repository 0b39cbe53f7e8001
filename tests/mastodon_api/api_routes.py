"""The addresses of the API, as tests that are generated over all of them need them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.urls import URLPattern

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Route(NamedTuple):
    """An address with names in it, ``/api/v1/polls/<poll_id>``, and a method it takes."""

    method: str
    path: str

    def at(self, **parts: object) -> str:
        """The address with its names filled in; names that are not given become ``x``."""
        return re.sub(r"<(\w+)>", lambda match: str(parts.get(match[1], "x")), self.path)


def routes(patterns: Iterable[URLPattern]) -> list[Route]:
    """Every method of every address."""
    found = []
    for pattern in patterns:
        path = re.sub(r"\(\?P<(\w+)>\[\^/\]\+\)", r"<\1>", str(pattern.pattern))
        path = "/" + path.removeprefix("^").removesuffix(r"/?\Z").replace(r"\.", ".")
        views = pattern.callback.__wrapped__.args[0]  # type: ignore[attr-defined]
        found += [Route(method, path) for method in METHODS if method in views]
    return found
