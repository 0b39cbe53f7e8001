"""All published endpoints at once: those apps start with answer, every one asks for the right scope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from api_client import EVERYTHING, App
from api_routes import Route, routes
from published import Endpoint, endpoints

from cast import Member
from majlis.accounts import scopes as scope_rules
from majlis.mastodon_api.urls import FAMILIES

pytestmark = pytest.mark.django_db
#: The list says otherwise than Mastodon does: looking up is for everybody, reading accounts is reading.
NOT_AS_LISTED = ("/api/v1/accounts/lookup", "/api/v2/notifications/:group_key/accounts")

#: Answered by the lane in front of Django, or by pages.
ELSEWHERE = ("/api/v1/streaming", "/oauth/", "/.well-known/oauth-authorization-server", "/api/v1/apps")


def asked(shared: Path, *tiers: str) -> list[Endpoint]:
    return [each for each in endpoints(shared) if each.tier in tiers and not each.path.startswith(ELSEWHERE)]


def send(app: App, endpoint: Endpoint, **parts: object) -> Any:
    path = endpoint.at(**parts)
    return app.get(path) if endpoint.method == "GET" else app.send(endpoint.method, path, {})


def is_missing(answer: Any) -> bool:
    return answer.status_code == 405 or b"This address does not exist" in answer.content


def test_trap_12_what_apps_start_with_answers(alice: Member, shared_data: Path) -> None:
    bodies = {"/api/v1/markers": {"home": {"last_read_id": "1"}}}
    query = {"/.well-known/webfinger": {"resource": "acct:alice@127.0.0.1:8000"}}
    app, wrong = App(alice), []
    for each in asked(shared_data, "1-startup"):
        path = each.at(id=alice.id)
        if each.method == "GET":
            answer = app.get(path, **query.get(each.path, {}))
        else:
            answer = app.send(each.method, path, bodies.get(each.path, {}))
        none_yet = each.path == "/api/v1/push/subscription"  # 404 says that there is no subscription
        if answer.status_code != (404 if none_yet else 200) or is_missing(answer):
            wrong.append((each.method, each.path, answer.status_code))
    assert not wrong


def test_trap_12_what_apps_use_has_an_address(alice: Member, shared_data: Path) -> None:
    app = App(alice)
    missing = [
        (each.method, each.path)
        for each in asked(shared_data, "1-startup", "2-main")
        if is_missing(send(app, each, id=alice.id, account_id=alice.id, hashtag="x", name="x"))
    ]
    assert not missing


def test_trap_12_of_the_rarer_ones_no_list_is_missing(alice: Member, shared_data: Path) -> None:
    app = App(alice)
    missing = [
        each.path
        for each in asked(shared_data, "3-some", "4-lib")
        if each.method == "GET"
        and "/admin/" not in each.path
        and is_missing(send(app, each, id=alice.id, account_id=alice.id, hashtag="x", name="x"))
    ]
    assert not missing


# scopes


def members_only(shared: Path) -> list[Endpoint]:
    return [
        each
        for each in asked(shared, "1-startup", "2-main", "3-some", "4-lib", "5-rare")
        if each.needs_member and "/admin/" not in each.path and each.path not in NOT_AS_LISTED
    ]


def test_nobody_is_answered_where_a_member_is_needed(alice: Member, shared_data: Path) -> None:
    app, wrong = App(None), []
    for each in members_only(shared_data):
        answer = send(app, each)
        if answer.status_code != 401 and not is_missing(answer):
            wrong.append((each.method, each.path, answer.status_code))
    assert not wrong


def test_ghsa_58x8_3qxw_6hm7_an_app_alone_is_no_member_anywhere(shared_data: Path) -> None:
    app, wrong = App(None, scopes="read write follow push profile"), []
    for each in members_only(shared_data):
        answer = send(app, each)
        if answer.status_code not in {401, 403} and not is_missing(answer):
            wrong.append((each.method, each.path, answer.status_code))
    assert not wrong


def test_every_other_scope_is_refused_and_each_named_one_is_enough(alice: Member, shared_data: Path) -> None:
    apps: dict[str, App] = {}

    def app(scopes: str) -> App:
        return apps.setdefault(scopes, App(alice, scopes=scopes))

    wrong = []
    for each in members_only(shared_data):
        if not each.scopes or is_missing(send(app("read write follow push"), each)):
            continue
        others = sorted(
            scope
            for scope in scope_rules.OF_MEMBERS
            if not any(scope_rules.allows({scope}, needed) for needed in each.scopes)
        )
        for scopes, expected in [*((one, False) for one in each.scopes), (" ".join(others), True)]:
            refused = send(app(scopes), each).status_code == 403
            if refused != expected:
                wrong.append((each.method, each.path, scopes[:40], "refused" if refused else "taken"))
    assert not wrong


# what holds for every address that is there, published or not


def own_routes() -> list[Route]:
    return [route for family in FAMILIES for route in routes(family) if "<" not in route.method]


def test_no_address_writes_without_a_token(alice: Member, told: list[Any]) -> None:
    wrong = []
    for route in own_routes():
        if route.method == "GET":
            continue
        answer = App(None).send(route.method, route.at(account_id=alice.id), {})
        if answer.status_code != 401:
            wrong.append((route, answer.status_code))
    assert not wrong
    assert told == []


def test_trap_4_every_list_answers_with_and_without_a_slash(alice: Member) -> None:
    app, different = App(alice), []
    for route in own_routes():
        if route.method == "GET" and "<" not in route.path:
            plain, slashed = app.get(route.path), app.get(route.path + "/")
            if plain.status_code != slashed.status_code or plain.status_code >= 500:
                different.append(route.path)
    assert not different


def test_trap_1_whatever_is_updated_takes_put_and_patch() -> None:
    """masto.js sends PUT for all but one, the documents say PATCH for some."""
    taken: dict[str, set[str]] = {}
    for each in own_routes():
        taken.setdefault(each.path, set()).add(each.method)
    updates = {path: methods for path, methods in taken.items() if methods & {"PUT", "PATCH"}}
    assert len(updates) >= 12
    assert not {path for path, methods in updates.items() if not methods >= {"PUT", "PATCH"}}


def test_nonsense_and_unknown_ids_are_answered_alike(alice: Member) -> None:
    """In every address with an id: letters, a number that nothing has, Arabic digits, a page of digits."""
    app, different = App(alice, scopes=f"{EVERYTHING} studio"), []
    for route in own_routes():
        names = [name for name in ("account_id", "list_id", "filter_id", "keyword_id") if name in route.path]
        if not names:
            continue
        answers = set()
        for id_ in ("nonsense", 4_711, "٤٧", "9" * 50, "-1", "0"):
            answer = app.send(
                route.method, route.at(**dict.fromkeys(names, id_)), {"keyword": "x", "title": "x"}
            )
            answers.add((answer.status_code, answer.content))
        if len(answers) > 1 or {status for status, _body in answers} != {404}:
            different.append((route, answers))
    assert not different


def test_masto_10969_what_one_reader_is_given_is_kept_by_no_cache_between(alice: Member) -> None:
    app = App(alice)
    for path in ("/api/v1/lists", "/api/v1/accounts/verify_credentials", f"/api/v1/accounts/{alice.id}"):
        assert app.get(path)["Cache-Control"] == "private, no-store"
