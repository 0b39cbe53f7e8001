"""Consent, codes, tokens and revocation, as Mastodon apps go through them."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from oauth_client import CALLBACK, OOB, App, answered, consent

from cast import MOMENT, Bakery, Member
from majlis.accounts import tokens
from majlis.accounts.events import TokenRevoked
from majlis.accounts.models import AccessToken, Grant, User
from majlis.core.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(db: None) -> App:
    return App()


@pytest.fixture
def browser(alice: Member) -> Client:
    """Alice's, signed in."""
    client = Client()
    client.force_login(alice.user)
    return client


def challenge() -> tuple[str, str]:
    verifier = secrets.token_urlsafe(48)
    return verifier, urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def test_from_registration_to_token(app: App, browser: Client, alice: Member) -> None:
    page = browser.get(app.address())
    assert page.status_code == 200
    assert "Tusk" in page.content.decode()
    answer = consent(browser, app.address())
    assert answer["Location"].startswith(CALLBACK + "&")
    carried = answered(answer)
    assert carried["state"] == "opaque & 100% عربي"
    assert carried["iss"] == "http://127.0.0.1:8000"
    body = app.redeem(carried["code"]).json()
    assert set(body) == {"access_token", "token_type", "scope", "created_at"}
    assert (body["token_type"], body["scope"]) == ("Bearer", "read write")
    assert type(body["created_at"]) is int
    assert abs(body["created_at"] - now().timestamp()) < 60
    holder = tokens.bearer(body["access_token"])
    assert holder is not None
    assert (holder.user_id, holder.profile_id) == (alice.user_id, alice.id)
    assert holder.application_id == int(app.known["id"])


def test_a_guest_signs_in_first_and_comes_back(app: App) -> None:
    answer = Client().get(app.address())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/oauth/authorize")


def test_out_of_band_shows_the_code_on_a_page(app: App, browser: Client) -> None:
    page = consent(browser, app.address(redirect_uri=OOB))
    assert page.status_code == 200
    code = page.context["code"]
    assert code in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    answer = app.token(grant_type="authorization_code", code=code, redirect_uri=OOB)
    assert answer.status_code == 200, answer.content


def test_schemes_of_apps_are_kept_byte_for_byte(browser: Client) -> None:
    uri = "com.tapbots.Ivory.10217:/request_token"
    app = App(redirect_uris=uri)
    assert consent(browser, app.address(redirect_uri=uri))["Location"].startswith(uri + "?code=")


def test_masto_430_formaction_the_page_lets_the_form_go_there_and_nowhere_else(
    app: App, browser: Client
) -> None:
    policy = browser.get(app.address())["Content-Security-Policy"]
    assert "form-action 'self' https://app.example;" in policy + ";"
    assert "frame-ancestors 'none'" in policy
    policy = browser.get(app.address(redirect_uri="tusk:/in"))["Content-Security-Policy"]
    assert "form-action 'self' tusk:" in policy


def test_she_may_refuse(app: App, browser: Client) -> None:
    answer = consent(browser, app.address(), allow="")
    assert answered(answer)["error"] == "access_denied"
    assert answered(answer)["state"] == "opaque & 100% عربي"
    assert not Grant.objects.exists()


def test_consent_needs_the_forms_own_token(app: App, alice: Member) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice.user)
    assert consent(careful, app.address()).status_code == 403
    assert not Grant.objects.exists()


def test_she_picks_which_of_her_profiles_the_app_speaks_for(app: App) -> None:
    import cast

    bakery: Bakery = cast.bakery()
    browser = Client()
    browser.force_login(bakery.owner.user)
    for profile in (bakery.page, bakery.owner):
        holder = tokens.bearer(app.redeem(app.code(browser, profile=profile.id)).json()["access_token"])
        assert holder is not None
        assert holder.profile_id == profile.id


@pytest.mark.parametrize("pick", ["charlie", 0, -1, "nonsense", 10**30, "١٢"])
def test_an_app_cannot_be_given_somebody_elses_profile(
    app: App, browser: Client, charlie: Member, pick: Any
) -> None:
    answer = consent(browser, app.address(), profile=charlie.id if pick == "charlie" else pick)
    assert answer.status_code == 404
    assert not Grant.objects.exists()


