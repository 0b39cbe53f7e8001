"""Who of a team wrote a page's post is told to that team, and to nobody else on any surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from api_client import App
from django.db import transaction

import cast as people
from cast import MOMENT, Bakery, Member, follows
from majlis.brands import queries
from majlis.brands.access import team_door
from majlis.brands.deeds import note
from majlis.brands.roles import Permission, Role

pytestmark = pytest.mark.django_db
SECRET = "Elias"


@pytest.fixture
def scene(publish: Callable[..., int]) -> tuple[Bakery, int]:
    """A post in the bakery's name that its editor Elias wrote."""
    bakery = people.bakery()
    post = publish(bakery.page, "Bread is ready. #bread", audience="public")
    team = team_door(page_id=bakery.page.id, by=bakery.editor.id, needs=Permission.PUBLISH)
    with transaction.atomic():
        note(team, "post.published", at=MOMENT, subject=post)
    return bakery, post


@pytest.mark.parametrize("role", list(Role))
def test_everybody_of_the_team_sees_who_wrote_it(browse: Any, scene: tuple[Bakery, int], role: Role) -> None:
    bakery, post = scene
    browser = browse(getattr(bakery, role.value))
    for address in ("/@bayt_zaytoun", f"/@bayt_zaytoun/{post}"):
        html = browser.get(address).content.decode()
        assert "only the team sees this" in html, address
        assert "Elias" in html, address


def test_the_page_itself_sees_it(browse: Any, scene: tuple[Bakery, int]) -> None:
    bakery, post = scene
    assert "only the team sees this" in browse(bakery.page).get(f"/@bayt_zaytoun/{post}").content.decode()


def _archive(of: Member, folder: Any) -> str:
    import zipfile

    from majlis.networks import exporting

    path = folder / "out.zip"
    exporting.give(profile_id=of.id, path=path, at=MOMENT)
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def test_charlie_learns_it_nowhere(browse: Any, scene: tuple[Bakery, int], tmp_path: Any) -> None:
    bakery, post = scene
    charlie, other = people.charlie(), people.alice()
    follows(charlie, bakery.page)
    from majlis.brands.models import TeamMember
    from majlis.people import actions

    shop = actions.create_profile(user_id=other.user_id, handle="shop", kind="business", at=MOMENT)
    TeamMember.objects.create(page_id=shop, member_id=other.id, role="owner", made_at=MOMENT)
    for browser in (browse(charlie), browse(other), browse()):
        for address in (
            "/@bayt_zaytoun", f"/@bayt_zaytoun/{post}", "/local", "/explore", "/tags/bread", "/@bayt_zaytoun/feed.atom",
            "/tags/bread/feed.atom", f"/@bayt_zaytoun/{post}/history", "/home", "/home/since", "/search?q=bread",
        ):  # fmt: skip
            html = browser.get(address).content.decode()
            assert SECRET not in html, address
            assert "only the team" not in html, address
    for app in (App(charlie), App(None)):
        for address in (
            f"/api/v1/statuses/{post}", "/api/v1/timelines/public", "/api/v1/timelines/tag/bread",
            f"/api/v1/accounts/{bakery.page.id}/statuses", f"/api/v1/statuses/{post}/context",
        ):  # fmt: skip
            assert SECRET not in app.get(address).content.decode(), address
    assert SECRET not in App(charlie).get("/api/v1/timelines/home").content.decode()
    assert SECRET not in _archive(charlie, tmp_path)
    assert SECRET not in _archive(bakery.page, tmp_path)
    assert queries.posted_by(post_ids=[post], viewer=charlie.id) == {}


def test_a_card_kept_for_the_team_is_not_shown_to_others(browse: Any, scene: tuple[Bakery, int]) -> None:
    bakery, _post = scene
    assert SECRET in browse(bakery.owner).get("/local").content.decode()
    assert SECRET not in browse(people.charlie()).get("/local").content.decode()
    assert SECRET in browse(bakery.owner).get("/local").content.decode()


def test_whose_role_ended_sees_it_no_more(browse: Any, scene: tuple[Bakery, int]) -> None:
    from majlis.brands import actions

    bakery, post = scene
    browser = browse(bakery.analyst)
    assert SECRET in browser.get(f"/@bayt_zaytoun/{post}").content.decode()
    team = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.TEAM)
    actions.end_role(team, member=bakery.analyst.id, at=MOMENT)
    assert SECRET not in browser.get(f"/@bayt_zaytoun/{post}").content.decode()


def test_a_list_without_pages_asks_nothing_of_it(browse: Any, publish: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    alice = people.alice()
    publish(alice, "hello", audience="public")
    with CaptureQueriesContext(connection) as asked:
        browse(alice).get("/local")
    assert not [query for query in asked if "brands_deed" in query["sql"]]
