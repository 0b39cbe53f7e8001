"""What all endpoints have in common, on endpoints made for this file."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from api_client import App, token_of
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cast import MOMENT, Member
from majlis.accounts import tokens
from majlis.core.paging import Slice
from majlis.mastodon_api import bodies, rate
from majlis.mastodon_api.params import NO_ID
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.mastodon_api.urls import after_all
from majlis.people import actions as people

pytestmark = pytest.mark.django_db


@endpoint("read:statuses", public=True)
def _open(call: Call, thing_id: int) -> Any:
    return {"viewer": call.viewer, "id": thing_id, "sent": call.params.values}


@endpoint("write:statuses")
def _own(call: Call) -> Any:
    return {"viewer": call.me, "sent": call.params.values, "files": sorted(call.params._files)}


@endpoint("read:statuses")
def _typed(call: Call) -> Any:
    take = call.params
    return {
        "flag": take.maybe_flag("flag"),
        "whole": take.whole("whole", most=100),
        "text": take.text("text"),
        "id": take.id("id"),
        "ids": take.ids("ids"),
        "moment": moment.isoformat() if (moment := take.moment("moment")) else None,
        "items": [item.text("name") for item in take.items("items")],
    }


@endpoint("read:statuses", public=True)
def _paged(call: Call) -> Any:
    """A hundred things, the ids of which are their own squares."""
    page = call.page()
    all_ids = [number * number for number in range(1, 101)]
    inside = [id_ for id_ in all_ids if page.above < id_ < page.below]
    chosen = inside[: page.limit] if page.upward else inside[::-1][: page.limit]
    found: Slice[int] = page.slice_of((id_, id_) for id_ in chosen)
    return call.listed(found, list(found.items))


urlpatterns = [
    route("api/v1/open/<thing_id>", GET=_open, PUT=_open),
    route("api/v1/own", POST=_own, PUT=_own, DELETE=_own),
    route("api/v1/typed", POST=_typed),
    route("api/v1/paged", GET=_paged),
    *after_all,
]


@pytest.fixture(autouse=True)
def _only_these_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


# who asks


def test_a_token_says_who_asks(alice: Member) -> None:
    assert App(alice).get("/api/v1/open/7").json()["viewer"] == alice.id


def test_public_endpoints_take_nobody_and_apps(db: None) -> None:
    assert App(None).get("/api/v1/open/7").json()["viewer"] is None
    assert App(None, scopes="read").get("/api/v1/open/7").json()["viewer"] is None


def test_a_bad_token_is_refused_even_where_none_is_needed(alice: Member) -> None:
    app = App(alice)
    app.token = "nonsense"
    for path in ("/api/v1/open/7", "/api/v1/paged"):
        answer = app.get(path)
        assert (answer.status_code, answer.json()) == (
            401,
            {"error": "The access token is invalid.", "code": "invalid_token"},
        )


def test_without_a_token_an_own_endpoint_is_401(db: None) -> None:
    assert App(None).post("/api/v1/own", {}).status_code == 401


def test_ghsa_58x8_3qxw_6hm7_a_token_of_the_app_alone_is_no_member(db: None) -> None:
    answer = App(None, scopes="read write").post("/api/v1/own", {})
    assert answer.status_code == 403
    assert answer.json()["error"] == "This method requires an authenticated user."


@pytest.mark.parametrize("scopes", ["read", "write:media", "follow", "push"])
def test_a_scope_that_is_missing_is_403(alice: Member, scopes: str) -> None:
    answer = App(alice, scopes=scopes).post("/api/v1/own", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_scopes")


@pytest.mark.parametrize("scopes", ["write", "write:statuses", "read write"])
def test_broad_and_narrow_scopes_are_enough(alice: Member, scopes: str) -> None:
    assert App(alice, scopes=scopes).post("/api/v1/own", {}).status_code == 200


def test_public_endpoints_ask_for_the_scope_when_there_is_a_token(alice: Member) -> None:
    assert App(alice, scopes="write").get("/api/v1/open/7").status_code == 403


def test_masto_353_suspended_a_withdrawn_profile_asks_for_nothing(alice: Member) -> None:
    app = App(alice)
    people.withdraw_profile(profile_id=alice.id, at=MOMENT)
    for answer in (app.get("/api/v1/open/7"), app.post("/api/v1/own", {})):
        assert (answer.status_code, answer.json()["code"]) == (403, "withdrawn")


def test_ghsa_7w3c_p9j8_mq3x_a_revoked_token_is_refused(alice: Member) -> None:
    app = App(alice)
    assert app.get("/api/v1/open/7").status_code == 200
    tokens.revoke_all(user_id=alice.user_id, at=MOMENT)
    assert app.get("/api/v1/open/7").status_code == 401


@pytest.mark.parametrize("where", ["query", "form", "json"])
def test_the_token_may_be_a_parameter(alice: Member, where: str) -> None:
    token, nobody = token_of(alice), App(None)
    if where == "query":
        answer = nobody.post(f"/api/v1/own?access_token={token}", {})
    elif where == "form":
        answer = nobody.form("POST", "/api/v1/own", {"access_token": token})
    else:
        answer = nobody.post("/api/v1/own", {"access_token": token})
    assert answer.json()["viewer"] == alice.id


def test_cve_2021_32677_cookies_are_not_read(alice: Member) -> None:
    browser = Client()
    browser.force_login(alice.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post("/api/v1/own", {"a": "b"}).status_code == 401
    assert browser.get("/api/v1/open/1").json()["viewer"] is None


# what was sent: trap 3

VALUES = {
    "status": "مرحبا & 100%",
    "media_ids": ["1", "2"],
    "poll": {"options": ["a", "b"], "multiple": "true"},
    "fields_attributes": {"0": {"name": "x", "value": "y"}, "1": {"name": "z", "value": ""}},
    "keywords_attributes": [
        {"keyword": "one", "whole_word": "true"},
        {"keyword": "two", "whole_word": "false"},
    ],
}


def test_json_form_multipart_and_query_say_the_same(alice: Member) -> None:
    app = App(alice)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answers = [
            app.send(method, "/api/v1/own", VALUES),
            app.form(method, "/api/v1/own", VALUES),
            app.multipart(method, "/api/v1/own", VALUES),
        ]
        assert [answer.json()["sent"] for answer in answers] == [VALUES] * 3, method


def test_the_query_is_read_too_and_the_body_wins(alice: Member) -> None:
    answer = App(alice).post("/api/v1/own?status=query&only=here", {"status": "body"})
    assert answer.json()["sent"] == {"status": "body", "only": "here"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": "\\ud800"}',
        b"[1]",
        b'"text"',
        b"{",
        b'{"a":' * 65 + b"1" + b"}" * 65,
    ],
)
def test_json_that_readers_disagree_about_is_refused(alice: Member, body: bytes) -> None:
    answer = App(alice).call("POST", "/api/v1/own", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]


@pytest.mark.parametrize("text", ["a=1&a[b]=2", "a[]=1&a[b]=2", "a[b]=1&a=2", "a" + "[b]" * 9 + "=1"])
def test_names_that_contradict_each_other_are_refused(alice: Member, text: str) -> None:
    form = "application/x-www-form-urlencoded"
    answer = App(alice).call("POST", "/api/v1/own", data=text.encode(), content_type=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_bookwyrm_602c505_a_body_that_is_too_large_is_refused_before_it_is_read(alice: Member) -> None:
    app = App(alice)
    body = b'{"a":"' + b"x" * bodies.MEGABYTE + b'"}'
    assert app.call("POST", "/api/v1/own", data=body, content_type="application/json").status_code == 413
    for stated in ("99999999999", "-1", "1e3", "٣"):
        answer = app.call(
            "POST", "/api/v1/own", data=b"{}", content_type="application/json", CONTENT_LENGTH=stated
        )
        assert answer.status_code in {413, 422}, stated


def test_cve_2023_24580_ghsa_p24m_863f_fm6q_a_thousand_fields_and_a_hundred_files_are_the_most(
    alice: Member,
) -> None:
    app = App(alice)
    many = {f"f{number}": "x" for number in range(1001)}
    assert app.form("POST", "/api/v1/own", many).status_code == 413
    assert app.multipart("POST", "/api/v1/own", many).status_code == 413
    files = {f"f{number}": ("a.txt", b"x", "text/plain") for number in range(101)}
    assert app.multipart("POST", "/api/v1/own", {}, **files).status_code == 413


def test_a_broken_upload_is_refused(alice: Member) -> None:
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=\x01"):
        answer = App(alice).call("POST", "/api/v1/own", data=b"--x\r\n\r\n", content_type=content_type)
        assert answer.status_code == 422


Leaf = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
Name = st.text("abcdef_", min_size=1, max_size=5)
Nested = st.recursive(
    Leaf,
    lambda inner: (
        st.dictionaries(Name, inner, min_size=1, max_size=3) | st.lists(Leaf, min_size=1, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(Name, Nested, max_size=4))
def test_a_form_says_what_the_same_json_says(values: dict[str, Any]) -> None:
    from api_client import pairs

    assert bodies._nested(pairs(values)) == values


# typed


_MEANT = {True: [True, "true", "1", "on", 1], False: [False, "false", "0", "off", "", 0], None: [None]}


@pytest.mark.parametrize(
    ("sent", "meant"), [(sent, meant) for meant, all_ in _MEANT.items() for sent in all_]
)
def test_flags(alice: Member, sent: Any, meant: bool | None) -> None:
    assert App(alice).post("/api/v1/typed", {"flag": sent}).json()["flag"] is meant


@pytest.mark.parametrize("sent", [[], {}, 2, "maybe", [True], 1.0])
def test_cve_2026_27491_what_is_neither_true_nor_false_is_refused(alice: Member, sent: Any) -> None:
    answer = App(alice).post("/api/v1/typed", {"flag": sent})
    assert (answer.status_code, answer.json()["error"]) == (422, "flag is either true or false.")


@pytest.mark.parametrize(
    "body",
    [
        {"whole": "ten"},
        {"whole": "101"},
        {"whole": "-1"},
        {"whole": "1.5"},
        {"whole": "٣"},
        {"text": ["a"]},
        {"text": {"a": "b"}},
        {"text": True},
        {"text": "a\x00b"},
        {"ids": [{"a": 1}] * 101},
        {"moment": "yesterday"},
        {"moment": "9999-99-99"},
        {"items": "text"},
        {"items": ["text"]},
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(alice: Member, body: dict[str, Any]) -> None:
    answer = App(alice).post("/api/v1/typed", body)
    assert answer.status_code == 422, answer.content
    assert next(iter(body)) in answer.json()["error"]


def test_ids_that_are_none_become_one_that_nothing_has(alice: Member) -> None:
    body = {"ids": ["1", 2, "x", "-3", "٣", "9" * 30, "1"], "id": "../../etc/passwd"}
    answer = App(alice).post("/api/v1/typed", body).json()
    assert (answer["ids"], answer["id"]) == ([1, 2, NO_ID], NO_ID)


def test_moments_and_numbered_lists(alice: Member) -> None:
    sent = {"moment": "2026-11-22T18:30:00.000Z", "items": {"10": {"name": "b"}, "9": {"name": "a"}}}
    answer = App(alice).post("/api/v1/typed", sent).json()
    assert (answer["moment"], answer["items"]) == ("2026-11-22T18:30:00+00:00", ["a", "b"])


# addresses and methods


def test_trailing_slashes_are_forgiven(alice: Member) -> None:
    app = App(alice)
    assert app.get("/api/v1/open/7/").json() == app.get("/api/v1/open/7").json()
    assert app.post("/api/v1/own/", {"a": "1"}).json()["sent"] == {"a": "1"}


def test_patch_is_put_and_head_is_get(alice: Member) -> None:
    app = App(alice)
    assert (
        app.send("PATCH", "/api/v1/own", {}).status_code
        == app.send("PUT", "/api/v1/own", {}).status_code
        == 200
    )
    assert app.call("HEAD", "/api/v1/open/7").status_code == 200


def test_other_methods_are_405_in_json(alice: Member) -> None:
    answer = App(alice).get("/api/v1/own")
    assert (answer.status_code, answer["Allow"]) == (405, "DELETE, PATCH, POST, PUT")
    assert answer.json()["error"]


def test_an_address_with_a_nul_is_not_there(db: None) -> None:
    assert App(None).get("/api/v1/open/%00").status_code == 404


@pytest.mark.parametrize("id_", ["x", "-1", "-0", "1e5", "9" * 40, "٣", "1%0A"])
def test_nonsense_in_an_address_is_an_id_that_nothing_has(db: None, id_: str) -> None:
    answer = App(None).get(f"/api/v1/open/{id_}")
    assert answer.json()["id"] == NO_ID


def test_an_unknown_address_is_404_in_json(db: None) -> None:
    for path in ("/api/v1/nothing", "/api/", "/api/v9/x/", "/api/v1/open/7/more"):
        answer = App(None).get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json; charset=utf-8")
        assert answer.json()["error"] == "This address does not exist."


# answers


def test_sentences_are_in_the_language_asked_for(db: None) -> None:
    one = App(None).call("POST", "/api/v1/own", headers={"Accept-Language": "en"}).json()["error"]
    other = App(None).call("POST", "/api/v1/own", headers={"Accept-Language": "ar"}).json()["error"]
    assert one == "The access token is invalid."
    assert other == one or re.search("[\u0600-\u06ff]", other)


def test_browsers_on_other_origins_may_ask(db: None) -> None:
    answer = App(None).call("OPTIONS", "/api/v1/own", headers={"Origin": "https://app.example"})
    assert answer.status_code == 204
    assert "Idempotency-Key" in answer["Access-Control-Allow-Headers"]
    assert "PATCH" in answer["Access-Control-Allow-Methods"]
    for response in (
        App(None).get("/api/v1/open/7"),
        App(None).get("/api/v1/nothing"),
        App(None).post("/api/v1/own"),
    ):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Link" in response["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in response


def test_masto_10969_what_is_one_members_is_in_no_shared_cache(alice: Member) -> None:
    for answer in (
        App(alice).get("/api/v1/open/7"),
        App(None).get("/api/v1/open/7", access_token=token_of(alice)),
        App(alice).post("/api/v1/own", {}),
        App(None).get("/api/v1/nothing"),
    ):
        assert answer["Cache-Control"] == "private, no-store"
    answer = App(None).get("/api/v1/open/7")
    assert "private" not in answer["Cache-Control"]
    assert "Authorization" in answer["Vary"]


def test_what_is_left_is_told_and_ends(alice: Member, choice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    choice(limits=True)
    monkeypatch.setattr(rate, "OF_MEMBER", 3)
    app = App(alice)
    left = [app.get("/api/v1/open/7")["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = app.get("/api/v1/open/7")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= rate.WINDOW
    assert App(None).get("/api/v1/open/7").status_code == 200


def test_link_headers_walk_everything_in_both_directions(db: None) -> None:
    app = App(None)
    down, path = [], "/api/v1/paged?limit=7"
    while path:
        answer = app.get(path)
        down += answer.json()
        path = _linked(answer, "next")
    assert down == [number * number for number in range(100, 0, -1)]
    up, path = [], "/api/v1/paged?min_id=0&limit=7"
    while path:
        answer = app.get(path)
        up = answer.json() + up
        path = _linked(answer, "prev")
    assert up == down


def test_links_keep_the_parameters_and_never_the_token(alice: Member) -> None:
    answer = App(None).get("/api/v1/paged", access_token=token_of(alice), limit=5, local="true")
    assert "access_token" not in answer["Link"]
    query = parse_qs(urlsplit(_linked(answer, "next")).query)
    assert query == {"limit": ["5"], "local": ["true"], "max_id": [str(96 * 96)]}


def _linked(answer: Any, relation: str) -> str:
    match = re.search(rf'<([^>]+)>; rel="{relation}"', answer.headers.get("Link", ""))
    if not match:
        return ""
    parts = urlsplit(match[1])
    return f"{parts.path}?{parts.query}"


def test_json_never_escapes_arabic(alice: Member) -> None:
    answer = App(alice).post("/api/v1/own", {"status": "سلام"})
    assert "سلام" in answer.content.decode()
    assert json.loads(answer.content)["sent"]["status"] == "سلام"
