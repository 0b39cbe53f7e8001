"""POST /api/v1/accounts and the confirmation of the address, through an app."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from oauth_client import App

from cast import MOMENT, PASSWORD, Member
from majlis.accounts import actions, queries, tokens
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.people import queries as people

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "username": "layla",
    "email": "layla@example.org",
    "password": PASSWORD,
    "agreement": "true",
    "locale": "ar",
}


class Joining:
    """An app with a token of its own."""

    def __init__(self, scope: str = "read write") -> None:
        app = App(scopes="read write")
        self.http = app.http
        self.token = app.token(grant_type="client_credentials", scope=scope).json()["access_token"]

    def join(self, **changes: Any) -> Any:
        fields = {name: value for name, value in (FORM | changes).items() if value is not None}
        return self.http.post("/api/v1/accounts", fields, headers={"Authorization": f"Bearer {self.token}"})

    def with_token(self, method: str, path: str, token: str) -> Any:
        return getattr(self.http, method)(path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def app(db: None) -> Joining:
    return Joining()


def link_in(message: Any) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", message.body)
    assert found
    return found[1]


def test_join_confirm_and_use_the_token(app: Joining, post: Callable[[], list[Any]]) -> None:
    body = app.join().json()
    assert set(body) == {"access_token", "token_type", "scope", "created_at"}
    token = body["access_token"]
    assert tokens.bearer(token) is None
    answer = app.with_token("get", "/api/v1/apps/verify_credentials", token)
    assert answer.status_code == 403
    assert "confirmed" in answer.json()["error"]
    assert app.with_token("get", "/api/v1/emails/check_confirmation", token).json() is False
    profile = people.by_acct("layla")
    assert profile is not None
    assert profile.withdrawn
    [message] = post()
    path = link_in(message)
    browser = Client()
    assert browser.get(path).status_code == 200
    assert tokens.bearer(token) is None, "a scanner that opens the link confirms nothing"
    assert browser.post(path).status_code == 302
    holder = tokens.bearer(token)
    assert holder is not None
    assert holder.profile_id == profile.id
    assert app.with_token("get", "/api/v1/emails/check_confirmation", token).json() is True
    assert browser.get(path).status_code == 404, "once"
    assert browser.post(path).status_code == 404
    login = queries.login(user_id=holder.user_id or 0)
    assert login is not None
    assert login.language == "ar"


@pytest.mark.parametrize("key", ["x", "MQ:1abcde:forged", "MQ", "-" * 300])
def test_cve_2019_13177_forged_links(client: Client, key: str) -> None:
    assert client.get(f"/accounts/confirm/{key}/").status_code == 404
    assert client.post(f"/accounts/confirm/{key}/").status_code == 404


def test_the_link_can_be_sent_again_and_not_for_ever(
    app: Joining, post: Callable[[], list[Any]], choice: Callable[..., None]
) -> None:
    token = app.join().json()["access_token"]
    choice(limits=True)
    answers = [app.with_token("post", "/api/v1/emails/confirmations", token).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert {message.to[0] for message in post()} == {"layla@example.org"}


def test_a_confirmed_login_has_nothing_to_send(app: Joining, alice: Member) -> None:
    token = tokens.issue_token(
        user_id=alice.user_id, profile_id=alice.id, application="t", scopes="read", at=now()
    )
    assert app.with_token("post", "/api/v1/emails/confirmations", token).status_code == 403
    assert app.with_token("post", "/api/v1/emails/confirmations", app.token).status_code == 403
    assert app.with_token("post", "/api/v1/emails/confirmations", "nonsense").status_code == 401
    assert app.with_token("get", "/api/v1/emails/check_confirmation", "nonsense").status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "a b"}, {"username": ""}, {"username": "admin"}, {"email": "nowhere"},
        {"email": "a%b@example.org"},
        {"email": None}, {"password": "short"}, {"password": None}, {"agreement": "false"},
        {"agreement": None},
        {"agreement": "no"}, {"username": "x\x00"},
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(
    app: Joining, post: Callable[[], list[Any]], changes: dict[str, Any]
) -> None:
    answer = app.join(**changes)
    assert answer.status_code in {409, 422}, answer.content
    assert answer.json()["error"]
    assert not User.objects.exists()
    assert post() == []


def test_only_an_app_on_its_own_behalf_that_may_write(app: Joining, alice: Member) -> None:
    assert Joining(scope="read").join().status_code == 403
    token = tokens.issue_token(
        user_id=alice.user_id, profile_id=alice.id, application="t", scopes="write", at=now()
    )
    app.token = token
    assert app.join().status_code == 403
    app.token = "nonsense"
    assert app.join().status_code == 401
    assert User.objects.count() == 1


def test_mautic_11417_a_known_address_is_answered_the_same(
    app: Joining, alice: Member, post: Callable[[], list[Any]]
) -> None:
    known = app.join(email="alice@example.org", username="one_of_them")
    unknown = app.join(email="fresh@example.org", username="another")
    assert known.status_code == unknown.status_code == 200
    assert set(known.json()) == set(unknown.json())
    answers = [
        app.with_token("get", "/api/v1/apps/verify_credentials", joined.json()["access_token"])
        for joined in (known, unknown)
    ]
    assert answers[0].status_code == answers[1].status_code == 403
    assert answers[0].content == answers[1].content
    to_alice, to_fresh = post()
    assert to_alice.to == ["alice@example.org"]
    assert "/accounts/confirm/" not in to_alice.body
    assert "/accounts/confirm/" in to_fresh.body
    assert (
        app.with_token("post", "/api/v1/emails/confirmations", known.json()["access_token"]).status_code
        == 200
    )
    assert post() == []
    assert app.join(email="x@example.org", username="one_of_them").status_code == 409


def test_closed(app: Joining, choice: Callable[..., None]) -> None:
    choice(registrations="closed")
    assert app.join().status_code == 403
    assert not User.objects.exists()


def test_invitation(app: Joining, choice: Callable[..., None], alice: Member) -> None:
    choice(registrations="invitation")
    code = actions.make_invitation(by=alice.user_id, at=now())
    assert app.join().status_code == 422
    assert app.join(invite_code=code).status_code == 200
    assert app.join(invite_code=code, username="second", email="s@example.org").status_code == 422


def test_approval(
    app: Joining, choice: Callable[..., None], operator: Member, post: Callable[[], list[Any]]
) -> None:
    choice(registrations="approval")
    assert app.join().status_code == 422
    token = app.join(reason="I bake").json()["access_token"]
    Client().post(link_in(post()[0]))
    answer = app.with_token("get", "/api/v1/apps/verify_credentials", token)
    assert answer.status_code == 403
    assert "approved" in answer.json()["error"]
    assert app.with_token("get", "/api/v1/emails/check_confirmation", token).json() is True
    [waiting] = queries.awaiting_approval()
    actions.approve(waiting.id, by=operator.user_id, at=MOMENT)
    assert tokens.bearer(token)
