"""A quoted post on a page: not for who muted or blocked its author."""

from __future__ import annotations

from typing import Any

import pytest

from cast import MOMENT, alice, bob, charlie, follows
from majlis.people import actions as people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("act", [people.mute, people.block])
def test_a_quoted_post_of_somebody_she_does_not_want_to_read_is_held_back(
    browse: Any, publish: Any, act: Any
) -> None:
    her, him, other = alice(), bob(), charlie()
    follows(her, him)
    quoting = publish(him, "look here", quote_of_id=publish(other, "canary"))
    pages = ("/home", f"/@bob/{quoting}", "/@bob")
    for path in pages:
        assert "canary" in browse(her).get(path).content.decode(), path
    act(by=her.id, whom=other.seen, at=MOMENT)
    for path in pages:
        html = browse(her).get(path).content.decode()
        assert "look here" in html, path
        assert "canary" not in html, path
        assert "The quoted post is not available to you." in html, path
    assert "canary" in browse(him).get(pages[1]).content.decode()
