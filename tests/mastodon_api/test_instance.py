"""What this server says of itself, and how it and its people are found."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from api_client import App
from django.conf import settings

import cast
from cast import MOMENT, Member
from majlis.core.clock import now
from majlis.mastodon_api import instance
from majlis.people import actions
from majlis.posts import composing
from majlis.safety import actions as safety

pytestmark = pytest.mark.django_db
HOST = "127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    instance._counted.clear()


def test_trap_11_the_version_says_what_it_is_and_what_it_behaves_like() -> None:
    for path in ("/api/v1/instance", "/api/v2/instance"):
        version = App(None).get(path).json()["version"]
        assert re.fullmatch(r"4\.\d+\.\d+ \(compatible; Majlis \d+\.\d+\.\d+\)", version)
    assert App(None).get("/api/v2/instance").json()["api_versions"] == {"mastodon": 7}
    assert App(None).get("/nodeinfo/2.0").json()["software"]["name"] == "majlis"


def test_limits_are_those_that_are_kept(alice: Member) -> None:
    for path in ("/api/v1/instance", "/api/v2/instance"):
        limits = App(None).get(path).json()["configuration"]
        assert limits["statuses"]["max_characters"] == settings.MAJLIS.post_characters
        assert limits["statuses"]["max_media_attachments"] == composing.MOST_PHOTOS
        assert limits["statuses"]["max_mentions"] == composing.MOST_MENTIONS
        assert limits["statuses"]["max_hashtags"] == composing.MOST_TAGS
        assert limits["polls"]["max_options"] == composing.MOST_OPTIONS
    app, most = App(alice), limits["accounts"]["max_profile_fields"]
    fields = [{"name": str(number), "value": "x"} for number in range(most + 1)]
    path = "/api/v1/accounts/update_credentials"
    assert app.send("PATCH", path, {"fields_attributes": fields}).status_code == 422
    assert app.send("PATCH", path, {"fields_attributes": fields[:most]}).status_code == 200


@pytest.mark.parametrize(
    ("mode", "enabled", "approval"),
    [("open", True, False), ("approval", True, True), ("invitation", False, False), ("closed", False, False)],
)
def test_whether_one_can_join(mode: str, enabled: bool, approval: bool, choice: Callable[..., None]) -> None:
    choice(registrations=mode)
    today = App(None).get("/api/v2/instance").json()["registrations"]
    old = App(None).get("/api/v1/instance").json()
    assert (today["enabled"], today["approval_required"]) == (enabled, approval)
    assert (old["registrations"], old["approval_required"]) == (enabled, approval)
    assert old["invites_enabled"] is (mode == "invitation")
    assert App(None).get("/nodeinfo/2.0").json()["openRegistrations"] is (mode == "open")


def test_what_the_operator_wrote_is_escaped(choice: Callable[..., None]) -> None:
    choice(description="Bread & <b>books</b>", server_name="<i>Majlis</i>")
    old = App(None).get("/api/v1/instance").json()
    assert old["description"] == "<p>Bread &amp; &lt;b&gt;books&lt;/b&gt;</p>"
    about = App(None).get("/api/v1/instance/extended_description").json()
    assert about["content"] == old["description"]


def test_streams_are_reached_over_tls_where_the_server_is(choice: Callable[..., None]) -> None:
    choice(base_url="https://majlis.example")
    found = App(None).get("/api/v2/instance").json()
    assert found["configuration"]["urls"]["streaming"] == "wss://majlis.example"
    assert found["domain"] == "majlis.example"


def test_rules_in_both_languages() -> None:
    keeper = cast.operator()
    made = safety.add_rule(
        by=keeper.user_id, text="Be kind", text_ar="كن لطيفا", hint="h", hint_ar="", at=MOMENT
    )
    rule = {
        "id": str(made),
        "text": "Be kind",
        "hint": "h",
        "translations": {
            "en": {"text": "Be kind", "hint": "h"},
            "ar": {"text": "كن لطيفا", "hint": ""},
        },
    }
    assert App(None).get("/api/v1/instance/rules").json() == [rule]
    assert App(None).get("/api/v2/instance").json()["rules"] == [rule]


def test_numbers_are_counted_now_and_then_only(alice: Member, django_assert_num_queries: Any) -> None:
    app = App(None)
    assert app.get("/api/v1/instance").json()["stats"]["user_count"] == 1
    cast.bob()
    assert app.get("/api/v1/instance").json()["stats"]["user_count"] == 1
    with django_assert_num_queries(1):  # the rules
        app.get("/api/v2/instance")
    instance._counted.clear()
    assert app.get("/api/v1/instance").json()["stats"]["user_count"] == 2


def test_what_is_private_is_not_counted_week_by_week(alice: Member) -> None:
    app = App(alice)
    for visibility in ("public", "private", "direct", "unlisted"):
        app.post("/api/v1/statuses", {"status": visibility, "visibility": visibility})
    weeks = App(None).get("/api/v1/instance/activity").json()
    assert len(weeks) == 12
    assert weeks[0] == {"week": weeks[0]["week"], "statuses": "1", "logins": "1", "registrations": "1"}
    assert int(weeks[0]["week"]) <= now().timestamp() < int(weeks[0]["week"]) + 7 * 86_400
    assert {each["statuses"] for each in weeks[1:]} == {"0"}


def test_what_there_is_none_of() -> None:
    app = App(None)
    for name in ("peers", "domain_blocks"):
        assert app.get(f"/api/v1/instance/{name}").json() == []
    assert app.get("/api/v1/peers/search", q="x").json() == []
    assert app.get("/api/v1/instance/translation_languages").json() == {}
    assert app.get("/api/v1/instance/terms_of_service").status_code == 404
    assert app.get("/api/v1/instance/terms_of_service/2026-01-01").status_code == 404
    assert {each["code"] for each in app.get("/api/v1/instance/languages").json()} == {"ar", "en"}
    assert "/privacy" in app.get("/api/v1/instance/privacy_policy").json()["content"]


# WebFinger, NodeInfo, host-meta


def finger(resource: str) -> Any:
    return App(None).get("/.well-known/webfinger", resource=resource)


def test_webfinger_finds_people_of_this_server(alice: Member) -> None:
    wanted = [
        f"acct:alice@{HOST}",
        f"acct:ALICE@{HOST}",
        f"alice@{HOST}",
        f"@alice@{HOST}",
        f"http://{HOST}/@alice",
        f"http://{HOST}/users/{alice.id}",
    ]
    for resource in wanted:
        answer = finger(resource)
        assert answer.status_code == 200, resource
        assert answer["Content-Type"] == "application/jrd+json"
        assert answer["Access-Control-Allow-Origin"] == "*"
        found = answer.json()
        assert found["subject"] == f"acct:alice@{HOST}"
        assert found["aliases"] == [f"http://{HOST}/@alice", f"http://{HOST}/users/{alice.id}"]
        assert found["links"][0]["rel"] == "http://webfinger.net/rel/profile-page"


def test_webfinger_finds_arabic_handles() -> None:
    layla = cast.member("ليلى")
    for resource in (f"acct:ليلى@{HOST}", f"http://{HOST}/@{quote('ليلى')}"):
        answer = finger(resource)
        assert answer.status_code == 200, resource
        assert answer.json()["subject"] == f"acct:{quote(layla.profile.handle)}@{HOST}"


def test_dap_3ea46cc_who_is_hidden_is_as_unknown_as_nobody(alice: Member, charlie: Member) -> None:
    actions.withdraw_profile(profile_id=charlie.id, at=MOMENT)
    wanted = [
        f"acct:charlie@{HOST}",
        f"acct:nobody@{HOST}",
        f"http://{HOST}/users/{charlie.id}",
        f"http://{HOST}/users/4711",
        "acct:alice@elsewhere.example",
        "acct:alice",
        "https://elsewhere.example/@alice",
        f"http://{HOST}/@alice/1",
        "http://[",
        "javascript://x/@alice",
    ]
    answers = {(answer.status_code, answer.content) for answer in map(finger, wanted)}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


@pytest.mark.parametrize("resource", ["", "x" * 1_001])
def test_webfinger_wants_a_resource(resource: str) -> None:
    assert finger(resource).status_code == 422


def test_cve_2021_29431_nothing_is_asked_of_other_servers(alice: Member) -> None:
    """Names with ports, paths and users in them are nobody's; the network is blocked in this suite."""
    for host in (f"{HOST}@evil.example", f"{HOST}/x", f"evil.example#{HOST}", f"user:pw@{HOST}"):
        assert finger(f"acct:alice@{host}").status_code == 404
        assert finger(f"http://{host}/@alice").status_code == 404


def test_the_way_to_nodeinfo(alice: Member) -> None:
    app = App(None)
    link = app.get("/.well-known/nodeinfo").json()["links"][0]
    assert link["rel"].endswith("/schema/2.0")
    found = app.get(link["href"].removeprefix(f"http://{HOST}")).json()
    assert found["version"] == "2.0"
    assert found["usage"] == {"users": {"total": 1, "activeMonth": 0, "activeHalfyear": 0}, "localPosts": 0}


def test_host_meta_leads_to_webfinger() -> None:
    answer = App(None).get("/.well-known/host-meta")
    assert answer["Content-Type"].startswith("application/xrd+xml")
    assert f"http://{HOST}/.well-known/webfinger?resource={{uri}}" in answer.content.decode()