# where members are sent ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/callback", "https://app.example/callback?from=majlis&x=1", CALLBACK + "/",
        "https://APP.example/callback?from=majlis", "http://app.example/callback?from=majlis",
        "https://app.example:443/callback?from=majlis", "https://app.example/CALLBACK?from=majlis",
        "https://app.example/./callback?from=majlis", "https://app.example/x/../callback?from=majlis",
        "https://app.example.evil.test/callback?from=majlis",
        "https://app.example@evil.test/callback?from=majlis",
        CALLBACK + "#x", CALLBACK + " ", " " + CALLBACK, CALLBACK + "\n" + OOB, CALLBACK + "%00", "tusk:/in/",
        "TUSK:/in", "tusk://in", "javascript:alert(1)", "https://[::1", "https://[::1]/", "",
        "urn:ietf:wg:oauth:2.0",
        "//app.example/callback", "https://evil.test/" + CALLBACK, "*",
    ],
)  # fmt: skip
def test_cve_2022_36087_only_a_registered_address_is_ever_gone_to(
    app: App, browser: Client, uri: str
) -> None:
    for answer in (
        browser.get(app.address(redirect_uri=uri)),
        consent(browser, app.address(redirect_uri=uri)),
    ):
        assert answer.status_code == 400
        assert "Location" not in answer
    assert not Grant.objects.exists()


def test_several_addresses_want_one_named(app: App, browser: Client) -> None:
    assert browser.get(app.address(redirect_uri=None)).status_code == 400


@pytest.mark.parametrize("client_id", ["", "unknown", "\x00", "é", "x" * 5000])
def test_an_unknown_app_sends_nobody_anywhere(app: App, browser: Client, client_id: str) -> None:
    answer = browser.get(app.address(client_id=client_id))
    assert answer.status_code == 400
    assert "Location" not in answer


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "response_type", "scope", "state"])
def test_a_parameter_given_twice_is_refused(app: App, browser: Client, name: str) -> None:
    answer = browser.get(app.address() + f"&{name}=again")
    assert answer.status_code == 400
    assert "Location" not in answer


@pytest.mark.parametrize("kind", ["token", "id_token", "code token", "none", "", "CODE", "password"])
def test_other_answers_than_a_code_are_not_given(app: App, browser: Client, kind: str) -> None:
    for answer in (
        browser.get(app.address(response_type=kind)),
        consent(browser, app.address(response_type=kind)),
    ):
        assert answer.status_code == 302
        assert "error" in answered(answer)
        assert "access_token" not in answer["Location"]
    assert not Grant.objects.exists()
    assert not AccessToken.objects.exists()


# scopes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registered", "asked", "given"),
    [
        ("read write follow push", "read write follow push", "read write follow push"),
        ("read write", "read:statuses write:media", "read:statuses write:media"),
        ("read", None, "read"),
        ("read write", "follow", "follow"),
        ("follow", "read:follows", "read:follows"),
        ("read read:statuses", "read  read", "read"),
        ("read", "write", None),
        ("read:statuses", "read", None),
        ("read:statuses", None, None),
        ("read write", "push", None),
        ("read", "read admin:read", None),
        ("read admin:read", "admin:read", None),
        ("read", "everything", None),
        ("read", "Read", None),
    ],
)
def test_trap_9_no_more_than_was_registered_and_the_old_follow_is_one_of_them(
    browser: Client, registered: str, asked: str | None, given: str | None
) -> None:
    app = App(scopes=registered)
    answer = consent(browser, app.address(scope=asked))
    if given is None:
        assert answered(answer)["error"] == "invalid_scope"
        assert not Grant.objects.exists()
    else:
        assert sorted(set(app.redeem(answered(answer)["code"]).json()["scope"].split())) == sorted(
            given.split()
        )


def test_the_operators_scopes_are_for_operators(operator: Member) -> None:
    app = App(scopes="read admin:read")
    browser = Client()
    browser.force_login(operator.user)
    assert app.redeem(app.code(browser, scope="admin:read:accounts")).json()["scope"] == "admin:read:accounts"
    alone = app.token(grant_type="client_credentials", scope="admin:read")
    assert alone.json()["error"] == "invalid_scope"


# codes -----------------------------------------------------------------------------------------


def test_cve_2019_11269_a_code_shown_twice_ends_the_token_made_from_it(
    app: App, browser: Client, told: list[Any]
) -> None:
    code = app.code(browser)
    token = app.redeem(code).json()["access_token"]
    again = app.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert tokens.bearer(token) is None
    assert [event for event in told if isinstance(event, TokenRevoked)]


def test_cve_2019_11269_a_code_lives_ten_minutes(app: App, browser: Client) -> None:
    code = app.code(browser)
    grant = Grant.objects.get()
    assert timedelta(minutes=9) < grant.expires - now() <= timedelta(minutes=10)
    Grant.objects.update(expires=now() - timedelta(seconds=1))
    assert app.redeem(code).json()["error"] == "invalid_grant"
    assert not AccessToken.objects.exists()


def test_cve_2019_11269_a_code_is_for_one_app_and_one_address(app: App, browser: Client) -> None:
    code = app.code(browser)
    assert App().redeem(code).json()["error"] == "invalid_grant"
    wrong = app.token(grant_type="authorization_code", code=code, redirect_uri="tusk:/in")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    missing = app.token(grant_type="authorization_code", code=code)
    assert missing.status_code == 400
    assert not AccessToken.objects.exists()
    assert app.redeem(code).status_code == 200


