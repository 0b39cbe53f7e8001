"""An app and a browser, as they go through OAuth."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

OOB = "urn:ietf:wg:oauth:2.0:oob"
CALLBACK = "https://app.example/callback?from=majlis"


class App:
    """A registered app."""

    def __init__(self, **changes: Any) -> None:
        self.http = Client(REMOTE_ADDR="198.51.100.7")
        wanted = {
            "client_name": "Tusk",
            "redirect_uris": f"{OOB}\n{CALLBACK}\ntusk:/in",
            "scopes": "read write follow push",
        }
        made = self.http.post("/api/v1/apps", wanted | changes)
        assert made.status_code == 200, made.content
        self.known: dict[str, Any] = made.json()

    def address(self, **changes: Any) -> str:
        asked = {
            "response_type": "code",
            "client_id": self.known["client_id"],
            "redirect_uri": CALLBACK,
            "scope": "read write",
            "state": "opaque & 100% عربي",
        } | changes
        return "/oauth/authorize?" + urlencode(
            {name: value for name, value in asked.items() if value is not None}
        )

    def code(self, browser: Client, *, profile: int | None = None, **changes: Any) -> str:
        """The code after the member's consent."""
        answer = consent(browser, self.address(**changes), profile=profile)
        assert answer.status_code == 302, answer.content
        return str(answered(answer)["code"])

    def redeem(self, code: str, **changes: Any) -> Any:
        return self.token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK, **changes)

    def token(self, **fields: Any) -> Any:
        own = {name: self.known[name] for name in ("client_id", "client_secret")}
        sent = {name: value for name, value in (own | fields).items() if value is not None}
        return self.http.post("/oauth/token", sent)

    def revoke(self, token: str) -> Any:
        own = {name: self.known[name] for name in ("client_id", "client_secret")}
        return self.http.post("/oauth/revoke", own | {"token": token})


def consent(browser: Client, address: str, *, profile: int | None = None, allow: str = "true") -> Any:
    return browser.post(address, {"allow": allow} | ({"profile": profile} if profile is not None else {}))


def answered(response: Any) -> dict[str, str]:
    """What the member's browser carries to the app."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}
