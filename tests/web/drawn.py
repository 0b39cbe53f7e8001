"""Answers of the test client, given to a real browser with the headers the house sends."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Route


def answer_from(route: Route, answer: Any) -> None:
    """The page itself is the answer; static files come from the disk; nothing else is there."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        assert found, path
        route.fulfill(path=str(found), headers={"Content-Type": _kind(path)})
    elif route.request.is_navigation_request():
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.content)
    else:
        route.fulfill(status=204)


def _kind(path: str) -> str:
    kinds = {
        "js": "text/javascript",
        "css": "text/css",
        "svg": "image/svg+xml",
        "webmanifest": "application/manifest+json",
    }
    return kinds.get(path.rpartition(".")[2], "application/octet-stream")
