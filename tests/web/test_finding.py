"""What search engines, link previews and feed readers get: and from whom nothing."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings

from cast import MOMENT, alice, bob, follows
from majlis.people import actions as people

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def _forget_counts() -> None:
    from django.core.cache import caches

    caches["memory"].clear()


def _structured(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1]) if found else {}


def _findable(who: Any) -> None:
    people.change_profile(by=who.id, at=MOMENT, indexable=True, discoverable=True)


def test_a_profile_tells_what_it_is(browse: Any) -> None:
    her = alice()
    _findable(her)
    people.change_profile(by=her.id, at=MOMENT, bio="Librarian in two languages.")
    html = browse().get("/@alice").content.decode()
    base = settings.MAJLIS.base_url
    assert f'<link rel="canonical" href="{base}/@alice">' in html
    assert 'hreflang="ar"' in html
    assert 'hreflang="en"' in html
    assert 'property="og:type" content="profile"' in html
    assert f'href="{base}/@alice/feed.atom"' in html
    told = _structured(html)
    assert told["@type"] == "ProfilePage"
    assert told["mainEntity"]["name"] == "Alice"
    assert told["mainEntity"]["description"] == "Librarian in two languages."


@pytest.mark.parametrize(("title", "kind"), [("", "SocialMediaPosting"), ("The slow table", "Article")])
def test_a_post_tells_what_it_is(browse: Any, publish: Any, title: str, kind: str) -> None:
    her = alice()
    _findable(her)
    post = publish(her, "Bread that is waited for.", title=title)
    told = _structured(browse().get(f"/@alice/{post}").content.decode())
    assert told["@type"] == kind
    assert told["author"]["name"] == "Alice"
    assert told["articleBody"] == "Bread that is waited for."


@pytest.mark.parametrize("address", ["/@alice", "/@alice/{}"])
def test_who_does_not_want_to_be_found_is_not(browse: Any, publish: Any, address: str) -> None:
    her = alice()
    people.change_profile(by=her.id, at=MOMENT, indexable=False)
    post = publish(her, "quietly")
    html = browse().get(address.format(post)).content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert _structured(html) == {}
    browser = browse()
    assert str(post) not in browser.get("/sitemap-posts-1.xml").content.decode()
    assert "/@alice" not in browser.get("/sitemap-people-1.xml").content.decode()


@pytest.mark.parametrize("audience", ["unlisted", "followers"])
def test_what_is_not_public_is_not_described(browse: Any, publish: Any, audience: str) -> None:
    her, him = alice(), bob()
    _findable(her)
    follows(him, her)
    post = publish(her, "a quiet word", audience=audience)
    html = browse(him).get(f"/@alice/{post}").content.decode()
    assert "noindex" in html
    assert _structured(html) == {}
    if audience == "followers":
        head = html.partition("</head>")[0]
        assert "a quiet word" not in head
        assert "canonical" not in head


def test_a_warning_stands_before_its_text_in_previews_too(browse: Any, publish: Any) -> None:
    her = alice()
    _findable(her)
    post = publish(her, "the end of the film", warning="spoiler")
    head = browse().get(f"/@alice/{post}").content.decode().partition("</head>")[0]
    assert "spoiler" in head
    assert "the end of the film" not in head
    atom = browse().get("/@alice/feed.atom").content.decode()
    assert "the end of the film" not in atom


def test_friendica_aac5d41_atom_parses_and_equals_the_text(browse: Any, publish: Any) -> None:
    """FRIENDICA-aac5d41: ``]]>``, ``</title>``, ``&`` and marks of direction; what XML cannot hold is gone."""
    her = alice()
    text = "]]> </title> & <b> \u202eturned \u2066 صباح \ufffe end #خبز"
    publish(her, text)
    publish(her, "body & soul", title="</title>]]>&amp;")
    people.change_profile(by=her.id, at=MOMENT, display_name="A & B </name>")
    for address in ("/@alice/feed.atom", "/tags/خبز/feed.atom"):
        answer = browse().get(address)
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        root = ET.fromstring(answer.content)  # noqa: S314  # our own
        titles = [entry.findtext("a:title", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]
        begin = next(title for title in titles if title and title.startswith("]]>"))
        assert begin.startswith("]]> </title> & <b> \u202eturned")
        opened = sum(begin.count(mark) for mark in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
        assert opened == sum(begin.count(mark) for mark in "\u202c\u2069")
    root = ET.fromstring(browse().get("/@alice/feed.atom").content)  # noqa: S314
    assert root.findtext("a:title", namespaces=ATOM) == "A & B </name> (@alice)"
    assert "</title>]]>&amp;" in [
        entry.findtext("a:title", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)
    ]


def test_hollo_440_nodebb_rss_nodebb_outbox_atom_has_public_posts_alone_whoever_asks(
    browse: Any, publish: Any
) -> None:
    her = alice()
    publish(her, "for all")
    for audience in ("unlisted", "followers", "mentioned"):
        publish(her, f"for {audience}", audience=audience)
    body = browse(her).get("/@alice/feed.atom").content.decode()
    assert "for all" in body
    assert all(f"for {audience}" not in body for audience in ("unlisted", "followers", "mentioned"))


def test_sitemaps_name_public_pages(browse: Any, publish: Any) -> None:
    her = alice()
    _findable(her)
    post, other = publish(her, "found"), publish(her, "not found", audience="unlisted")
    browser = browse()
    index = browser.get("/sitemap.xml").content.decode()
    assert "/sitemap-posts-1.xml" in index
    assert f"/@alice/{post}" in browser.get("/sitemap-posts-1.xml").content.decode()
    assert str(other) not in browser.get("/sitemap-posts-1.xml").content.decode()
    assert "/@alice" in browser.get("/sitemap-people-1.xml").content.decode()
    assert browser.get("/sitemap-posts-99.xml").status_code == 404
    assert browser.get("/sitemap-all-1.xml").status_code == 404


def test_robots_are_told_what_is_not_for_them(browse: Any) -> None:
    text = browse().get("/robots.txt").content.decode()
    assert "Disallow: /home" in text
    assert "Sitemap: " in text
    assert "Disallow: /@" not in text


def test_a_hidden_network_is_told_to_nobody(browse: Any) -> None:
    her, him = alice(), bob()
    _findable(her)
    follows(him, her)
    people.change_profile(by=her.id, at=MOMENT, hide_network=True)
    html = browse().get("/@alice").content.decode()
    assert "FollowAction" not in html
    assert "follower" not in html.partition("<main")[2].partition('class="tabs"')[0]
    assert "بوب" not in browse().get("/@alice/followers").content.decode()
