"""Browsers of the cast, and posts to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from cast import Member

Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def _clear_cards() -> None:
    """Cards kept from another test would hide that one cannot be rendered."""
    from majlis.web.templatetags import pages

    pages._kept.clear()


@pytest.fixture
def browse(db: None) -> Browse:
    """``browse(alice)``: a browser in which she is signed in; ``browse()``: a guest's."""

    def open_browser(
        who: Member | None = None, language: str = "en", *, csrf: bool = False, **headers: Any
    ) -> Client:
        client = Client(enforce_csrf_checks=csrf, headers={"accept-language": language, **headers})
        client.cookies["majlis_language"] = language
        if who is not None:
            client.force_login(who.user)
            session = client.session
            session["profile_id"] = who.id
            session.save()
        return client

    return open_browser


@pytest.fixture
def publish(db: None) -> Callable[..., int]:
    """Publish a post of somebody; its id."""
    from cast import MOMENT
    from majlis.posts import actions
    from majlis.posts.composing import PostParams

    def write(by: Member, text: str = "A walk by the sea.", **params: Any) -> int:
        at = params.pop("at", MOMENT)
        return actions.publish(by=by.id, params=PostParams(text=text, **params), at=at).post_id

    return write
