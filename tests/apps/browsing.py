"""A person with a browser: joins by the command line, signs in, lets apps in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO

import requests
from PIL import Image

from running_house import House

PASSWORD = "a long walk by the sea"
_CODE = re.compile(r'<code[^>]*id="code"[^>]*>([^<]+)</code>')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')


@dataclass
class Person:
    """Somebody who lives in the house."""

    house: House
    name: str

    @classmethod
    def joined(cls, house: House, name: str) -> Person:
        """A new account."""
        house.run("account", "create", name, "--email", f"{name}@example.org", "--password", PASSWORD)
        return cls(house, name)

    def token(self, scopes: str = "read write follow push") -> str:
        """A token from the command line, for setting the scene."""
        return self.house.run("token", "create", self.name, "--scopes", scopes)

    def lets_in(self, address: str) -> str:
        """The code on the page that she is shown when she signs in and lets the app in."""
        with requests.Session() as browser:
            page = browser.get(address, timeout=20)  # asks her to sign in first
            fields = _fields(page.text) | {"login": f"{self.name}@example.org", "password": PASSWORD}
            asked = browser.post(page.url, data=fields, headers={"Referer": page.url}, timeout=20)
            assert "authorizationForm" in asked.text, asked.text[:2000]
            fields = _fields(asked.text) | {"allow": "true"}
            shown = browser.post(asked.url, data=fields, headers={"Referer": asked.url}, timeout=20)
            found = _CODE.search(shown.text)
            assert found is not None, shown.text[:2000]
            return unescape(found[1])


def _fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    fields = {}
    for tag in _HIDDEN.findall(page):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name:
            fields[unescape(name[1])] = unescape(value[1]) if value else ""
    if token := _TOKEN.search(page):
        fields["csrfmiddlewaretoken"] = token[1]
    return fields


def photo(colour: str = "red") -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "PNG")
    return out.getvalue()
