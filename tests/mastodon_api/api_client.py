"""An app that holds a token, and a short way to call the API with it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from cast import MOMENT, Member
from majlis.accounts.tokens import issue_token

EVERYTHING = "read write follow push"


def token_of(member: Member | None, *, scopes: str = EVERYTHING) -> str:
    """A token of a member; of the app alone for None."""
    return issue_token(
        user_id=member.user_id if member else None,
        profile_id=member.id if member else None,
        application="tests",
        scopes=scopes,
        at=MOMENT,
    )


class App:
    """Calls with one token. ``App(None)`` has none, ``App(None, scopes=…)`` speaks for the app alone."""

    def __init__(self, member: Member | None, *, scopes: str | None = None) -> None:
        self.member = member
        self.http = Client(raise_request_exception=True)
        wanted = scopes if scopes is not None else EVERYTHING if member else None
        self.token = token_of(member, scopes=wanted) if wanted is not None else ""

    def call(self, method: str, path: str, **options: Any) -> Any:
        """A request as it is; ``options`` go to Django's test client."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers = own | options.pop("headers", {})
        return self.http.generic(method, path, headers=headers, **options)

    def get(self, path: str, **parameters: Any) -> Any:
        """GET, parameters in the query; lists as ``name[]``."""
        return self.call("GET", path + ("?" + urlencode(pairs(parameters)) if parameters else ""))

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """A request with a JSON body."""
        data = b"" if body is None else json.dumps(body).encode()
        return self.call(method, path, data=data, content_type="application/json", **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """POST as JSON."""
        return self.send("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        """PUT as JSON."""
        return self.send("PUT", path, body, **options)

    def delete(self, path: str, body: Any = None, **options: Any) -> Any:
        """DELETE, with a JSON body when there is one."""
        return self.send("DELETE", path, body, **options)

    def form(self, method: str, path: str, body: dict[str, Any], **options: Any) -> Any:
        """A request with an urlencoded body, nesting as Rails writes it."""
        data = urlencode(pairs(body)).encode()
        return self.call(method, path, data=data, content_type="application/x-www-form-urlencoded", **options)

    def multipart(self, method: str, path: str, body: dict[str, Any], **files: tuple[str, bytes, str]) -> Any:
        """A request with a multipart body; files are (name, bytes, type)."""
        data, content_type = multipart(pairs(body), files)
        return self.call(method, path, data=data, content_type=content_type)


def pairs(value: Any, name: str = "") -> list[tuple[str, str]]:
    """A nested value as the pairs of a form."""
    if isinstance(value, dict):
        return [
            pair for key, item in value.items() for pair in pairs(item, f"{name}[{key}]" if name else key)
        ]
    if isinstance(value, list):
        return [pair for item in value for pair in pairs(item, f"{name}[]")]
    if isinstance(value, bool):
        return [(name, "true" if value else "false")]
    return [] if value is None else [(name, str(value))]


BOUNDARY = "a-boundary-that-nothing-has"


def multipart(fields: list[tuple[str, str]], files: dict[str, tuple[str, bytes, str]]) -> tuple[bytes, str]:
    """A multipart body and its content type."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, (file_name, data, kind) in files.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(head.encode() + f"Content-Type: {kind}\r\n\r\n".encode() + data + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()]), f"multipart/form-data; boundary={BOUNDARY}"
