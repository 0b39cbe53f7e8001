"""Passkeys and codes from an app, as a person uses them: Chromium's own authenticator holds the key."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, BrowserContext, Page, expect

from running_house import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "a long walk by the sea"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_house() as where:
        for handle in ("alice", "bassam", "dana"):
            where.run("account", "create", handle, "--email", f"{handle}@example.org", "--password", PASSWORD)
        # a passkey belongs to a name; browsers make none for a bare address
        yield House(f"http://localhost:{urlsplit(where.url).port}", where.data_dir)


class Person:
    """Somebody at a browser whose authenticator always says yes."""

    def __init__(self, browser: Browser, house: House, handle: str, *, language: str = "en") -> None:
        self.house, self.handle = house, handle
        self.context: BrowserContext = browser.new_context(
            locale=language, viewport={"width": 390, "height": 844}
        )
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda line: self._heard(line.type, line.text))
        self.authenticator = self.context.new_cdp_session(self.page)
        self.authenticator.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        added = self.authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.authenticator_id = added["authenticatorId"]

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.problems.append(text)

    def keys(self) -> int:
        """How many passkeys the device holds."""
        held = self.authenticator.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator_id})
        return len(held["credentials"])

    def open(self, path: str) -> None:
        self.page.goto(self.house.url + path)

    def give_password(self) -> None:
        """The form of signing in."""
        self.open("/accounts/login/")
        self.page.fill("#id_login", f"{self.handle}@example.org")
        self.page.fill("#id_password", PASSWORD)
        self.page.click("form.form button.primary")

    def sign_in(self) -> None:
        self.give_password()
        self.page.wait_for_url(f"{self.house.url}/home")

    def sign_out(self) -> None:
        self.open("/accounts/logout/")
        self.page.click("form.form button.primary")
        self.page.wait_for_url(f"{self.house.url}/")

    def prove(self) -> None:
        """Whoever changes how one gets in is asked for the password once more."""
        self.page.wait_for_url("**/accounts/reauthenticate/**")
        self.page.fill("#id_password", PASSWORD)
        self.page.click("form.form button.primary")
        self.page.wait_for_url("**/accounts/2fa/**")

    def add_passkey(self) -> None:
        """From the settings, and as far as the list of passkeys or the recovery codes that follow."""
        self.open("/accounts/2fa/")
        self.page.locator('a[href="/accounts/2fa/webauthn/add/"]').click()
        self.prove()
        self.page.fill("#id_name", "My phone")
        self.page.click("#mfa_webauthn_add")
        self.page.wait_for_url(lambda url: "/webauthn/add" not in url)


@pytest.mark.parametrize(("handle", "language"), [("alice", "en"), ("bassam", "ar")])
def test_a_passkey_is_added_and_opens_the_account(
    chromium: Browser, house: House, handle: str, language: str
) -> None:
    her = Person(chromium, house, handle, language=language)
    her.sign_in()
    her.add_passkey()
    assert her.keys() == 1
    her.open("/accounts/2fa/webauthn/")
    expect(her.page.get_by_text("My phone")).to_be_visible()
    her.sign_out()

    her.open("/accounts/login/?next=/bookmarks")
    her.page.click("#passkey_login")
    her.page.wait_for_url(f"{house.url}/bookmarks")
    assert her.page.locator(f'a[href="/@{handle}"]').count() > 0
    her.sign_out()

    her.give_password()  # the password alone opens nothing any more
    her.page.wait_for_url("**/2fa/authenticate/")
    her.page.click("#mfa_webauthn_authenticate")
    her.page.wait_for_url(f"{house.url}/home")
    assert her.problems == []
    her.context.close()


def test_a_device_without_the_key_does_not_get_in(chromium: Browser, house: House) -> None:
    charlie = Person(chromium, house, "alice")
    charlie.give_password()
    charlie.page.wait_for_url("**/2fa/authenticate/")
    charlie.page.click("#mfa_webauthn_authenticate")
    charlie.page.wait_for_timeout(1500)
    charlie.open("/home")
    assert urlsplit(charlie.page.url).path.startswith("/accounts/")
    charlie.context.close()


def code(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_code_from_an_app(chromium: Browser, house: House) -> None:
    dana = Person(chromium, house, "dana")
    page = dana.page
    dana.sign_in()
    dana.open("/accounts/2fa/")
    page.locator('a[href="/accounts/2fa/totp/activate/"]').click()
    dana.prove()
    secret = page.input_value("#totp-secret")
    page.fill("#id_code", "000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".errorlist")).to_be_visible()
    assert page.input_value("#totp-secret") == secret, "the app need not be set up again"
    page.fill("#id_code", code(secret))
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/recovery-codes/**")
    spare = page.locator("main").inner_text()
    dana.sign_out()

    dana.give_password()
    page.wait_for_url("**/2fa/authenticate/")
    page.wait_for_timeout(31_000)  # a code opens once, and the last one was used
    page.fill("#id_code", code(secret))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{house.url}/home")
    dana.sign_out()

    dana.give_password()
    page.wait_for_url("**/2fa/authenticate/")
    page.fill("#id_code", next(word for word in spare.split() if len(word) == 8 and word.isdigit()))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{house.url}/home")
    assert dana.problems == []
    dana.context.close()
