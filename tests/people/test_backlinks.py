"""The check mark of a link: only for a page that says itself whose it is."""

from __future__ import annotations

from typing import Any

import pytest

from cast import MOMENT, Member, later
from majlis.core.http import FetchFailed
from majlis.core.jobs import Run
from majlis.core.sql import rows
from majlis.people import actions, events
from majlis.people.backlinks import links_back, may_vouch, same_place
from majlis.people.jobs import ask_pages
from websites import Site

OURS = "http://127.0.0.1:8000/@alice"


@pytest.mark.parametrize(
    "page",
    [
        f'<a rel="me" href="{OURS}">me</a>',
        f"<!doctype html><head><link href='{OURS}' rel='nofollow ME'/></head>",
        f'<p><A HREF=" {OURS} " REL="noopener me">',
        f'<template><b></b></template><title>x</title><a rel=me href="{OURS}">',
    ],
)
def test_a_page_that_links_back_vouches(page: str) -> None:
    assert links_back(page, OURS)


@pytest.mark.parametrize(
    "page",
    [
        "",
        OURS,
        f'<a href="{OURS}">me</a>',
        f'<a rel="nome" href="{OURS}">',
        f'<a rel="me" href="{OURS}b">',
        f'<a rel="me" href="{OURS}/1">',
        f'<a rel="me" href="{OURS}.evil.example/">',
        f'<a rel="me" href="{OURS.replace("alice", "ALICE")}">',
        f'<a rel="me" href="https://evil.example/?{OURS}">',
        f'<!-- <a rel="me" href="{OURS}"> -->',
        f'<template><a rel="me" href="{OURS}"></template>',
        f'<textarea><a rel="me" href="{OURS}"></textarea>',
        f'<textarea></template><a rel="me" href="{OURS}"></textarea>',
        f'<noscript><a rel="me" href="{OURS}"></noscript>',
        f"<script>\"<a rel='me' href='{OURS}'>\"</script>",
        f'<title><a rel="me" href="{OURS}"></title>',
        f'&lt;a rel="me" href="{OURS}"&gt;',
        f'<a rel="x" rel="me" href="{OURS}">',
        f'<div rel="me" href="{OURS}">',
    ],
)
def test_masto_20217_a_page_that_only_seems_to_does_not(page: str) -> None:
    assert not links_back(page, OURS)


def test_masto_20217_only_the_site_that_is_shown_vouches() -> None:
    assert may_vouch("https://a.example/")
    assert not may_vouch("http://a.example/")
    assert same_place("https://a.example/", "https://A.example/about")
    for elsewhere in ("https://evil.example/", "https://a.example.evil.example/", "http://a.example/"):
        assert not same_place("https://a.example/", elsewhere)


def ask(member: Member, site: Site, *, last: bool = False) -> None:
    run = Run(id=1, attempt=1, last=last, enqueued_at=MOMENT, at=later(hours=1))
    client = site.client()
    try:
        ask_pages(profile_id=member.id, client=client, run=run)
    finally:
        client.close()


def link(member: Member, *urls: str) -> None:
    actions.change_profile(by=member.id, fields=[("Site", url) for url in urls], at=MOMENT)


def marks(member: Member) -> list[bool]:
    return [one.verified_at is not None for one in member.profile.fields]


def test_only_pages_that_vouch_get_their_mark(alice: Member, site: Site, told: list[Any]) -> None:
    back = f'<a rel="me" href="{OURS}">'
    site.pages = {
        "/mine": (200, {}, back),
        "/not-mine": (200, {}, "<p>hello</p>"),
        "/plain": (200, {"Content-Type": "text/plain"}, back),
        "/gone": (404, {}, back),
    }
    link(alice, *[site.url(path) for path in site.pages])
    told.clear()
    ask(alice, site)
    assert marks(alice) == [True, False, False, False]
    assert alice.profile.fields[0].verified_at == later(hours=1)
    assert told == [events.ProfileChanged(alice.id, later(hours=1))]


def test_a_mark_stays_with_its_link_and_goes_with_it(alice: Member, site: Site) -> None:
    site.pages = {"/mine": (200, {}, f'<a rel="me" href="{OURS}">')}
    link(alice, site.url("/mine"))
    ask(alice, site)
    link(alice, site.url("/other"), site.url("/mine"))
    assert marks(alice) == [False, True]
    link(alice, site.url("/other"))
    link(alice, site.url("/mine"))
    assert marks(alice) == [False]


def test_masto_20217_a_page_that_sends_on_to_another_site_does_not_vouch(alice: Member, site: Site) -> None:
    site.pages = {
        "/near": (302, {"Location": "/mine"}, ""),
        "/far": (302, {"Location": f"https://localhost:{site.port}/mine"}, ""),
        "/mine": (200, {}, f'<a rel="me" href="{OURS}">'),
    }
    link(alice, site.url("/near"), site.url("/far"))
    ask(alice, site)
    assert marks(alice) == [True, False]


def test_a_site_that_is_down_is_asked_again_but_not_for_ever(alice: Member, site: Site) -> None:
    site.pages = {"/mine": (503, {}, "")}
    link(alice, site.url("/mine"))
    with pytest.raises(FetchFailed):
        ask(alice, site)
    ask(alice, site, last=True)
    assert marks(alice) == [False]


def test_a_new_link_enqueues_one_job_and_no_link_none(alice: Member) -> None:
    def waiting() -> list[Any]:
        return rows("SELECT name, arguments FROM jobs_job WHERE name = 'people.verify_fields'")

    actions.change_profile(by=alice.id, fields=[("Town", "Aleppo")], at=MOMENT)
    assert waiting() == []
    link(alice, "https://example.org/")
    link(alice, "https://example.org/", "https://example.org/2")
    assert len(waiting()) == 1
