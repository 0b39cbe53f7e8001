"""Signing in and out, a forgotten and a changed password, the mail address, second factors, sessions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.test import Client

from cast import MOMENT, PASSWORD, Member
from majlis.accounts import actions, sessions, tokens
from majlis.accounts.events import SessionEnded, TokenRevoked
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.core.errors import Conflict, NotThere
from majlis.people import queries as people

pytestmark = pytest.mark.django_db

CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", re.MULTILINE)
NEW = "an evening under the olive tree"


def sign_in(client: Client, email: str = "alice@example.org", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password} | more)


def is_in(client: Client) -> bool:
    """Whether the server takes the browser for a member."""
    return client.get("/accounts/password/change/").status_code == 200


def code_in(message: Any) -> str:
    found = CODE.search(message.body)
    assert found, message.body
    return found[1]


@pytest.fixture
def browser(alice: Member) -> Client:
    """Alice's, signed in as she would."""
    client = Client()
    assert sign_in(client)["Location"] == "/home"
    return client


def token_of(member: Member) -> str:
    return tokens.issue_token(
        user_id=member.user_id, profile_id=member.id, application="t", scopes="read", at=now()
    )


# signing in ------------------------------------------------------------------------------------


def test_in_and_out(browser: Client, told: list[Any]) -> None:
    assert is_in(browser)
    key = browser.session.session_key
    cookie = browser.cookies["majlis_session"].value
    assert key
    answer = browser.post("/accounts/logout/")
    assert answer.status_code == 302
    assert [event.checksum for event in told if isinstance(event, SessionEnded)] == [
        sha256(key.encode()).hexdigest()
    ]
    replay = Client()
    replay.cookies["majlis_session"] = cookie
    assert not is_in(replay), "CVE-2018-1000814: an old cookie is worth nothing"


def test_misskey_ba9f295_signing_out_clears_the_cookie(browser: Client) -> None:
    assert browser.post("/accounts/logout/").cookies["majlis_session"]["max-age"] == 0


def test_mbin_logout_a_link_signs_nobody_out(browser: Client) -> None:
    browser.get("/accounts/logout/")
    assert is_in(browser)


def test_cve_2018_1000519_the_session_key_changes_at_sign_in(alice: Member) -> None:
    client = Client()
    client.get("/accounts/login/")
    fixed = client.session
    fixed["planted"] = "by an attacker"
    fixed.save()
    client.cookies["majlis_session"] = fixed.session_key
    sign_in(client)
    assert client.session.session_key != fixed.session_key
    assert not Session.objects.filter(session_key=fixed.session_key).exists()


def test_mautic_11417_a_wrong_password_and_an_unknown_address_answer_the_same(alice: Member) -> None:
    pages = [
        sign_in(Client(), email=email, password="not the password")
        for email in ("alice@example.org", "nobody@example.org")
    ]
    assert {page.status_code for page in pages} == {200}
    bodies = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"|alice|nobody', "", page.content.decode())
        for page in pages
    ]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    "state",
    [
        {"is_active": False, "suspended_at": MOMENT},
        {"is_active": False, "approval_asked_at": MOMENT},
        {"is_active": False},
    ],
)
def test_cve_2023_32682_a_closed_login_opens_nothing(alice: Member, state: dict[str, Any], post: Any) -> None:
    User.objects.filter(pk=alice.user_id).update(**state)
    client = Client()
    assert sign_in(client)["Location"] == "/accounts/inactive/"
    assert not is_in(client)
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    assert not any(CODE.search(message.body) for message in post())


def test_cve_2025_62175_a_suspension_ends_everything_open(
    browser: Client, alice: Member, operator: Member, told: list[Any]
) -> None:
    token = token_of(alice)
    actions.suspend(alice.user_id, by=operator.user_id, at=MOMENT)
    assert tokens.bearer(token) is None
    assert not is_in(browser)
    assert {TokenRevoked, SessionEnded} <= {type(event) for event in told}
    profile = people.profile(alice.id)
    assert profile is not None
    assert profile.withdrawn
    actions.restore(alice.user_id, by=operator.user_id, at=MOMENT)
    assert sign_in(Client())["Location"] == "/home"
    with pytest.raises(Conflict):
        actions.suspend(operator.user_id, by=operator.user_id, at=MOMENT)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/", "//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test",
        "http:evil.test",
        "https:/evil.test", "javascript:alert(1)", "/%0d%0aLocation: https://evil.test",
        "https://127.0.0.1:8000@evil.test",
        " //evil.test", "\t//evil.test", "/\t/evil.test", "https://evil.test/127.0.0.1",
        "//127.0.0.1.evil.test",
    ],
)  # fmt: skip
def test_cve_2021_32618_after_signing_in_one_stays_here(alice: Member, target: str) -> None:
    location = sign_in(Client(), next=target)["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\", "/\t"))


def test_cve_2022_3741_guessing_meets_a_limit_by_account(alice: Member, choice: Any, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
    for n in range(5):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), password=f"guess {n}")
    inside = Client(REMOTE_ADDR="203.0.113.9")
    assert "Location" not in sign_in(inside), "the right password is locked out too"
    assert sign_in(Client(REMOTE_ADDR="203.0.113.9"), email="nobody@example.org").status_code == 200