@pytest.mark.parametrize("code", ["", "x", "\x00", "é", "x" * 10_000])
def test_nonsense_codes(app: App, code: str) -> None:
    assert app.redeem(code).status_code == 400
    assert not AccessToken.objects.exists()


def test_codes_and_secrets_are_stored_as_sums(app: App, browser: Client) -> None:
    code = app.code(browser)
    assert Grant.objects.get().code == sha256(code.encode()).hexdigest()


@pytest.mark.parametrize("state", [{"is_active": False, "suspended_at": MOMENT}, {"confirmed_at": None}])
def test_cve_2023_32682_a_login_closed_meanwhile_gets_no_token(
    app: App, browser: Client, alice: Member, state: dict[str, Any]
) -> None:
    code = app.code(browser)
    User.objects.filter(pk=alice.user_id).update(**state)
    assert app.redeem(code).json()["error"] == "invalid_grant"
    assert not AccessToken.objects.exists()


def test_pkce_with_s256(app: App, browser: Client) -> None:
    verifier, summed = challenge()
    asked = {"code_challenge": summed, "code_challenge_method": "S256"}
    code = app.code(browser, **asked)
    for wrong in (None, "", challenge()[0], summed):
        assert app.redeem(code, code_verifier=wrong).status_code == 400
    assert app.redeem(code, code_verifier=verifier).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"code_challenge": "a" * 43, "code_challenge_method": "plain"},
        {"code_challenge": "a" * 43},
        {"code_challenge": "a" * 42, "code_challenge_method": "S256"},
        {"code_challenge": "", "code_challenge_method": "S256"},
        {"code_challenge": "a" * 43, "code_challenge_method": "s256"},
    ],
)
def test_cve_2019_11269_plain_and_unsound_challenges_are_refused(
    app: App, browser: Client, asked: dict[str, str]
) -> None:
    answer = consent(browser, app.address(**asked))
    assert answered(answer)["error"] == "invalid_request"
    assert not Grant.objects.exists()


def test_a_verifier_without_a_challenge_is_a_downgrade(app: App, browser: Client) -> None:
    assert app.redeem(app.code(browser), code_verifier="a" * 43).json()["error"] == "invalid_grant"


# the token endpoint ----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["json", "form", "multipart", "basic"])
def test_credentials_of_the_app_in_every_encoding(app: App, encoding: str) -> None:
    own = {name: app.known[name] for name in ("client_id", "client_secret")}
    fields = {"grant_type": "client_credentials", "scope": "read write", "redirect_uri": OOB}
    if encoding == "json":
        answer = app.http.post("/oauth/token", json.dumps(own | fields), content_type="application/json")
    elif encoding == "form":
        text = "&".join(f"{name}={value}" for name, value in (own | fields).items())
        answer = app.http.post("/oauth/token", text, content_type="application/x-www-form-urlencoded")
    elif encoding == "multipart":
        answer = app.http.post("/oauth/token", own | fields)
    else:
        basic = b64encode(f"{own['client_id']}:{own['client_secret']}".encode()).decode()
        answer = app.http.post("/oauth/token", fields, headers={"Authorization": f"Basic {basic}"})
    body = answer.json()
    assert answer.status_code == 200, body
    assert set(body) == {"access_token", "token_type", "scope", "created_at"}
    holder = tokens.bearer(body["access_token"])
    assert holder is not None
    assert holder.user_id is None
    assert "no-store" in answer["Cache-Control"]


def test_an_app_alone_may_read_by_default(app: App) -> None:
    assert app.token(grant_type="client_credentials").json()["scope"] == "read"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"grant_type": "password", "username": "alice@example.org",
        "password": "a long walk by the sea"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": "x"}, 400, "unsupported_grant_type"),
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_secret": None}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "unknown"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "\x00"}, 400, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "read everything"}, 400, "invalid_scope"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x",
        "redirect_uri": CALLBACK, "client_secret": None}, 401, "invalid_client"),
    ],
)  # fmt: skip
def test_what_the_token_endpoint_refuses(
    app: App, alice: Member, fields: dict[str, Any], status: int, error: str
) -> None:
    answer = app.token(**fields)
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content
    assert answer.json()["error_description"]
    assert not AccessToken.objects.exists()


def test_secrets_do_not_belong_into_addresses(app: App) -> None:
    own = f"client_id={app.known['client_id']}&client_secret={app.known['client_secret']}"
    query = f"{own}&grant_type=client_credentials"
    assert app.http.post(f"/oauth/token?{query}").status_code == 400
    assert app.http.get(f"/oauth/token?{query}").status_code == 405


