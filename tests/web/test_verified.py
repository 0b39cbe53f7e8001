"""The mark beside a name is there exactly when a page of hers elsewhere links back to her profile."""

from __future__ import annotations

from typing import Any

import pytest

from cast import MOMENT, alice, bob, charlie, follows, later, member
from majlis.core.clock import now
from majlis.people import actions

pytestmark = pytest.mark.django_db
MARK = '<span class="verified" title="Verified link">'
LINK = "https://bob.example/"


def marks(page: Any, handle: str) -> list[bool]:
    """For each time the name stands as a heading of a card or row: whether the mark follows it."""
    parts = page.content.decode().split(f'class="name" href="/@{handle}"')[1:]
    return [MARK in part[:250] for part in parts]


def test_the_mark_follows_the_link(browse: Any, publish: Any) -> None:
    her, him, other = alice(), bob(), charlie()
    follows(her, him, other)
    post = publish(him, "a walk", at=now())
    publish(other, "mine", at=now(), quote_of_id=post)
    browser = browse(her)
    for claimed in (None, [("Home", LINK)]):
        if claimed:
            actions.change_profile(by=him.id, at=MOMENT, fields=claimed)
        assert set(marks(browser.get("/home"), "bob")) == {False}, "a link alone proves nothing"
    actions.verify_fields(profile_id=him.id, urls=[LINK], at=later())
    for address in ("/home", f"/@bob/{post}", "/@bob", "/search?q=bob&type=people", "/@alice/following"):
        page = browser.get(address)
        assert MARK in page.content.decode(), address
        assert set(marks(page, "bob")) <= {True}, address
        assert True not in marks(page, "charlie"), address
    assert len(marks(browser.get("/home"), "bob")) == 2, "the card, and the quote in the other"
    actions.change_profile(by=him.id, at=later(days=1), fields=[("Home", "https://elsewhere.example/")])
    assert set(marks(browser.get("/home"), "bob")) == {False}, "another link is not checked yet"


def test_marks_cost_no_query(browse: Any, publish: Any, django_assert_max_num_queries: Any) -> None:
    her = alice()
    browser = browse(her)
    counts = []
    for number in range(8):
        him = member(f"baker{number}")
        follows(her, him)
        actions.change_profile(by=him.id, at=MOMENT, fields=[("Home", LINK)])
        actions.verify_fields(profile_id=him.id, urls=[LINK], at=later())
        publish(him, "bread", at=now())
        with django_assert_max_num_queries(60) as asked:
            page = browser.get("/home")
        assert page.content.decode().count(MARK) >= number + 1
        counts.append(len(asked))
    assert counts[-1] <= counts[1]
