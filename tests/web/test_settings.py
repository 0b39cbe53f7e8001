"""Settings: the profile, several profiles, preferences, filters, browsers, leaving."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cast import MOMENT, PASSWORD, alice, bakery, bob, charlie, follows
from majlis.feeds import access as filters
from majlis.people import queries as people
from majlis.posts.models import Post

pytestmark = pytest.mark.django_db
PROFILE = {
    "display_name": "Alice Haddad", "bio": "كتب and books", "kind": "person", "locked": "on", "discoverable": "on",
    "field_name": ["Site", "City"], "field_value": ["https://alice.example", "عمّان"],
}  # fmt: skip


def test_the_profile_is_changed_by_a_plain_form(browse: Any) -> None:
    her = alice()
    answer = browse(her).post("/settings/profile", PROFILE)
    assert answer["Location"] == "/@alice"
    kept = her.profile
    assert (kept.display_name, kept.bio, kept.locked, kept.indexable) == (
        "Alice Haddad",
        "كتب and books",
        True,
        False,
    )
    assert [(field.name, field.value) for field in kept.fields] == [
        ("Site", "https://alice.example"),
        ("City", "عمّان"),
    ]


def test_what_cannot_be_taken_is_said_beside_its_field(browse: Any) -> None:
    her = alice()
    page = browse(her).post("/settings/profile", {**PROFILE, "bio": "z" * 600})
    html = page.content.decode()
    assert page.status_code == 422
    assert "z" * 600 in html
    assert 'value="Alice Haddad"' in html
    assert 'value="عمّان"' in html
    assert her.profile.display_name == "Alice"


def test_one_login_acts_as_several_profiles(browse: Any) -> None:
    team = bakery()
    browser = browse(team.owner)
    assert "bayt_zaytoun" in browser.get("/settings/profiles").content.decode()
    browser.post("/settings/profiles/switch", {"profile": team.page.id})
    browser.post("/compose", {"text": "fresh bread", "audience": "public", "do": "post"})
    assert Post.objects.get().author_id == team.page.id


def test_nobody_acts_as_somebody_elses_profile(browse: Any) -> None:
    her, him = alice(), bob()
    browser = browse(her)
    assert browser.post("/settings/profiles/switch", {"profile": him.id}).status_code == 404
    session = browser.session
    session["profile_id"] = him.id  # as if it had been written by another way
    session.save()
    browser.post("/compose", {"text": "whose?", "audience": "public", "do": "post"})
    assert Post.objects.get().author_id == her.id


def test_a_new_profile_of_the_same_login(browse: Any) -> None:
    her = alice()
    browser = browse(her)
    form = {"display_name": "مخبز", "handle": "alices_bread", "kind": "business"}
    assert browser.post("/settings/profiles", form)["Location"] == "/settings/profile"
    assert [own.handle for own in people.profiles_of_login(user_id=her.user_id)] == ["alice", "alices_bread"]
    page = browser.post("/settings/profiles", {**form, "handle": "a b c"})
    assert page.status_code == 422
    assert 'value="a b c"' in page.content.decode()


def test_a_login_without_a_profile_is_led_to_make_one() -> None:
    from cast import login

    browser = Client()
    browser.force_login(login("early"))
    assert browser.get("/home")["Location"] == "/settings/profiles"
    assert browser.get("/settings/profiles").status_code == 200


def test_a_filter_is_made_changed_and_ended(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    follows(her, him)
    publish(him, "the word is quince")
    browser = browse(her)
    form = {
        "title": "No fruit",
        "words": "quince\nسفرجل",
        "contexts": ["home"],
        "action": "warn",
        "lasts": "24",
    }
    browser.post("/settings/filters/new", form)
    made = filters.own_filters(by=her.id)[0]
    assert [word.keyword for word in made.keywords] == ["quince", "سفرجل"]
    assert made.expires_at is not None
    assert "No fruit" in browser.get("/home").content.decode()
    browser.post(
        f"/settings/filters/{made.id}", {**form, "words": "سفرجل\npear", "action": "hide", "lasts": "keep"}
    )
    changed = filters.own_filter(filter_id=made.id, by=her.id)
    assert sorted(word.keyword for word in changed.keywords) == ["pear", "سفرجل"]
    assert (changed.action, changed.expires_at) == ("hide", made.expires_at)
    assert browser.post("/settings/filters/new", {**form, "contexts": []}).status_code == 422
    browser.post(f"/settings/filters/{made.id}/delete")
    assert filters.own_filters(by=her.id) == []


def test_browsers_are_listed_and_signed_out(browse: Any) -> None:
    her = alice()
    here, there = Client(), Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140"})
    for browser in (here, there):
        browser.post("/accounts/login/", {"login": "alice@example.org", "password": PASSWORD})
    assert "Firefox" in here.get("/settings/sessions").content.decode()
    here.post("/settings/sessions/end-others")
    assert here.get("/home").status_code == 200
    assert there.get("/home").status_code == 302
    assert browse(charlie()).post("/settings/sessions/1/end").status_code in (404, 303)
    assert her.user.is_active


def test_servers_are_blocked_and_unblocked(browse: Any) -> None:
    her = alice()
    browser = browse(her)
    browser.post("/settings/privacy/block-domain", {"domain": "loud.example"})
    assert "loud.example" in browser.get("/settings/privacy").content.decode()
    page = browser.post("/settings/privacy/block-domain", {"domain": "not a server"})
    assert page.status_code == 422
    assert "not a server" in page.content.decode()
    browser.post("/settings/privacy/unblock-domain", {"domain": "loud.example"})
    assert "loud.example" not in browser.get("/settings/privacy").content.decode()


def test_leaving_asks_for_the_password_and_has_days_of_grace(browse: Any, publish: Any) -> None:
    her = alice()
    post = publish(her, "soon gone")
    browser = browse(her)
    wrong = browser.post("/settings/account/delete", {"password": "not it"})
    assert wrong.status_code == 422
    assert her.user.deletion_asked_at is None
    browser.post("/settings/account/delete", {"password": PASSWORD})
    assert her.user.deletion_asked_at is not None
    assert browser.get("/home").status_code == 302
    assert browse().get(f"/@alice/{post}").status_code == 404
    assert browse().get("/@alice").status_code == 404


def test_what_she_prefers_stays_hers(browse: Any) -> None:
    her = alice()
    page = browse(her).post("/settings/preferences", {"interface": "xx", "theme": "neon"})
    assert page.status_code == 422
    assert her.viewer.preferences.theme == "auto"
    assert her.profile.made_at == MOMENT
