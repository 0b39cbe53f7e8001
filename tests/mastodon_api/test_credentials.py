"""The viewer's own account: shown to her apps, changed by them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from api_client import App
from PIL import Image

from cast import MOMENT, Member, bakery
from cast import operator as make_operator
from majlis.people import actions, queries

pytestmark = pytest.mark.django_db
PATH = "/api/v1/accounts/update_credentials"


@pytest.fixture(autouse=True)
def _own_media(tmp_path: Path, choice: Any) -> None:
    choice(data_dir=tmp_path)


def picture(colour: str = "red", size: tuple[int, int] = (500, 400)) -> tuple[str, bytes, str]:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return "me.png", out.getvalue(), "image/png"


def test_who_i_am(alice: Member, charlie: Member) -> None:
    actions.change_profile(by=alice.id, at=MOMENT, bio="I bake & <b>read</b>", fields=[("Site", "x < y")])
    own = App(alice).get("/api/v1/accounts/verify_credentials").json()
    assert own["acct"] == "alice"
    assert own["source"]["note"] == "I bake & <b>read</b>"
    assert own["source"]["fields"] == [{"name": "Site", "value": "x < y", "verified_at": None}]
    assert "<b>" not in own["note"]
    assert own["role"] == {
        "id": "1", "name": "", "permissions": "0", "color": "", "highlighted": False, "collection_limit": 0,
    }  # fmt: skip


def test_masto_18525_that_somebody_keeps_the_house_is_told_to_her_alone(alice: Member) -> None:
    keeper = make_operator()
    own = App(keeper).get("/api/v1/accounts/verify_credentials").json()
    assert own["role"]["name"] == "Operator"
    assert App(alice).get(f"/api/v1/accounts/{keeper.id}").json()["roles"] == []


def test_source_and_role_are_in_no_other_answer(alice: Member, charlie: Member) -> None:
    for app in (App(charlie), App(alice)):
        shown = app.get(f"/api/v1/accounts/{alice.id}").json()
        assert not {"source", "role"} & shown.keys()


@pytest.mark.parametrize("scopes", ["profile", "read:accounts", "read"])
def test_these_scopes_are_enough(alice: Member, scopes: str) -> None:
    for path in ("/api/v1/accounts/verify_credentials", "/api/v1/profile"):
        assert App(alice, scopes=scopes).get(path).status_code == 200


@pytest.mark.parametrize("scopes", ["read:statuses", "write", "push", "follow"])
def test_these_are_not(alice: Member, scopes: str) -> None:
    for path in ("/api/v1/accounts/verify_credentials", "/api/v1/profile"):
        answer = App(alice, scopes=scopes).get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "outside_scopes")


CHANGES: dict[str, Any] = {
    "display_name": "أليس",
    "note": "خبز وكتب",
    "locked": "true",
    "bot": "false",
    "discoverable": "false",
    "indexable": "false",
    "hide_collections": "true",
    "fields_attributes": {"0": {"name": "City", "value": "حلب"}, "1": {"name": "", "value": ""}},
    "source": {"privacy": "private", "sensitive": "true", "language": "ar", "quote_policy": "followers"},
}


def test_trap_3_everything_is_changed_in_every_form(alice: Member) -> None:
    app = App(alice)
    before = app.get("/api/v1/accounts/verify_credentials").json()
    undo = {
        "display_name": "Alice",
        "note": "",
        "locked": False,
        "discoverable": True,
        "indexable": True,
        "hide_collections": False,
        "fields_attributes": [],
        "source": {"privacy": "public", "sensitive": False, "language": "", "quote_policy": "public"},
    }
    for way in (app.send, app.form, app.multipart):
        own = way("PATCH", PATH, CHANGES).json()
        assert (own["display_name"], own["source"]["note"], own["locked"]) == ("أليس", "خبز وكتب", True)
        assert (own["discoverable"], own["indexable"], own["hide_collections"]) == (False, False, True)
        assert [(field["name"], field["value"]) for field in own["fields"]] == [("City", "حلب")]
        source = own["source"]
        assert (source["privacy"], source["sensitive"], source["language"], source["quote_policy"]) == (
            "private", True, "ar", "followers",
        )  # fmt: skip
        assert app.send("PUT", PATH, undo).json() == before  # trap 1


def test_what_an_app_read_and_sends_back_widens_nothing(alice: Member) -> None:
    actions.change_preferences(
        by=alice.id, changes={"audience": "friends", "may_quote": "mentioned"}, at=MOMENT
    )
    app = App(alice)
    source = app.get("/api/v1/accounts/verify_credentials").json()["source"]
    assert (source["privacy"], source["quote_policy"]) == ("private", "nobody")
    app.send("PATCH", PATH, {"source": {name: source[name] for name in ("privacy", "quote_policy")}})
    kept = alice.viewer.preferences
    assert (kept.audience, kept.may_quote) == ("friends", "mentioned")
    app.send("PATCH", PATH, {"source": {"privacy": "unlisted"}})
    assert alice.viewer.preferences.audience == "unlisted"


def test_a_business_that_is_no_bot_stays_a_business() -> None:
    page = bakery().page
    App(page).send("PATCH", PATH, {"bot": False})
    assert page.profile.kind == "business"
    assert App(page).send("PATCH", PATH, {"bot": True}).json()["bot"] is True
    assert App(page).send("PATCH", PATH, {"bot": False}).json()["bot"] is False


@pytest.mark.parametrize(
    "body",
    [
        {"note": "x" * 501},
        {"fields_attributes": [{"name": str(number), "value": "x"} for number in range(5)]},
        {"fields_attributes": [{"name": "x" * 256, "value": "x"}]},
        {"locked": "perhaps"},
        {"source": {"privacy": "everybody"}},
        {"source": "public"},
        {"avatar": "not a file"},
        {"avatar_description": "x" * 1_501},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_changed(alice: Member, body: dict[str, Any]) -> None:
    app = App(alice)
    before = alice.profile
    answer = app.send("PATCH", PATH, {"display_name": "Changed"} | body)
    assert answer.status_code == 422, answer.content
    assert alice.profile == before


# pictures


def test_pictures_are_taken_described_replaced_and_removed(alice: Member, tmp_path: Path) -> None:
    app = App(alice)
    none = app.get("/api/v1/profile").json()
    assert (none["avatar"], none["header"]) == (None, None)
    body = {"avatar_description": "أنا في المطبخ"}
    own = app.multipart("PATCH", PATH, body, avatar=picture(), header=picture("blue", (900, 300))).json()
    assert own["avatar"].endswith("/large.webp")
    assert (own["avatar_description"], own["header_description"]) == ("أنا في المطبخ", "")
    first = alice.profile
    assert first.avatar_key
    assert first.header_key
    # a description alone leaves the picture, another picture takes the description away
    own = app.send("PATCH", PATH, {"avatar_description": "Me"}).json()
    assert (own["avatar_description"], alice.profile.avatar_key) == ("Me", first.avatar_key)
    own = app.multipart("PATCH", PATH, {}, avatar=picture("green")).json()
    assert own["avatar_description"] == ""
    assert alice.profile.avatar_key != first.avatar_key
    removed = app.delete("/api/v1/profile/avatar").json()
    assert removed["id"] == str(alice.id)
    app.delete("/api/v1/profile/header")
    profile = app.get("/api/v1/profile").json()
    assert (profile["avatar"], profile["header"]) == (None, None)


def test_pictures_no_longer_used_are_thrown_away(alice: Member, told: list[Any]) -> None:
    from majlis.media.events import PhotosDiscarded

    app = App(alice)
    app.multipart("PATCH", PATH, {}, avatar=picture())
    old = alice.profile.avatar_key
    refused = app.multipart("PATCH", PATH, {"note": "x" * 501}, avatar=picture("blue"))
    assert refused.status_code == 422
    thrown = [key for event in told if isinstance(event, PhotosDiscarded) for key in event.keys]
    assert len(thrown) == 1
    assert old not in thrown
    app.delete("/api/v1/profile/avatar")
    assert PhotosDiscarded(keys=(old,)) in told


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a"])
def test_what_is_no_picture_is_refused(alice: Member, data: bytes) -> None:
    answer = App(alice).multipart("PATCH", PATH, {"note": "new"}, avatar=("me.png", data, "image/png"))
    assert answer.status_code == 422
    assert alice.profile.bio == ""
    assert alice.profile.avatar_key == ""


def test_editing_the_profile_answers_as_typed(alice: Member) -> None:
    body = {"display_name": "", "note": "a & b", "fields_attributes": [{"name": "n", "value": "<v>"}]}
    for method in ("PATCH", "PUT"):
        own = App(alice).send(method, "/api/v1/profile", body).json()
        assert (own["display_name"], own["note"]) == ("", "a & b")
        assert own["fields"] == [{"name": "n", "value": "<v>", "verified_at": None}]


def test_charlie_changes_his_own_account_only(alice: Member, charlie: Member) -> None:
    before = alice.profile
    App(charlie).send("PATCH", PATH, {"id": str(alice.id), "note": "mine", "locked": True})
    assert alice.profile == before
    assert queries.profiles([charlie.id])[charlie.id].bio == "mine"