def test_ghsa_c2r5_cfqr_c553_stated_addresses_share_one_bucket(
    alice: Member, choice: Any, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "5/m/ip"}
    answers = [
        Client(
            headers={
                "X-Forwarded-For": f"10.0.0.{n}",
                "Forwarded": f"for=10.0.0.{n}",
                "X-Real-IP": f"10.0.0.{n}",
            }
        )
        .post("/accounts/login/", {"login": "x@example.org", "password": "y"})
        .status_code
        for n in range(7)
    ]
    assert answers == [200] * 5 + [429] * 2


# a forgotten password ---------------------------------------------------------------------------


def ask_reset(client: Client, email: str = "alice@example.org") -> Any:
    return client.post("/accounts/password/reset/", {"email": email})


def test_cve_2026_28268_friendica_202007_reset_by_code_ends_all_sessions_and_tokens(
    browser: Client, alice: Member, post: Callable[[], list[Any]], told: list[Any]
) -> None:
    token = token_of(alice)
    forgetful = Client()
    assert ask_reset(forgetful)["Location"] == "/accounts/password/reset/confirm/"
    [message] = post()
    assert message.to == ["alice@example.org"]
    assert forgetful.get("/accounts/password/reset/confirm/").status_code == 200
    answer = forgetful.post("/accounts/password/reset/confirm/", {"code": code_in(message)})
    assert answer["Location"] == "/accounts/password/reset/complete/"
    assert forgetful.get("/accounts/password/reset/complete/").status_code == 200
    answer = forgetful.post("/accounts/password/reset/complete/", {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert not is_in(browser)
    assert tokens.bearer(token) is None
    assert {TokenRevoked, SessionEnded} <= {type(event) for event in told}
    assert sign_in(Client(), password=PASSWORD).status_code == 200
    assert sign_in(Client(), password=NEW)["Location"] == "/home"
    assert (
        forgetful.post(
            "/accounts/password/reset/complete/",
            {"password1": "again and again", "password2": "again and again"},
        )["Location"]
        == "/accounts/password/reset/"
    ), "CVE-2026-28268: used once"


def test_cve_2017_5537_ghsa_jvmv_2qcp_7855_diaspora_4477_reset_answers_the_same_for_known_and_unknown(
    alice: Member, post: Callable[[], list[Any]]
) -> None:
    known, unknown = Client(), Client()
    first, second = ask_reset(known), ask_reset(unknown, "nobody@example.org")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    pages = [client.get(first["Location"]).content.decode() for client in (known, unknown)]
    plain = [re.sub(r'value="\w{64}"|alice|nobody', "", page) for page in pages]
    assert plain[0] == plain[1]
    to_alice, to_nobody = post()
    assert CODE.search(to_alice.body)
    assert not CODE.search(to_nobody.body)


@pytest.mark.parametrize(
    "typed",
    ["miKe@example.org", "mıke@example.org", "mike@example.org", "mike@example．org", "MIKE@example.org"],
)
def test_cve_2019_19844_a_lookalike_gets_no_mail(db: None, post: Callable[[], list[Any]], typed: str) -> None:
    import cast

    cast.member("mike")
    ask_reset(Client(), typed)
    assert [message.to for message in post()] == ([["mike@example.org"]] if typed.isascii() else [])


def test_cve_2021_30185_links_in_mail_point_here(alice: Member, post: Callable[[], list[Any]]) -> None:
    evil = Client(
        headers={"Host": "localhost", "X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    )
    ask_reset(evil, "nobody@example.org")
    [message] = post()
    links = re.findall(r"https?://[^\s/]+", message.body)
    assert set(links) == {"http://127.0.0.1:8000"}
    assert Client(headers={"Host": "evil.test"}).get("/accounts/password/reset/").status_code == 400


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/", "/accounts/password/reset/?x=1", "//accounts/password/reset/"]
)
def test_cve_2025_54879_mail_to_one_address_is_limited_by_every_path(
    alice: Member, post: Callable[[], list[Any]], settings: Any, path: str
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/30m/key"}
    for n in range(8):
        Client(REMOTE_ADDR=f"198.51.100.{n}").post(path, {"email": "alice@example.org"})
    assert len(post()) <= 5


# a changed password -----------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [False, True])
def test_masto_12928_a_new_password_ends_other_sessions_and_by_choice_the_apps(
    browser: Client, alice: Member, told: list[Any], keep: bool
) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    token = token_of(alice)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW} | (
        {"keep_apps": "on"} if keep else {}
    )
    told.clear()
    assert browser.post("/accounts/password/change/", fields).status_code == 302
    assert is_in(browser)
    assert not is_in(elsewhere)
    assert (tokens.bearer(token) is not None) is keep
    assert len([event for event in told if isinstance(event, SessionEnded)]) == 1


def test_a_wrong_old_password_changes_nothing(browser: Client, alice: Member) -> None:
    token = token_of(alice)
    fields = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert browser.post("/accounts/password/change/", fields).status_code == 200
    assert tokens.bearer(token)
    assert sign_in(Client())["Location"] == "/home"


def test_a_new_address_is_confirmed_before_it_counts_and_the_old_one_hears_of_it(
    browser: Client, alice: Member, post: Callable[[], list[Any]]
) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    answer = browser.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    if answer["Location"].startswith("/accounts/reauthenticate/"):
        browser.post(answer["Location"], {"password": PASSWORD})
        browser.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    message = [message for message in post() if message.to == ["new@example.org"]][-1]
    assert User.objects.get(pk=alice.user_id).email == "alice@example.org"
    browser.post("/accounts/confirm-email/", {"code": code_in(message)})
    assert User.objects.get(pk=alice.user_id).email == "new@example.org"
    assert ["alice@example.org"] in [message.to for message in post()]
    assert is_in(browser)
    assert not is_in(elsewhere)


# second factors ---------------------------------------------------------------------------------


def totp_code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def secret(alice: Member) -> str:
    """Alice's authenticator app."""
    made = generate_totp_secret()
    TOTP.activate(alice.user, made)
    return made


def test_the_second_factor_is_asked_for(alice: Member, secret: str) -> None:
    client = Client()
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})["Location"] == "/home"
    assert is_in(client)


def test_masto_424_totp_a_code_works_once(alice: Member, secret: str, settings: Any) -> None:
    code = totp_code(secret)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_cve_2024_0227_guessing_codes_meets_a_limit(alice: Member, secret: str, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
    client = Client()
    sign_in(client)
    for n in range(6):
        client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"})
    client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert not is_in(client)


def test_cve_2020_15105_no_password_waits_in_the_session(alice: Member, secret: str) -> None:
    client = Client()
    sign_in(client)
    for session in Session.objects.all():
        assert PASSWORD not in json.dumps(session.get_decoded())


def test_cve_2023_32682_a_closed_login_with_a_second_factor(alice: Member, secret: str) -> None:
    User.objects.filter(pk=alice.user_id).update(is_active=False, suspended_at=MOMENT)
    client = Client()
    assert sign_in(client)["Location"] == "/accounts/inactive/"
    client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert not is_in(client)


def test_activating_an_authenticator_ends_other_sessions(
    browser: Client, alice: Member, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    token = token_of(alice)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    code = totp_code(page.context["form"].secret)
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post("/accounts/2fa/totp/activate/", {"code": code})
    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=alice.user, type="totp").exists()
    assert is_in(browser)
    assert not is_in(elsewhere)
    assert tokens.bearer(token)


def test_recovery_codes_open_once(browser: Client, alice: Member, secret: str) -> None:
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/2fa/recovery-codes/generate/")
    wrapped = Authenticator.objects.get(user=alice.user, type="recovery_codes").wrap()
    code = wrapped.get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_passkeys_are_offered_and_need_a_fresh_sign_in(browser: Client, alice: Member) -> None:
    assert (
        Client().get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"}).status_code
        == 200
    )
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/accounts/2fa/webauthn/add/")
    assert page.status_code == 200
    refused = Client().post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
    assert "_auth_user_id" not in refused.client.session  # type: ignore[attr-defined]


# sessions ---------------------------------------------------------------------------------------


def test_cve_2020_5224_sessions_are_listed_without_their_keys(browser: Client, alice: Member) -> None:
    page = browser.get("/accounts/sessions/")
    assert page.status_code == 200
    assert browser.session.session_key not in page.content.decode()
    [only] = sessions.listed(user_id=alice.user_id, current_key=browser.session.session_key)
    assert only.current
    assert str(browser.session.session_key) not in repr(only)


def test_one_session_is_ended_by_its_owner_only(
    browser: Client, alice: Member, charlie: Member, told: list[Any]
) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    listed = sessions.listed(user_id=alice.user_id, current_key=browser.session.session_key)
    [other] = [session for session in listed if not session.current]
    assert sessions.listed(user_id=charlie.user_id, current_key=None) == []
    told.clear()
    with pytest.raises(NotThere):
        sessions.end(session_id=other.id, by=charlie.user_id, at=MOMENT)
    assert is_in(elsewhere)
    assert told == []
    sessions.end(session_id=other.id, by=alice.user_id, at=MOMENT)
    assert not is_in(elsewhere)
    assert is_in(browser)
    assert [type(event) for event in told] == [SessionEnded]


def test_all_other_sessions_at_once(browser: Client, told: list[Any]) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    told.clear()
    assert browser.post("/accounts/sessions/").status_code == 302
    assert is_in(browser)
    assert not is_in(elsewhere)
    assert [type(event) for event in told] == [SessionEnded]


def test_masto_12714_account_pages_are_not_kept(browser: Client) -> None:
    for path in ("/accounts/apps/",):
        assert "no-store" in browser.get(path)["Cache-Control"]


def test_friendica_e16b6ee_every_form_needs_its_token(alice: Member) -> None:
    careful = Client(enforce_csrf_checks=True)
    for path in ("login", "signup", "password/reset", "logout", "deletion"):
        assert careful.post(f"/accounts/{path}/", {}).status_code == 403, path
