"""The bio and the four fields: what becomes a link, and what vouches for it."""

from __future__ import annotations

import re

import pytest

from cast import MOMENT, Member
from majlis.people import actions, queries


def fields_of(member: Member, *pairs: tuple[str, str]) -> tuple[queries.Field, ...]:
    actions.change_profile(by=member.id, fields=pairs, at=MOMENT)
    return member.profile.fields


def test_a_bio_links_people_tags_and_pages(alice: Member, bob: Member) -> None:
    actions.change_profile(by=alice.id, bio="صديقة @bob\n#خبز https://example.org @nobody", at=MOMENT)
    profile = alice.profile
    assert profile.bio == "صديقة @bob\n#خبز https://example.org @nobody"
    assert 'href="http://127.0.0.1:8000/@bob"' in profile.bio_html
    assert "/tags/" in profile.bio_html
    assert 'href="https://example.org"' in profile.bio_html
    assert "/@nobody" not in profile.bio_html


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)"]
)
def test_cve_2021_39169_nothing_typed_becomes_a_program(alice: Member, text: str) -> None:
    actions.change_profile(by=alice.id, bio=text, display_name=text, fields=[(text, text)], at=MOMENT)
    html = alice.profile.bio_html + alice.profile.fields[0].html
    assert not re.search(r"<(script|img)|href=.javascript", html)
    assert alice.profile.fields[0].url == ""


def test_a_lone_link_is_a_link_and_other_values_are_text(alice: Member) -> None:
    lone, words, bare = fields_of(
        alice,
        ("Site", "https://example.org/about-me"),
        ("Words", "see https://example.org"),
        ("Bare", "example.org"),
    )
    assert lone.url == "https://example.org/about-me"
    assert words.url == ""
    assert bare.url == "https://example.org"
    assert not words.html.startswith("<p>")


def test_cve_2023_36462_what_is_shown_of_a_link_is_where_it_leads(alice: Member) -> None:
    long = "https://bank.example.login.secure.account.verify.evil.example/and-a-long-way-behind-it"
    turned, whole = fields_of(alice, ("Turned", "https://example.org/\u202egro.knab\u2066"), ("Long", long))
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", turned.value + turned.html + turned.url)
    shown = re.sub(r"<[^>]+>", "", whole.html)
    assert shown == whole.url == long
    assert "invisible" not in whole.html


def test_empty_fields_fall_away(alice: Member) -> None:
    assert [one.name for one in fields_of(alice, ("", ""), ("Town", "حلب"), (" ", ""))] == ["Town"]
    assert fields_of(alice) == ()
