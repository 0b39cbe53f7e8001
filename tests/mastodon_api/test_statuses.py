"""Writing, reading, editing and deleting statuses over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from api_client import App
from entity_rules import Entities

import golden
from cast import MOMENT, Member, follows, friends
from majlis.core.clock import now
from majlis.people import access
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db


def _post(app: App, text: str = "hello", **fields: Any) -> Any:
    answer = app.post("/api/v1/statuses", {"status": text} | fields)
    assert answer.status_code == 200, answer.content
    return answer.json()


# writing


def test_a_status_is_complete_to_the_field(alice: Member, rules: Entities) -> None:
    status = _post(App(alice), "مرحبا @alice #صباح_الخير https://example.org/a", spoiler_text="hm")
    assert rules.faults("Status", status) == []
    assert App(None).get(f"/api/v1/statuses/{status['id']}").json().keys() < status.keys()


def test_a_status_as_it_always_was(alice: Member, bob: Member) -> None:
    app = App(alice)
    poll = {"options": ["tea", "قهوة"], "expires_in": 3600, "multiple": True, "hide_totals": True}
    asked = _post(app, "What do you drink, @bob? #tea", poll=poll, language="en", spoiler_text="drinks")
    quoting = _post(App(bob), "look", quoted_status_id=asked["id"], visibility="unlisted")
    names = {alice.id: "account(alice)", bob.id: "account(bob)"}
    names |= {int(asked["id"]): "post(asked)", int(quoting["id"]): "post(quoting)"}
    names[int(asked["poll"]["id"])] = "poll(0)"
    golden.check("status_quoting_a_poll", quoting, names)


@pytest.mark.parametrize("way", ["json", "form", "multipart"])
def test_trap_3_json_form_and_multipart_make_the_same_status(alice: Member, way: str) -> None:
    app = App(alice)
    body = {
        "status": "عربي & more",
        "visibility": "unlisted",
        "sensitive": True,
        "spoiler_text": "hm",
        "language": "ar",
        "poll": {"options": ["a", "b"], "expires_in": 600, "multiple": True},
    }
    send = {"json": app.send, "form": app.form, "multipart": app.multipart}[way]
    status = send("POST", "/api/v1/statuses", body).json()
    assert status["content"] == "<p>عربي &amp; more</p>"
    seen = (status["visibility"], status["sensitive"], status["spoiler_text"], status["language"])
    assert seen == ("unlisted", True, "hm", "ar")
    assert [option["title"] for option in status["poll"]["options"]] == ["a", "b"]
    assert status["poll"]["multiple"] is True


def test_a_key_makes_a_repeated_submission_one_status(alice: Member) -> None:
    app, key = App(alice), {"Idempotency-Key": "once"}
    first, second = (
        app.post("/api/v1/statuses", {"status": "hello"}, headers=dict(key)).json() for _ in range(2)
    )
    assert first["id"] == second["id"]
    assert app.post("/api/v1/statuses", {"status": "hello"}).json()["id"] != first["id"]


@pytest.mark.parametrize(
    ("visibility", "audience"),
    [("public", "public"), ("unlisted", "unlisted"), ("private", "followers"), ("direct", "mentioned")],
)
def test_visibilities(alice: Member, visibility: str, audience: str) -> None:
    status = _post(App(alice), visibility=visibility)
    assert (status["visibility"], status["majlis"]["audience"]) == (visibility, audience)


def test_finer_audiences_are_private_to_older_apps(alice: Member, bob: Member, charlie: Member) -> None:
    friends(alice, bob)
    follows(charlie, alice)
    circle = people.create_circle(by=alice.id, name="family", at=MOMENT)
    people.add_to_circle(
        circle=access.own_circle(circle_id=circle, by=alice.id), by=alice.id, member=bob.seen, at=MOMENT
    )
    for beyond in ({"audience": "friends"}, {"audience": "circle", "circle_id": str(circle)}):
        status = _post(App(alice), majlis=beyond)
        assert status["visibility"] == "private"
        assert str(circle) not in App(bob).get(f"/api/v1/statuses/{status['id']}").content.decode()
        assert App(charlie).get(f"/api/v1/statuses/{status['id']}").status_code == 404


def test_what_is_left_out_is_as_the_writer_prefers(alice: Member) -> None:
    people.change_preferences(by=alice.id, changes={"audience": "followers", "sensitive": True}, at=MOMENT)
    status = _post(App(alice))
    assert (status["visibility"], status["sensitive"]) == ("private", True)
    assert _post(App(alice), visibility="public", sensitive=False)["visibility"] == "public"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": ""},
        {"status": "   "},
        {"status": ["a"]},
        {"status": "x" * 501},
        {"status": "a", "visibility": "secret"},
        {"status": "a", "majlis": "text"},
        {"status": "a", "majlis": {"audience": "everybody"}},
        {"status": "a", "majlis": {"audience": "circle"}},
        {"status": "a", "sensitive": "perhaps"},
        {"status": "a", "language": ["en"]},
        {"status": "a", "poll": {"options": ["one"], "expires_in": 600}},
        {"status": "a", "poll": {"options": ["one", "one"], "expires_in": 600}},
        {"status": "a", "poll": {"options": ["one", "two"], "expires_in": 1}},
        {"status": "a", "poll": {"options": ["one", "two"]}},
        {"status": "a", "poll": {"options": [str(number) for number in range(9)], "expires_in": 600}},
        {"status": "a", "poll": {"options": [str(number) for number in range(99)], "expires_in": 600}},
        {"status": "a", "media_ids": [str(number) for number in range(1, 18)]},
        {"status": "a", "scheduled_at": "soon"},
        {"status": "a", "scheduled_at": "2020-01-01T00:00:00Z"},
        {"status": "a", "quote_approval_policy": "some"},
        {"status": "a\x00b"},
    ],
)
def test_bad_input_is_a_sentence_and_changes_nothing(alice: Member, body: dict[str, Any]) -> None:
    app = App(alice)
    answer = app.post("/api/v1/statuses", body)
    assert answer.status_code == 422, answer.content
    assert len(answer.json()["error"]) > 10
    assert app.get(f"/api/v1/accounts/{alice.id}/statuses").json() == []


@pytest.mark.parametrize("field", ["in_reply_to_id", "quoted_status_id", "quote_id", "media_ids"])
def test_unknown_others_and_nonsense_ids_are_the_same_answer(
    alice: Member, charlie: Member, field: str
) -> None:
    private = _post(App(alice), visibility="private")
    answers = []
    for id_ in (private["id"], "123456", "nonsense", "-1", "9" * 30):
        value = [id_] if field == "media_ids" else id_
        answer = App(charlie).post("/api/v1/statuses", {"status": "a", field: value})
        answers.append((answer.status_code, answer.content))
    assert len(set(answers)) == 1
    assert answers[0][0] == 404


def test_text_is_counted_as_people_count(alice: Member) -> None:
    assert _post(App(alice), "👩‍👩‍👧‍👦" * 500)["id"]


def test_replies_know_whom_they_answer(alice: Member, bob: Member) -> None:
    first = _post(App(alice))
    reply = _post(App(bob), "yes", in_reply_to_id=first["id"])
    assert (reply["in_reply_to_id"], reply["in_reply_to_account_id"]) == (first["id"], str(alice.id))
    assert App(alice).get(f"/api/v1/statuses/{first['id']}").json()["replies_count"] == 1


def test_who_may_reply_and_quote(alice: Member, charlie: Member) -> None:
    closed = _post(App(alice), quote_approval_policy="nobody", majlis={"may_reply": "followers"})
    assert closed["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    for field in ("in_reply_to_id", "quoted_status_id"):
        answer = App(charlie).post("/api/v1/statuses", {"status": "a", field: closed["id"]})
        assert answer.status_code == 403


def test_trap_5_ids_are_texts_that_grow(alice: Member) -> None:
    ids = [_post(App(alice), f"number {number}")["id"] for number in range(5)]
    assert all(id_.isdecimal() for id_ in ids)
    assert ids == sorted(ids, key=lambda id_: (len(id_), id_))


def test_the_app_is_named(alice: Member) -> None:
    status = _post(App(alice))
    assert status["application"] == {"name": "tests", "website": None}


def test_masto_314_no_secret_of_the_app_is_told(alice: Member) -> None:
    assert set(_post(App(alice))["application"]) == {"name", "website"}


# reading


def test_several_at_once_in_the_order_asked(alice: Member, charlie: Member) -> None:
    ids = [_post(App(alice), f"number {number}")["id"] for number in range(3)]
    hidden = _post(App(alice), visibility="private")["id"]
    found = App(charlie).get("/api/v1/statuses", id=[ids[2], hidden, "nonsense", ids[0]]).json()
    assert [status["id"] for status in found] == [ids[2], ids[0]]
    assert App(charlie).get("/api/v1/statuses").json() == []
    assert App(charlie).get("/api/v1/statuses", id=list(range(1, 100))).status_code == 422


def test_context_shows_what_stands_around(alice: Member, bob: Member, charlie: Member) -> None:
    first = _post(App(alice), "first")
    second = _post(App(bob), "second", in_reply_to_id=first["id"])
    third = _post(App(alice), "third", in_reply_to_id=second["id"])
    secret = _post(App(bob), "@alice secret", in_reply_to_id=second["id"], visibility="direct")
    around = App(alice).get(f"/api/v1/statuses/{second['id']}/context").json()
    assert [status["id"] for status in around["ancestors"]] == [first["id"]]
    assert [status["id"] for status in around["descendants"]] == [third["id"], secret["id"]]
    for stranger in (App(charlie), App(None)):
        seen = stranger.get(f"/api/v1/statuses/{second['id']}/context")
        assert [status["id"] for status in seen.json()["descendants"]] == [third["id"]]
        assert b"secret" not in seen.content


def test_context_leaves_out_those_one_does_not_want_to_read(alice: Member, bob: Member) -> None:
    first = _post(App(alice))
    _post(App(bob), "no", in_reply_to_id=first["id"])
    assert App(alice).get(f"/api/v1/statuses/{first['id']}/context").json()["descendants"]
    people.mute(by=alice.id, whom=bob.seen, at=MOMENT)
    assert App(alice).get(f"/api/v1/statuses/{first['id']}/context").json()["descendants"] == []


def test_card_and_translation(alice: Member) -> None:
    status = _post(App(alice))
    assert App(None).get(f"/api/v1/statuses/{status['id']}/card").json() == {}
    answer = App(alice).post(f"/api/v1/statuses/{status['id']}/translate")
    assert (answer.status_code, answer.json()["code"]) == (503, "no_translations")


# editing


def test_an_edit_and_its_history(alice: Member, rules: Entities) -> None:
    app = App(alice)
    first = _post(app, "first #one", spoiler_text="hm")
    for method in ("PUT", "PATCH"):  # trap 1
        body = {"status": f"{method} #two", "spoiler_text": "", "language": "ar"}
        edited = app.send(method, f"/api/v1/statuses/{first['id']}", body).json()
        assert edited["content"].startswith(f"<p>{method} ")
    assert edited["edited_at"]
    assert [tag["name"] for tag in edited["tags"]] == ["two"]
    history = App(None).get(f"/api/v1/statuses/{first['id']}/history").json()
    assert [rules.faults("StatusEdit", version) for version in history] == [[], [], []]
    assert [version["spoiler_text"] for version in history] == ["hm", "", ""]
    source = app.get(f"/api/v1/statuses/{first['id']}/source").json()
    assert rules.faults("StatusSource", source) == []
    assert (source["text"], source["spoiler_text"]) == ("PATCH #two", "")


def test_an_edit_keeps_what_older_apps_do_not_know(alice: Member, bob: Member) -> None:
    friends(alice, bob)
    status = _post(App(alice), majlis={"audience": "friends", "may_reply": "friends"})
    edited = App(alice).put(f"/api/v1/statuses/{status['id']}", {"status": "new"}).json()
    assert (edited["majlis"]["audience"], edited["majlis"]["may_reply"]) == ("friends", "friends")


def test_nobody_edits_or_deletes_for_others(alice: Member, charlie: Member) -> None:
    status = _post(App(alice))
    for method in ("PUT", "DELETE"):
        assert (
            App(charlie).send(method, f"/api/v1/statuses/{status['id']}", {"status": "x"}).status_code == 403
        )
    assert App(None).get(f"/api/v1/statuses/{status['id']}").json()["content"] == status["content"]


def test_who_may_quote_is_changed_without_an_edit(alice: Member) -> None:
    status = _post(App(alice))
    path = f"/api/v1/statuses/{status['id']}/interaction_policy"
    changed = App(alice).put(path, {"quote_approval_policy": "nobody"}).json()
    assert changed["quote_approval"]["automatic"] == []
    assert changed["edited_at"] is None
    assert App(alice).put(path, {}).status_code == 422
    assert App(alice).put(path, {"quote_approval_policy": "x"}).status_code == 422


# deleting


def test_deletion_gives_the_text_so_that_it_can_be_written_anew(alice: Member) -> None:
    app = App(alice)
    status = _post(app, "old @alice #one")
    deleted = app.delete(f"/api/v1/statuses/{status['id']}").json()
    assert (deleted["text"], deleted["id"]) == ("old @alice #one", status["id"])
    assert app.get(f"/api/v1/statuses/{status['id']}").status_code == 404
    again = _post(app, deleted["text"])
    assert again["id"] != status["id"]


def test_deletion_can_be_undone_for_some_minutes(alice: Member) -> None:
    app = App(alice)
    status = _post(app)
    app.delete(f"/api/v1/statuses/{status['id']}")
    posts.restore(by=alice.id, post_id=int(status["id"]), at=now())
    assert app.get(f"/api/v1/statuses/{status['id']}").status_code == 200


# quotes


def test_quotes_are_shown_one_deep(alice: Member, bob: Member, charlie: Member) -> None:
    inner = _post(App(alice), "inner")
    middle = _post(App(bob), "middle", quoted_status_id=inner["id"])
    outer = _post(App(charlie), "outer", quote_id=middle["id"])
    assert outer["quote"]["state"] == "accepted"
    shown = outer["quote"]["quoted_status"]
    assert shown["id"] == middle["id"]
    assert shown["quote"] == {"state": "accepted", "quoted_status_id": inner["id"]}
    people.block(by=alice.id, whom=charlie.seen, at=MOMENT)
    outer = App(charlie).get(f"/api/v1/statuses/{outer['id']}").json()
    assert outer["quote"]["quoted_status"]["quote"] == {"state": "unauthorized", "quoted_status_id": None}


def test_a_quoted_post_that_is_not_for_the_reader_is_not_shown(alice: Member, bob: Member) -> None:
    quoted = _post(App(alice), "canary")
    quoting = _post(App(bob), "look", quoted_status_id=quoted["id"])
    people.block(by=alice.id, whom=bob.seen, at=MOMENT)
    blocked = App(bob).get(f"/api/v1/statuses/{quoting['id']}")
    assert blocked.json()["quote"] == {"state": "unauthorized", "quoted_status": None}
    App(alice).delete(f"/api/v1/statuses/{quoted['id']}")
    deleted = App(bob).get(f"/api/v1/statuses/{quoting['id']}")
    assert deleted.content == blocked.content  # nothing tells the one from the other
    assert b"canary" not in blocked.content


@pytest.mark.parametrize(
    ("act", "state"), [(people.mute, "muted_account"), (people.block, "blocked_account")]
)
def test_a_quoted_post_of_somebody_she_does_not_want_to_read_is_held_back(
    alice: Member, bob: Member, charlie: Member, act: Any, state: str
) -> None:
    quoted = _post(App(charlie), "canary")
    quoting = _post(App(bob), "look", quoted_status_id=quoted["id"])
    people.follow(by=alice.id, whom=bob.seen, at=MOMENT)
    act(by=alice.id, whom=charlie.seen, at=MOMENT)
    for path in (f"/api/v1/statuses/{quoting['id']}", "/api/v1/timelines/home", "/api/v1/timelines/public"):
        answer = App(alice).get(path)
        (shown,) = (
            [answer.json()]
            if "statuses" in path
            else [each for each in answer.json() if each["id"] == quoting["id"]]
        )
        assert shown["quote"] == {"state": state, "quoted_status": None}, path
        assert b"canary" not in answer.content, path
    # it is her wish alone: Bob reads what he quoted
    assert App(bob).get(f"/api/v1/statuses/{quoting['id']}").json()["quote"]["state"] == "accepted"


def test_a_quote_is_shown_again_when_the_mute_is_lifted(alice: Member, bob: Member, charlie: Member) -> None:
    quoted = _post(App(charlie), "canary")
    path = f"/api/v1/statuses/{_post(App(bob), 'look', quoted_status_id=quoted['id'])['id']}"
    people.mute(by=alice.id, whom=charlie.seen, at=MOMENT)
    assert App(alice).get(path).json()["quote"]["state"] == "muted_account"
    people.unmute(by=alice.id, profile_id=charlie.id, at=MOMENT)
    assert App(alice).get(path).json()["quote"]["state"] == "accepted"


def test_a_quote_is_taken_back_by_the_quoted(alice: Member, bob: Member, charlie: Member) -> None:
    quoted = _post(App(alice))
    quoting = _post(App(bob), "look", quoted_status_id=quoted["id"])
    path = f"/api/v1/statuses/{quoted['id']}/quotes/{quoting['id']}/revoke"
    assert App(bob).post(path).status_code == 403
    assert App(charlie).post(path).status_code == 403
    assert App(alice).post(f"/api/v1/statuses/{quoted['id']}/quotes/123/revoke").status_code == 404
    assert [found["id"] for found in App(alice).get(f"/api/v1/statuses/{quoted['id']}/quotes").json()] == [
        quoting["id"]
    ]
    revoked = App(alice).post(path).json()
    assert revoked["quote"] == {"state": "revoked", "quoted_status": None}
    assert App(alice).get(f"/api/v1/statuses/{quoted['id']}/quotes").json() == []
    assert App(alice).get(f"/api/v1/statuses/{quoted['id']}").json()["quotes_count"] == 0


# limits


def test_posts_are_limited_per_profile(alice: Member, bob: Member, choice: Any, monkeypatch: Any) -> None:
    from majlis.accounts import limits

    choice(limits=True)
    monkeypatch.setitem(limits.RULES, "post", "2/hour")
    _post(App(alice), "one")
    _post(App(alice), "two")
    refused = App(alice).post("/api/v1/statuses", {"status": "three"})
    assert (refused.status_code, "Retry-After" in refused) == (429, True)
    _post(App(bob))


def test_a_post_that_is_scheduled_in_far_future_is_refused(alice: Member) -> None:
    far = (now() + timedelta(days=400)).isoformat()
    assert App(alice).post("/api/v1/statuses", {"status": "a", "scheduled_at": far}).status_code == 422


def test_imported_posts_carry_their_date(alice: Member) -> None:
    from majlis.posts.actions.publishing import Origin

    old = MOMENT - timedelta(days=3000)
    origin = Origin(network="x", source_id="1")
    made = posts.publish(by=alice.id, params=PostParams(text="old"), at=old, origin=origin)
    status = App(None).get(f"/api/v1/statuses/{made.post_id}").json()
    assert status["created_at"].startswith("2018-")
