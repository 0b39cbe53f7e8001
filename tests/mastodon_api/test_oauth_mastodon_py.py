"""The login code of Mastodon.py and toot, as published, against a live server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import toot.api
from django.test import Client
from mastodon import Mastodon
from mastodon.errors import MastodonIllegalArgumentError
from toot import App as TootApp

from cast import Member
from majlis.accounts import tokens

pytestmark = pytest.mark.django_db(transaction=True)
SCOPES = ["read", "write", "follow", "push"]


@pytest.fixture
def base(live_server: Any, choice: Callable[..., None]) -> str:
    choice(base_url=live_server.url)
    return str(live_server.url)


def code_for(member: Member, address: str) -> str:
    """The code on the page that she is shown after her consent."""
    browser = Client()
    browser.force_login(member.user)
    parts = urlsplit(address)
    page = browser.post(f"{parts.path}?{parts.query}", {"allow": "true"})
    return str(page.context["code"])


def library(base: str) -> Mastodon:
    client_id, secret = Mastodon.create_app("scripts", scopes=SCOPES, api_base_url=base)
    return Mastodon(client_id, secret, api_base_url=base, mastodon_version="4.4.0")


def test_mastodon_py_signs_in_and_out(base: str, alice: Member) -> None:
    api = library(base)
    address = api.auth_request_url(scopes=SCOPES, allow_http=True)
    assert address.startswith(f"{base}/oauth/authorize?")
    token = api.log_in(code=code_for(alice, address), scopes=SCOPES, allow_http=True)
    holder = tokens.bearer(token)
    assert holder is not None
    assert holder.profile_id == alice.id
    assert api.app_verify_credentials()["name"] == "scripts"
    api.revoke_access_token(allow_http=True)
    assert tokens.bearer(token) is None


def test_mastodon_py_is_refused_with_a_wrong_code(base: str) -> None:
    with pytest.raises(MastodonIllegalArgumentError, match="invalid_grant"):
        library(base).log_in(code="wrong", scopes=SCOPES, allow_http=True)


def test_toot_signs_in(base: str, alice: Member) -> None:
    made = toot.api.create_app(base)
    app = TootApp("here", base, made["client_id"], made["client_secret"])
    assert toot.api.fetch_app_token(app)["access_token"]
    code = code_for(alice, toot.api.get_browser_login_url(app))
    holder = tokens.bearer(toot.api.request_access_token(app, code)["access_token"])
    assert holder is not None
    assert holder.profile_id == alice.id
