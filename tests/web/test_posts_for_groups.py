"""A post for a group of customers: whoever is not in the group finds it nowhere, whoever is reads why it is hers."""

from __future__ import annotations

from typing import Any

import pytest
from described_api import DescribedApp as App

import cast as people
from cast import MOMENT, Bakery, Member, follows
from clientele import join, made
from majlis.brands.access import OnTeam
from majlis.core.clock import now
from majlis.studio import actions
from majlis.studio.customers import addressing, segments
from majlis.studio.customers.rules import Rule
from plans import content, team_of
from promoting import neighbours

pytestmark = pytest.mark.django_db
WORDS = "Warm croissants behind the counter"


@pytest.fixture
def bakery() -> Bakery:
    return people.bakery()


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def group(team: OnTeam) -> tuple[int, int]:
    """A group that posts may be addressed to, and its circle."""
    made_ = segments.make(team, name="Regulars", rule=Rule(tags=("regular",)), at=MOMENT)
    addressing.address(team, segment_id=made_, at=MOMENT)
    (circle,) = addressing.reaches(team.page_id)
    return made_, circle


def posted(team: OnTeam, circle: int) -> int:
    words = content(f"{WORDS} #forgroup", audience="circle", circle_id=circle)
    entry = actions.make(team=team, draft=actions.Draft(content=words), at=now())
    return actions.publish_now(team=team, entry_id=entry, at=now())


PAGES = (
    "/home", "/@{page}", "/@{page}/with_replies", "/local", "/explore", "/tags/forgroup", "/search?q=croissants",
    "/@{page}/feed.atom", "/tags/forgroup/feed.atom", "/sitemap-posts-1.xml",
)  # fmt: skip
ANSWERS = (
    "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/forgroup",
    "/api/v1/accounts/{id}/statuses", "/api/v2/search?q=croissants&type=statuses",
)  # fmt: skip


def found_by(browse: Any, who: Member, page: Member) -> list[str]:
    """The addresses at which somebody reads the words of the post."""
    browser, app = browse(who), App(who, scopes="read")
    pages = [each.format(page=page.handle) for each in PAGES]
    answers = [each.format(id=page.id) for each in ANSWERS]
    search = "/search?q=croissants"  # it repeats what was asked for, and no more
    seen = [
        each
        for each in pages
        if (WORDS if each == search else "croissants") in browser.get(each).content.decode()
    ]
    return seen + [each for each in answers if "croissants" in str(app.get(each).json())]


def test_charlie_finds_it_nowhere_and_dana_where_she_reads(
    bakery: Bakery, owner: OnTeam, browse: Any
) -> None:
    dana, charlie = people.dana(), people.charlie()
    follows(dana, bakery.page)
    follows(charlie, bakery.page)
    join(owner, [*neighbours(10), dana.id])
    made(
        owner, "Charlie", emails=["charlie@shop.example"], tags=["regular"]
    )  # a customer who was never asked
    _segment, circle = group(owner)
    post = posted(owner, circle)
    assert found_by(browse, charlie, bakery.page) == []
    assert {"/home", f"/@{bakery.page.handle}", "/api/v1/timelines/home"} <= {
        *found_by(browse, dana, bakery.page)
    }
    for address in (f"/posts/{post}", f"/@{bakery.page.handle}/{post}", f"/home/why/{post}"):
        assert browse(charlie).get(address, follow=True).status_code == 404, address
    assert App(charlie, scopes="read").get(f"/api/v1/statuses/{post}").status_code == 404


def test_it_says_why_it_is_hers(bakery: Bakery, owner: OnTeam, browse: Any) -> None:
    dana = people.dana()
    follows(dana, bakery.page)
    join(owner, [*neighbours(10), dana.id])
    _segment, circle = group(owner)
    said = "addressed this to a group of its customers"
    assert said in browse(dana).get(f"/home/why/{posted(owner, circle)}").content.decode()
    public = actions.make(team=owner, draft=actions.Draft(content=content("For everybody")), at=now())
    other = actions.publish_now(team=owner, entry_id=public, at=now())
    assert said not in browse(dana).get(f"/home/why/{other}").content.decode()


def test_the_form_and_the_groups_say_how_many_in_whole_tens(
    bakery: Bakery, owner: OnTeam, browse: Any
) -> None:
    crowd = neighbours(13)
    join(owner, crowd[:9])
    segment, circle = group(owner)
    browser = browse(bakery.owner)
    form, groups = f"/studio/{owner.handle}/entries/new", f"/studio/{owner.handle}/customers/groups"
    assert "Fewer than ten of this group joined" in browser.get(form).content.decode()
    assert "Fewer than ten of it joined" in browser.get(groups).content.decode()
    join(owner, crowd[9:])
    html = browser.get(form).content.decode()
    assert "Those in the group when it leaves" in html
    assert "10 members or a few more" in html
    assert "13 people" not in html
    assert "10 members who joined, or a few more" in browser.get(groups).content.decode()
    address = f"/studio/{owner.handle}/customers/groups/{segment}/posts"
    browser.post(address, {"no_more": "yes"})
    assert f"circle:{circle}" not in browser.get(form).content.decode()
    page = browser.post(address, follow=True).content.decode()
    assert "Choose the group as the audience of a post." in page
