"""POST /api/v1/apps and GET /api/v1/apps/verify_credentials."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from cast import Member
from majlis.accounts import tokens
from majlis.accounts.models import Application
from majlis.core.clock import now

pytestmark = pytest.mark.django_db

APP: dict[str, Any] = {
    "client_name": "Ivory",
    "redirect_uris": "com.tapbots.Ivory.10217:/request_token",
    "scopes": "read write follow push",
    "website": "https://tapbots.example/ivory",
}
FIELDS = {
    "id", "name", "website", "scopes", "redirect_uris", "redirect_uri", "vapid_key",
    "client_id", "client_secret", "client_secret_expires_at",
}  # fmt: skip


def register(client: Client, **changes: Any) -> Any:
    return client.post("/api/v1/apps", json.dumps(APP | changes), content_type="application/json")


def test_the_answer_is_complete(client: Client) -> None:
    answer = register(client)
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == FIELDS
    assert body["name"] == "Ivory"
    assert body["website"] == APP["website"]
    assert body["scopes"] == ["read", "write", "follow", "push"]
    assert body["redirect_uris"] == [APP["redirect_uris"]]
    assert body["redirect_uri"] == APP["redirect_uris"]
    assert body["client_secret_expires_at"] == 0
    assert body["id"].isdecimal()
    assert len(body["client_secret"]) >= 43
    assert len(body["vapid_key"]) == 87  # 65 bytes in base64url
    assert answer["Cache-Control"] == "no-store"


def test_fields_are_those_of_the_documentation(client: Client, shared_data: Any) -> None:
    lines = (shared_data / "mastodon" / "entities.tsv").read_text().splitlines()
    wanted = {line.split("\t")[1] for line in lines if line.startswith("CredentialApplication\t")}
    assert set(register(client).json()) >= wanted


@pytest.mark.parametrize("encoding", ["json", "form", "multipart"])
def test_every_encoding_of_the_body(client: Client, encoding: str) -> None:
    if encoding == "json":
        answer = register(client)
    elif encoding == "form":
        text = "client_name=Ivory&redirect_uris=urn:ietf:wg:oauth:2.0:oob&scopes=read"
        answer = client.post("/api/v1/apps/", text, content_type="application/x-www-form-urlencoded")
    else:
        answer = client.post("/api/v1/apps", APP)
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize(
    "listed", ["app:/a\nhttps://b.example/c", "app:/a https://b.example/c", ["app:/a", "https://b.example/c"]]
)
def test_trap_8_several_redirect_addresses(client: Client, listed: Any) -> None:
    body = register(client, redirect_uris=listed).json()
    assert body["redirect_uris"] == ["app:/a", "https://b.example/c"]
    assert body["redirect_uri"] == "app:/a\nhttps://b.example/c"


def test_a_list_of_form_fields(client: Client) -> None:
    data = {"client_name": "x", "redirect_uris[]": ["app:/a", "app:/b"]}
    assert client.post("/api/v1/apps", data).json()["redirect_uris"] == ["app:/a", "app:/b"]


def test_scopes_default_to_reading_and_the_website_to_null(client: Client) -> None:
    body = client.post("/api/v1/apps", {"client_name": "x", "redirect_uris": "app:/a"}).json()
    assert body["scopes"] == ["read"]
    assert body["website"] is None


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
        "blob:https://a.example/x", "about:blank", "intent://x#Intent;end", "view-source:https://a.example",
        "https://", "https:///path", "http:", "//a.example/cb", "/cb", "cb", "", "app:",
        "https://a.example/cb#fragment", "https://*.a.example/cb", "https://user@a.example/cb",
        "https://user:pw@a.example/cb", "https://a.example/\tcb", "https://a.example\\@evil.test/",
        "https://[::1/cb", "https://a.example:99999/cb", "https://a.example:port/cb", "1app:/cb",
        "app\x00:/cb",
        "urn:ietf:wg:oauth:2.0:oob:auto", "https://exämple.org/cb", "app:/" + "a" * 3000,
    ],
)  # fmt: skip
def test_cve_2022_36087_redirect_addresses_nobody_should_be_sent_to(client: Client, uri: str) -> None:
    answer = register(client, redirect_uris=[uri])
    assert answer.status_code == 422, answer.content
    assert answer.json()["error"]
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "uri",
    [
        "urn:ietf:wg:oauth:2.0:oob", "https://a.example/cb?x=1", "http://localhost:8080/cb",
        "http://127.0.0.1/cb",
        "http://[::1]:8080/cb", "com.tapbots.Ivory.10217:/request_token", "tusky://auth", "ice-cubes-app://",
        "mona:cb", "https://a.example:8443/cb/../x",
    ],
)  # fmt: skip
def test_trap_8_redirect_addresses_of_real_apps(client: Client, uri: str) -> None:
    assert register(client, redirect_uris=[uri]).json()["redirect_uri"] == uri


@pytest.mark.parametrize(
    "changes",
    [
        {"client_name": ""}, {"client_name": "   "}, {"client_name": "x" * 200}, {"client_name": 7},
        {"client_name": ["x"]}, {"client_name": "a\x00b"}, {"redirect_uris": None}, {"redirect_uris": []},
        {"redirect_uris": {"a": 1}}, {"redirect_uris": ["app:/" + str(n) for n in range(30)]},
        {"scopes": "read everything"}, {"scopes": "READ"}, {"scopes": ["read"]},
        {"website": "javascript:alert(1)"}, {"website": "nowhere"}, {"website": "https://" + "a" * 3000},
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_nothing_kept(client: Client, changes: dict[str, Any]) -> None:
    assert register(client, **changes).status_code == 422
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "body", ["[]", "{", '{"client_name":"a","client_name":"b"}', "NaN", '"x"', "[" * 200]
)
def test_strange_json_is_refused(client: Client, body: str) -> None:
    assert client.post("/api/v1/apps", body, content_type="application/json").status_code in {400, 422}
    assert not Application.objects.exists()


def test_masto_314_the_secret_is_shown_once(client: Client, alice: Member) -> None:
    made = register(client).json()
    app = Application.objects.get()
    assert app.client_secret != made["client_secret"]
    token = tokens.issue_token(
        user_id=alice.user_id, profile_id=alice.id, application=app.pk, scopes="read", at=now()
    )
    answer = client.get("/api/v1/apps/verify_credentials", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert "client_secret" not in answer.json()
    assert made["client_secret"] not in answer.content.decode()
    assert answer.json()["redirect_uris"] == made["redirect_uris"]


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}]
)
def test_verifying_without_a_good_token(client: Client, header: dict[str, str]) -> None:
    answer = client.get("/api/v1/apps/verify_credentials", headers=header)
    assert answer.status_code == 401
    assert answer.json()["error"]


def test_any_origin_may_call_and_no_cookie_counts(client: Client) -> None:
    answer = client.options("/api/v1/apps", headers={"Origin": "https://elk.example"})
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