def test_fields_given_twice_are_refused(app: App) -> None:
    text = f"client_id={app.known['client_id']}&client_secret=x&client_secret=y&grant_type=client_credentials"
    answer = app.http.post("/oauth/token", text, content_type="application/x-www-form-urlencoded")
    assert answer.json()["error"] == "invalid_request"


# revocation ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["json", "form"])
def test_an_app_gives_its_token_back(app: App, browser: Client, told: list[Any], encoding: str) -> None:
    token = app.redeem(app.code(browser)).json()["access_token"]
    fields = {name: app.known[name] for name in ("client_id", "client_secret")} | {"token": token}
    if encoding == "json":
        answer = app.http.post("/oauth/revoke", json.dumps(fields), content_type="application/json")
    else:
        answer = app.http.post("/oauth/revoke", fields)
    assert (answer.status_code, answer.json()) == (200, {})
    assert tokens.bearer(token) is None
    assert isinstance(told[-1], TokenRevoked)


def test_another_apps_token_is_left_alone(app: App, browser: Client, told: list[Any]) -> None:
    token = app.redeem(app.code(browser)).json()["access_token"]
    told.clear()
    stranger = App()
    foreign, unknown = stranger.revoke(token), stranger.revoke("unknown")
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content) == (200, b"{}")
    assert tokens.bearer(token)
    assert told == []


@pytest.mark.parametrize("wrong", [{"client_secret": "x"}, {"client_id": "x"}, {"client_secret": ""}])
def test_revoking_needs_the_apps_own_secret(app: App, browser: Client, wrong: dict[str, str]) -> None:
    token = app.redeem(app.code(browser)).json()["access_token"]
    own = {name: app.known[name] for name in ("client_id", "client_secret")}
    assert app.http.post("/oauth/revoke", own | {"token": token} | wrong).status_code == 401
    assert tokens.bearer(token)


# what can be known beforehand ------------------------------------------------------------------


def test_the_metadata_is_honest(client: Client) -> None:
    body = client.get("/.well-known/oauth-authorization-server", headers={"Host": "localhost"}).json()
    assert body["issuer"] == "http://127.0.0.1:8000"
    assert body["grant_types_supported"] == ["authorization_code", "client_credentials"]
    assert body["code_challenge_methods_supported"] == ["S256"]
    assert body["response_types_supported"] == ["code"]
    assert {"read", "write", "follow", "push", "profile", "read:statuses"} <= set(body["scopes_supported"])
    for name in (
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "userinfo_endpoint",
        "app_registration_endpoint",
    ):
        path = body[name].removeprefix("http://127.0.0.1:8000")
        assert client.get(path).status_code != 404, name


def test_userinfo(app: App, browser: Client, alice: Member) -> None:
    token = app.redeem(app.code(browser)).json()["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    body = browser.get("/oauth/userinfo", headers=header).json()
    assert body["preferred_username"] == "alice"
    alone = app.token(grant_type="client_credentials", scope="read").json()["access_token"]
    assert browser.get("/oauth/userinfo", headers={"Authorization": f"Bearer {alone}"}).status_code == 401
    assert browser.get("/oauth/userinfo").status_code == 401


def test_force_login_asks_for_the_password_and_leaves_the_session(app: App, browser: Client) -> None:
    answer = browser.get(app.address(force_login="true"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert browser.get(app.address(force_login="False")).status_code == 200


def test_the_page_speaks_the_language_asked_for(app: App, browser: Client) -> None:
    assert 'dir="rtl"' in browser.get(app.address(lang="ar")).content.decode()
    assert 'dir="ltr"' in browser.get(app.address(lang="None")).content.decode()


def test_masto_12714_the_consent_page_is_nobodys_to_keep(app: App, browser: Client) -> None:
    assert "no-store" in browser.get(app.address())["Cache-Control"]


def test_charlie_sees_none_of_her_apps(app: App, browser: Client, charlie: Member) -> None:
    token = app.redeem(app.code(browser)).json()["access_token"]
    his = Client()
    his.force_login(charlie.user)
    page = his.get("/accounts/apps/")
    assert page.status_code == 200
    assert "Tusk" not in page.content.decode()
    for method in (his.get, his.post):
        assert method(f"/accounts/apps/{app.known['id']}/").status_code == 404
    assert tokens.bearer(token)
    assert "Tusk" in browser.get("/accounts/apps/").content.decode()
    assert browser.post(f"/accounts/apps/{app.known['id']}/").status_code == 302
    assert tokens.bearer(token) is None


def test_too_many_requests_for_tokens(app: App, choice: Any) -> None:
    choice(limits=True)
    answers = [app.token(grant_type="client_credentials", client_secret="guess") for _ in range(61)]
    assert {answer.status_code for answer in answers[:60]} == {401}
    assert answers[60].status_code == 429
    assert int(answers[60]["Retry-After"]) > 0
    assert app.token(grant_type="client_credentials").status_code == 429, "the right secret is locked out too"
