"""Every page of an account answers, in both languages, from our own templates."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from cast import PASSWORD, Member

pytestmark = pytest.mark.django_db

GUEST = ["login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"]
MEMBER = [
    "logout/", "email/", "password/change/", "reauthenticate/", "sessions/", "apps/", "2fa/",
    "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/",
]  # fmt: skip
WITH_AUTHENTICATOR = ["2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/generate/", "2fa/reauthenticate/"]


def look(client: Client, path: str, language: str) -> None:
    page = client.get(f"/accounts/{path}", {"lang": language})
    text = page.content.decode()
    assert page.status_code == 200, page.headers.get("Location")
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in text
    assert "Content-Security-Policy" in page
    assert "majlis" in text, "the page is not in our frame"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_for_guests(language: str) -> None:
    for path in GUEST:
        look(Client(), path, language)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_for_members(alice: Member, language: str) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": "alice@example.org", "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for path in MEMBER:
        look(browser, path, language)
    TOTP.activate(alice.user, generate_totp_secret())
    for path in WITH_AUTHENTICATOR:
        look(browser, path, language)


def test_pages_for_members_are_not_for_guests() -> None:
    for path in MEMBER[1:]:
        answer = Client().get(f"/accounts/{path}")
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path
